"""What the record tells of a draft that is handed in, and of a decision: the draft as it was checked and shown, what
was found, who decided what.

Names that reports hide are hidden here too. The bytes of release forms are not kept, nor those of a captions file that
holds such a name: of these there is the SHA-256. The names of author, reviewer and publisher stand as they are.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from postcheck.analysis.measured import content_digest
from postcheck.catalog import load_catalog
from postcheck.detectors.veil import Veil
from postcheck.draft.files import digest
from postcheck.errors import NotReady, Stale, UsageError, did_you_mean
from postcheck.model import Asset, Draft, DraftReport, Outcome, Platform, Report, Video
from postcheck.reporters import json as as_json
from postcheck.review.entries import Kind, NewEntry
from postcheck.source import Text


class Decision(StrEnum):
    APPROVE = "approve"
    REJECT = "reject"
    ASK_FOR_CHANGES = "ask-for-changes"


@dataclass(frozen=True, slots=True)
class Reviewer:
    identity: str
    """As whoever signed the reviewer in knows them: an address, a user name."""
    issuer: str
    """Who signed them in."""
    role: str


@dataclass(frozen=True, slots=True)
class Checked:
    """A draft and what the checks say of it."""

    draft: Draft
    report: Report
    """Of this draft alone."""
    veil: Veil
    """As `engine.look_at` gives it with the report."""

    @property
    def told(self) -> DraftReport:
        (told,) = self.report.drafts
        return told


@dataclass(frozen=True, slots=True)
class Question:
    """What a person must answer. Several findings of a check that ask the same are one question."""

    about: str
    """The clause, or the check that asks."""
    question: str
    is_waived: bool = False
    """Somebody has let it stand, by name and with the reason: it needs no answer."""


@dataclass(frozen=True, slots=True)
class Answer:
    """To one question of the report."""

    about: str
    """The clause, or the check that asks."""
    answer: str
    question: str = ""
    """Its words, where the same clause or check asks several; "" for all of them."""
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Retention:
    """How long the entry is to be kept, by a class of the settings. `years` is None where no class is named."""

    name: str = ""
    years: int | None = None
    legal_hold: bool = False


def retention(name: str, classes: Mapping[str, int], *, legal_hold: bool = False) -> Retention:
    """By the classes of [records] in the settings.

    Raises:
        UsageError: there is no such class.
    """
    if name and name not in classes:
        known = did_you_mean(name, list(classes)) or "Name the classes and their years under [records] in the settings."
        raise UsageError(f"There is no retention class `{name}`. {known}")
    return Retention(name, classes.get(name), legal_hold)


def entry_for(
    draft: Draft,
    report: Report,
    veil: Veil,
    *,
    decision: Decision,
    reviewer: Reviewer,
    revision: int,
    comment: str = "",
    answers: Sequence[Answer] = (),
    kept_for: Retention | None = None,
    draft_id: str = "",
    approvals_needed: int | None = None,
    key: str = "",
) -> NewEntry:
    """The entry of a decision, from a draft that was checked.

    Args:
        draft: As it was checked; its files must still be there.
        report: Of this draft alone.
        veil: As `engine.look_at` gives it with the report.
        revision: Of the draft, from 1.
        kept_for: The retention class and the legal hold; by default none.
        draft_id: What the city calls the draft; by default its path, as the report has it.
        approvals_needed: By how many people the draft must be approved; None leaves it to whoever reads the record.
        key: Of the request: repeated, it gives the same entry.

    Raises:
        Stale: the draft changed since it was checked.
        NotReady: what is approved is held back.
        UsageError: the reviewer is not fully named; the draft is an account; an answer is to no question.
    """
    checked = Checked(draft, report, veil)
    _refuse_unfit(checked, reviewer)
    if decision is Decision.APPROVE and report.holds_back(checked.told):
        path = checked.told.path
        raise NotReady(f"{path} cannot be approved: a finding holds it back. Have it mended or waived first.")
    assets, kept = _assets(draft, veil, _unchanged(draft, checked.told.path))
    told = json.loads(as_json.render(report))
    body = {
        "draft": _named(checked, draft_id, revision),
        "decision": decision.value,
        "comment": veil.over(comment),
        "reviewer": {"identity": reviewer.identity, "issuer": reviewer.issuer, "role": reviewer.role},
        **content(checked),
        "assets": assets,
        "tool": told["tool"],
        "policy": _policy(told["policy"]),
        "report": {**told["drafts"][0], "disabled": told["disabled"], "fail_on": report.fail_on.value},
        "questions": _answered(report, answers, veil),
        "retention": _retention(kept_for or Retention()),
    }
    if approvals_needed is not None:
        body["approvals_needed"] = approvals_needed
    return NewEntry(Kind.DECISION, body, kept, key)


def submission_for(
    checked: Checked, *, by: Reviewer, revision: int, comment: str = "", draft_id: str = "", key: str = ""
) -> NewEntry:
    """The entry of a draft that is handed in. It tells of each file its SHA-256; the bytes are kept with the decision.

    Args as for `entry_for`.

    Raises:
        Stale: the draft changed since it was checked.
        UsageError: who hands it in is not fully named; the draft is an account.
    """
    _refuse_unfit(checked, by)
    assets, _ = _assets(checked.draft, checked.veil, _unchanged(checked.draft, checked.told.path))
    body = {
        "draft": _named(checked, draft_id, revision),
        **said_by(by),
        "comment": checked.veil.over(comment),
        **content(checked),
        "assets": [{**asset, "kept": False, "left_out": asset.get("left_out", _LATER)} for asset in assets],
    }
    return NewEntry(Kind.SUBMITTED, body, key=key)


_LATER = "it is kept with the decision"


def said_by(person: Reviewer) -> dict[str, str]:
    """As every entry but a decision tells who it is of."""
    return {"by": person.identity, "issuer": person.issuer, "role": person.role}


def content(checked: Checked) -> dict[str, Any]:
    """What is to be published, with names hidden; all but the files."""
    draft, veil = checked.draft, checked.veil
    return {
        "author": _value(draft.author),
        "publisher": _value(draft.publisher),
        "account": _value(draft.account),
        "category": _value(draft.category),
        "texts": list(_texts(draft, veil)),
        "media": list(_media(draft, veil)),
        "people": list(_people(draft, veil)),
        "schedule": _schedule(draft),
        "waivers": [
            {"check": waiver.check.value, "reason": veil.over(waiver.reason), "by": veil.over(waiver.by)}
            for waiver in draft.waivers
        ],
    }


def files_of(checked: Checked) -> list[dict[str, Any]]:
    """Each file of the draft as an entry tells of it.

    Raises:
        Stale: one cannot be read, or is not what was checked.
    """
    return _assets(checked.draft, checked.veil, _unchanged(checked.draft, checked.told.path))[0]


def _named(checked: Checked, draft_id: str, revision: int) -> dict[str, Any]:
    name = checked.veil.over_path(checked.veil.over(draft_id)) or checked.told.path
    return {"id": name, "revision": revision, "digest": checked.draft.digest}


def _refuse_unfit(checked: Checked, person: Reviewer) -> None:
    path = checked.told.path
    if checked.draft.profile is not None:
        raise UsageError(f"{path} is the profile of an account: decisions are recorded of posts.")
    for name in ("identity", "issuer", "role"):
        if not getattr(person, name).strip():
            raise UsageError(f"{path}: the reviewer's {name} is not told, so nothing is recorded.")
    if checked.told.digest != checked.draft.digest:
        raise UsageError(f"{path}: the report is of other content than this draft, so nothing is recorded.")


def _unchanged(draft: Draft, shown: str) -> dict[str, str]:
    """The SHA-256 of every asset, by its name.

    Raises:
        Stale: one cannot be read, or it or the draft's own text is not what was checked.
    """
    try:
        now = digest(draft.source, _own_text(draft), draft.assets())
        files = {asset.name: content_digest(asset.path) for asset in draft.assets()}
    except OSError as error:
        raise Stale(f"{shown}: an asset cannot be read any more: {error.strerror}.") from None
    if now != draft.digest:
        raise Stale(f"{shown} has changed since it was checked, so nothing is recorded: check it again.")
    return files


def _own_text(draft: Draft) -> str:
    """As it lies on the disk now; of a row of a calendar, which has a line of a file for its own, as it was read."""
    path = draft.source.path
    if path is None or draft.own != draft.source.text:
        return draft.own
    return path.read_bytes().decode("utf-8", "replace")


def _assets(draft: Draft, veil: Veil, files: Mapping[str, str]) -> tuple[list[dict[str, Any]], dict[str, Path]]:
    """What is told of each, and where the bytes lie of those that are kept."""
    people = [person for item in draft.media() for person in item.people or ()]
    forms = {release.asset.name for person in people for release in person.releases if release.asset}
    captions = {asset.name for item in draft.videos for asset in item.captions}
    told: list[dict[str, Any]] = []
    kept: dict[str, Path] = {}
    for asset in draft.assets():
        left_out = ""
        if asset.name in forms:
            left_out = "a release form names people: it is kept where the city keeps its forms"
        elif asset.name in captions and _is_veiled(asset, veil):
            left_out = "it holds a name that is hidden"
        sha256 = files[asset.name]
        told.append(
            {
                "name": veil.over_path(asset.name),
                "sha256": sha256,
                "bytes": asset.path.stat().st_size,
                "kept": not left_out,
                **({"left_out": left_out} if left_out else {}),
            }
        )
        if not left_out:
            kept[sha256] = asset.path
    return told, kept


def _is_veiled(asset: Asset, veil: Veil) -> bool:
    """Does its text hold a hidden name? What is no UTF-8 is read as what it may be."""
    if not veil:
        return False
    content = asset.path.read_bytes()
    texts = [content.decode(encoding, "replace") for encoding in ("utf-8", "utf-16", "cp1252")]
    return any(veil.over(text) != text for text in texts)


def _value(text: Text | None) -> str | None:
    return text.value if text else None


def _texts(draft: Draft, veil: Veil) -> Iterator[dict[str, Any]]:
    """What each platform gets, in the draft's order; the caption as such where it names none."""
    platforms = load_catalog().platforms
    own: dict[str, Text] = {}
    for name, text in draft.variants.items():
        own.setdefault(_platform_id(name, platforms), text)  # the first counts, as for the checks
    names = [platform.value for platform in draft.platforms]
    listed = {_platform_id(name, platforms) for name in names}
    names += [name for name in draft.variants if _platform_id(name, platforms) not in listed]
    for name in names or [""]:
        exact = own.get(_platform_id(name, platforms), draft.caption).value
        shown = veil.over(exact)
        yield {"platform": name, "text": shown, "veiled": shown != exact}


