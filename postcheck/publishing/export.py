"""What whoever publishes is given: drafts that nothing holds back, platform by platform, in a new folder.

hand-off.html, hand-off.txt      what is to be done
hootsuite/parks-x.csv            for the Bulk Composer, one for each profile
posts/001-leaf-day/x/            text.txt, and the pictures, videos and captions files as X takes them
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from postcheck.api import settle
from postcheck.config import Config
from postcheck.detectors.veil import Veil
from postcheck.display import visible_line
from postcheck.draft import find_drafts, read_drafts
from postcheck.engine import Plan, look_at, make_report
from postcheck.errors import UsageError
from postcheck.messages import say, say_count
from postcheck.model import Draft, Report, UnreadableDraft
from postcheck.names import Names, slug
from postcheck.publishing import hootsuite
from postcheck.publishing.approved import find_records, why_not
from postcheck.publishing.handoff import Sheet, Table, as_page, as_text
from postcheck.publishing.posting import Post, Shared
from postcheck.review.approving import id_of
from postcheck.review.records import Records
from postcheck.review.standing import Standing, Standings


def may_be_published(draft: Draft | UnreadableDraft, report: Report, standing: Standing | None = None) -> str:
    """Why the draft must not be handed over; "" where nothing that is known forbids it.

    `report` is of this draft alone. `standing` is what the record says of it: with one, only what is approved, as it
    is, may be handed over. None where there is no record: then nobody's approval is known, and all that is handed over
    says so.
    """
    if isinstance(draft, UnreadableDraft) or report.drafts[0].problems:
        return say("It cannot be read: postcheck check tells why.")
    if standing is not None and (reason := why_not(standing, draft.digest)):
        return reason
    if report.holds_back(report.drafts[0]):
        return say("The check holds it back: postcheck check tells why.")
    if not draft.platforms:
        return say("It names no platform.")
    return ""


@dataclass(slots=True)
class Exported:
    """What came of it."""

    handed: list[str] = field(default_factory=list)
    """Drafts, as a report may name them."""
    held: list[tuple[str, str]] = field(default_factory=list)
    """The others, and why."""
    has_unreadable: bool = False
    left: list[str] = field(default_factory=list)
    """What could not be done, for a person."""
    approvals: list[tuple[str, str]] = field(default_factory=list)
    """Drafts that are handed over, and by whom and when they were approved."""
    has_record: bool = False
    """Else nobody's approval is known."""


def export(
    paths: Sequence[Path],
    to: Path,
    *,
    config: Config,
    policy: str | None = None,
    now: datetime | None = None,
    cache: bool = True,
    records: Records | None = None,
    standings: Standings | None = None,
    approved_only: bool = False,
    note: Callable[[str], object] | None = None,
    progress: Callable[[object], object] | None = None,
) -> Exported:
    """Check every draft that `paths` stand for, as `api.check` does, and write those that nothing holds back into `to`,
    a folder that is new or empty. Where there is none, nothing is written.

    Args:
        records: By which drafts are approved; by default the one that `find_records` finds. There is no way past it.
        standings: What it says, where somebody has read it already; `records` is then not needed.
        approved_only: Refuse where there is no record.

    Raises:
        PostcheckError: as for `api.check`; `to` holds something or cannot be written; a file was changed meanwhile; the
            record cannot be read, or is damaged; there is none, and `approved_only`.
    """
    if standings is None:
        records = records or find_records(paths, config)
        standings = Standings(records, config.review.reviewers) if records else None
    if standings is None and approved_only:
        raise UsageError("There is no record of approvals, so nothing is handed over. Name it: --records.")
    _refuse_full(to)
    config, plan = settle(config, policy=policy, now=now, cache=cache)
    found, passed_over = find_drafts(paths, config)
    if any(to.resolve().is_relative_to(item.path.resolve()) for item in found if item.kind == "folder"):
        raise UsageError(f"{to}: lies in a draft. Name a folder outside of it.")
    for line in passed_over:
        if note:
            note(line)
    try:
        to.absolute().parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".postcheck-", dir=to.absolute().parent) as name:
            stage = Path(name) / "export"
            stage.mkdir()
            run = _Run(stage, config, plan, standings)
            for draft in read_drafts(found, config):
                run.add(draft)
                if progress:
                    progress(draft)
            if run.handed:
                run.finish()
                _put(stage, to)
    except OSError as error:
        raise UsageError(f"{to}: cannot be written: {error.strerror}.") from None
    return run.exported


def _refuse_full(to: Path) -> None:
    if os.path.lexists(to) and (to.is_symlink() or not to.is_dir() or any(to.iterdir())):
        raise UsageError(f"{to}: is there and is no empty folder. Name a new one: nothing is ever written over.")


def _put(stage: Path, to: Path) -> None:
    """In one step. What somebody has put there meanwhile stays."""
    if to.is_dir():
        to.rmdir()
    if os.path.lexists(to):
        raise UsageError(f"{to}: is there meanwhile, and was left alone.")
    stage.rename(to)


class _Run:
    """Collects the drafts of one run in the folder `stage`."""

    def __init__(self, stage: Path, config: Config, plan: Plan, standings: Standings | None) -> None:
        self.shared = Shared(stage, config, plan)
        self.standings = standings
        self.exported = Exported(left=self.shared.left, has_record=standings is not None)
        self.handed: list[Post] = []
        self.reports: list[Report] = []
        """Of those that are handed over."""

    def add(self, draft: Draft | UnreadableDraft) -> None:
        if isinstance(draft, Draft) and draft.profile is not None:
            return  # an account's own page is nobody's post
        before = _states(draft)
        checked, veil = look_at(draft, self.shared.plan)
        report = make_report((checked,), self.shared.plan, self.shared.config.fail_on)
        standing = self._standing(draft)
        reason = may_be_published(draft, report, standing)
        if not reason and isinstance(draft, Draft):
            reason = _cannot_be_told(draft, veil)
        if reason or isinstance(draft, UnreadableDraft):
            self.exported.held.append((checked.path, reason))
            self.exported.has_unreadable |= bool(checked.problems)
            return
        post = Post(self.shared, draft, veil, checked, len(self.handed) + 1, standing)
        self.handed.append(post)
        self.reports.append(report)
        self.exported.handed.append(checked.path)
        if _states(draft) != before:
            raise UsageError(f"{visible_line(checked.path)}: was changed while it was read. Run it again.")

    def _standing(self, draft: Draft | UnreadableDraft) -> Standing | None:
        """What the record says of it; None where there is none. Of what cannot be read it says nothing."""
        if self.standings is None:
            return None
        if isinstance(draft, UnreadableDraft):
            return Standing(draft.path)
        return self.standings.of(id_of(draft, self.standings.records.folder))

    def finish(self) -> None:
        tables = list(self._tables())
        version, in_force = self.reports[0].version, self.reports[0].policy
        if in_force:
            checked_by = say(
                "Checked by the policy of {title}, with postcheck {version}.", title=in_force.title, version=version
            )
        else:
            checked_by = say("Checked without a policy, with postcheck {version}.", version=version)
        posts = tuple(post.handed() for post in self.handed)
        self.exported.approvals += [(post.title, line) for post in posts for line in post.approvals]
        sheet = Sheet(
            posts=posts,
            tables=tuple(tables),
            held=tuple(self.exported.held),
            questions=tuple(self._open_questions()),
            checked_by=checked_by,
            switched_off=len(self.shared.plan.disabled),
            has_record=self.exported.has_record,
        )
        for name, text in (("hand-off.html", as_page(sheet)), ("hand-off.txt", as_text(sheet))):
            (self.shared.stage / name).write_bytes(text.encode("utf-8", "backslashreplace"))

    def _open_questions(self) -> Iterable[str]:
        """Of the policy, for every post: those that are not answered for each."""
        answered = [post.answers for post in self.handed]
        in_force = self.reports[0].policy
        for about, question in in_force.questions if in_force else ():
            if not all((about, question) in given for given in answered):
                yield say(question)

    def _tables(self) -> Iterable[Table]:
        names = Names()
        for (account, platform), rows in sorted(self.shared.rows.items()):
            folder = self.shared.stage / "hootsuite"
            folder.mkdir(exist_ok=True)
            rows.sort(key=lambda one: one[0].when)
            parts = list(hootsuite.files([row for row, _ in rows], self.shared.config.hootsuite))
            stem = f"{slug(account, 'account')}-{slug(platform, 'platform')}"
            for number, content in enumerate(parts):
                name = names.take(f"{stem}-part-{number + 1}.csv" if len(parts) > 1 else f"{stem}.csv")
                (folder / name).write_bytes(content)
                some = [one for _, one in rows[number * hootsuite.MOST_ROWS : (number + 1) * hootsuite.MOST_ROWS]]
                for one in some:
                    one.table = f"hootsuite/{name}"
                yield Table(
                    f"hootsuite/{name}", account, platform, len(some), sum(one.has_media for one in some), some[0].zone
                )


def _states(draft: Draft | UnreadableDraft) -> list[tuple[str, int, int]]:
    """Of each file, so that a change between the check and the copy is seen."""
    if isinstance(draft, UnreadableDraft):
        return []
    paths = [asset.path for asset in draft.assets()] + ([draft.source.path] if draft.source.path else [])
    found = []
    for path in paths:
        if os.path.isfile(path):
            status = path.stat()
            found.append((str(path), status.st_size, status.st_mtime_ns))
    return found


def _cannot_be_told(draft: Draft, veil: Veil) -> str:
    """Why its texts cannot stand on a sheet; "" where they can."""
    texts = [text.value for text in draft.posts()] + [image.alt.value for image in draft.images if image.alt]
    if veil and any(veil.over(text) != text for text in texts):
        return say("It holds a name that no report may show.")
    if any(0xD800 <= ord(char) <= 0xDFFF for text in texts for char in text):
        return say("It holds half a character, which no file can hold.")
    return ""


def told(exported: Exported, to: Path) -> Iterable[str]:
    """What came of it, line by line."""
    if exported.handed:
        yield say_count(
            "{number} draft is in {folder}: begin with hand-off.html.",
            "{number} drafts are in {folder}: begin with hand-off.html.",
            len(exported.handed),
            folder=str(to),
        )
    else:
        yield say("Nothing was written: no draft may be handed over.")
    for path, line in exported.approvals:
        yield say("{path}: {approval}", path=path, approval=line)
    for path, reason in exported.held:
        yield say("Left out: {path}. {reason}", path=path, reason=reason)
    for line in exported.left:
        yield say("Left to a person: {what}", what=line)