def _platform_id(name: str, platforms: Mapping[str, Platform]) -> str:
    known = platforms.get(name.strip().lower())
    return known.id if known else name.strip().lower()


def _media(draft: Draft, veil: Veil) -> Iterator[dict[str, Any]]:
    for item in draft.media():
        told: dict[str, Any] = {"file": veil.over_path(item.asset.name)}
        if isinstance(item, Video):
            told["captions"] = [veil.over_path(asset.name) for asset in item.captions]
            told["audio_description"] = veil.over(_value(item.audio_description))
        else:
            told["alt"] = veil.over(_value(item.alt))
            told["decorative"] = item.decorative
        for name, text in (("source", item.source), ("credit", item.credit), ("license", item.license)):
            told[name] = veil.over(_value(text))
        told["permission"] = veil.over_path(item.permission.name) if item.permission else None
        yield told


def _people(draft: Draft, veil: Veil) -> Iterator[dict[str, Any]]:
    for item in draft.media():
        for person in item.people or ():
            yield {
                "file": veil.over_path(item.asset.name),
                "who": veil.over(_value(person.who)),
                "minor": person.minor,
                "releases": [veil.over_path(veil.over(release.id)) for release in person.releases],
                "release_by": veil.over(_value(person.release_by)),
            }


def _schedule(draft: Draft) -> dict[str, Any] | None:
    """With the zone by name where there is one, and as an offset in the time itself; null where it has none."""
    if draft.publish_at is None:
        return None
    when = draft.publish_at.when
    zone = when.tzinfo.key if isinstance(when.tzinfo, ZoneInfo) else when.tzname()
    return {"at": when.isoformat(), "zone": zone}


def _policy(told: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Its questions stand among the questions of the entry."""
    return {key: value for key, value in told.items() if key != "questions"} if told else None


def questions(report: Report) -> list[Question]:
    """Every question of the report and the policy, each once. All must be answered for an approval, but those that are
    waived."""
    (checked,) = report.drafts
    asked = [Question(about, question) for about, question in report.policy.questions] if report.policy else []
    for result in checked.results:
        asked += [
            Question(result.check, one.message, result.waived)
            for one in result.findings
            if one.outcome is Outcome.CANT_TELL
        ]
    return list(dict.fromkeys(asked))


def _answered(report: Report, answers: Sequence[Answer], veil: Veil) -> list[dict[str, Any]]:
    """Every question that was asked, with its answer, or null where none was given.

    Raises:
        UsageError: an answer is to no question.
    """
    asked = questions(report)
    for answer in answers:
        if not any(is_to(answer, question) for question in asked):
            path = report.drafts[0].path
            raise UsageError(f"{path}: an answer is about `{answer.about}`, which asked no such question.")
    told = []
    for question in asked:
        given = next((answer for answer in answers if is_to(answer, question)), None)
        told.append(
            {
                "about": question.about,
                "question": question.question,
                "answer": veil.over(given.answer) if given else None,
                "comment": veil.over(given.comment) if given else "",
            }
        )
    return told


def is_to(answer: Answer, question: Question) -> bool:
    """Does it answer this question?"""
    return answer.about == question.about and answer.question in ("", question.question)


def _retention(kept_for: Retention) -> dict[str, Any]:
    return {"class": kept_for.name or None, "years": kept_for.years, "legal_hold": kept_for.legal_hold}
