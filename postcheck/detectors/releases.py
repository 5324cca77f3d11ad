"""Signed forms: whether the one that a draft names is there, holds, covers the post, and was signed by the right one.

A release is a file of the draft, or a number in the city's register, or both: then what the register says of it counts
too. The two belong together by the form's SHA-256, or by the number in the name of the file.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath

from postcheck.analysis.image import image_facts
from postcheck.analysis.measured import content_digest
from postcheck.detectors.limits import platform_id
from postcheck.model import PASSED, Context, Draft, Image, Observation, Options, Outcome, Person, Release, Video
from postcheck.source import Location

LIMITED = "MR-LMR"
"""PLUS ModelReleaseStatus: Limited or Incomplete Model Releases."""
_WORD = re.compile(r"\w{3,}")


@dataclass(frozen=True, slots=True)
class Form:
    """A release of the draft with what is known of it."""

    release: Release
    entry: Release | None
    """Of the register."""
    digest: str
    """SHA-256 of the file; "" where it does not lie in the draft."""

    @property
    def is_there(self) -> bool:
        return self.release.asset is not None or self.entry is not None

    @property
    def kept_as(self) -> str:
        """The SHA-256 that the register or the draft keeps of it; "" where none is kept."""
        return (self.entry.sha256 if self.entry else "") or self.release.sha256

    @property
    def place(self) -> Location | None:
        return self.release.text.whole() if self.release.text else None

    @property
    def expires(self) -> date | None:
        days = [one.expires for one in self._told if one.expires]
        return min(days, default=None)

    @property
    def by(self) -> str:
        return next((one.by for one in self._told if one.by), "")

    @property
    def of_minor(self) -> bool:
        return any(one.minor for one in self._told)

    def covers(self, what: str) -> tuple[str, ...]:
        """What it is limited to of `platforms`, `purposes` or `campaigns`; nothing where it is not."""
        return next((found for one in self._told if (found := getattr(one, what))), ())

    @property
    def _told(self) -> Sequence[Release]:
        return [one for one in (self.entry, self.release) if one is not None]


def people(draft: Draft) -> Iterator[tuple[Image | Video, Person]]:
    for item in draft.media():
        yield from ((item, person) for person in item.people or ())


def forms(person: Person, context: Context) -> list[Form]:
    return [_form(release, context) for release in person.releases]


def _form(release: Release, context: Context) -> Form:
    digest = content_digest(release.asset.path) if release.asset else ""
    register = _index(context.lists.releases or ())
    entry = register.by_digest.get(digest) if digest else None
    names = (release.id.casefold(), PurePosixPath(release.id).stem.casefold())
    entry = entry or next((register.by_id[name] for name in names if name in register.by_id), None)
    return Form(release, entry, digest)


@dataclass(frozen=True, slots=True)
class _Index:
    """A register of tens of thousands is not gone through for each person of each draft."""

    register: tuple[Release, ...]
    by_id: Mapping[str, Release]
    by_digest: Mapping[str, Release]


_last = _Index((), {}, {})


def _index(register: tuple[Release, ...]) -> _Index:
    """Of the same register that of the last time: a run has one."""
    global _last
    index = _last
    if index.register is not register:
        by_digest = {entry.sha256: entry for entry in reversed(register) if entry.sha256}
        index = _last = _Index(register, {entry.id.casefold(): entry for entry in register}, by_digest)
    return index


def is_minor(person: Person, context: Context) -> bool:
    """Does the draft, or the register, say so?"""
    return bool(person.minor) or any(form.of_minor for form in forms(person, context))


def who(person: Person) -> str:
    return person.who.value if person.who else "somebody"


def missing(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    """Also where the picture itself is named as the form: that is none."""
    shown = {item.asset.path for item in draft.media()}
    for _, person in people(draft):
        for form in forms(person, context):
            if form.release.asset and form.release.asset.path in shown:
                yield Observation(Outcome.FAILED, form.place, {"release": form.release.id}, "failed-own")
                continue
            if form.is_there:
                yield PASSED
                continue
            message = "" if context.lists.releases is None else "failed-register"
            yield Observation(Outcome.FAILED, form.place, {"release": form.release.id, "who": who(person)}, message)


def changed(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    """A form is bound by its hash, where one is kept of it."""
    for _, person in people(draft):
        for form in forms(person, context):
            if not form.digest or not form.kept_as:
                continue
            if form.digest == form.kept_as:
                yield PASSED
            else:
                data = {"release": form.release.id, "kept": form.kept_as[:12], "now": form.digest[:12]}
                yield Observation(Outcome.FAILED, form.place, data)


def expired(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    """By the day of publication; today where that is not set."""
    day = draft.publish_at.when.date() if draft.publish_at else context.now.date()
    for _, person in people(draft):
        for form in forms(person, context):
            if form.expires is None:
                continue
            if day <= form.expires:
                yield PASSED
            else:
                data = {"release": form.release.id, "expires": form.expires.isoformat(), "day": day.isoformat()}
                yield Observation(Outcome.FAILED, form.place, data)


def beyond_scope(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    """Option `everything`: words by which a register says that there is no limit."""
    for _, person in people(draft):
        for form in forms(person, context):
            yield from _beyond(draft, form, options["everything"], context)
    for image in draft.images:
        if image_facts(image.asset.path).metadata.get("model_release") == LIMITED:
            yield Observation(Outcome.CANT_TELL, image.place, {"file": image.asset.name}, "cantTell-limited")


def _beyond(draft: Draft, form: Form, everything: Sequence[str], context: Context) -> Iterator[Observation]:
    for what, texts, missing_key in (
        ("platforms", draft.platforms, ""),
        ("purposes", (draft.category,) if draft.category else (), "category"),
        ("campaigns", (draft.campaign,) if draft.campaign else (), "campaign"),
    ):
        covered = form.covers(what)
        if not covered or any(word.casefold() in everything for word in covered):
            if form.is_there:
                yield PASSED
            continue
        data = {"release": form.release.id, "covers": ", ".join(covered)}
        if not texts and missing_key:
            yield Observation(Outcome.CANT_TELL, form.place, {**data, "key": missing_key})
        known = {platform_id(word, context) for word in covered}
        for text in texts:
            if platform_id(text.value, context) in known:
                yield PASSED
            else:
                yield Observation(Outcome.FAILED, text.whole(), {**data, "value": text.value})


def signed_by(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    """For a minor a guardian signs. Options: `guardians` and `others`, expressions for who signed."""
    for _, person in people(draft):
        if not person.releases or not is_minor(person, context):
            continue
        told = person.release_by.value if person.release_by else ""
        by = told or next((form.by for form in forms(person, context) if form.by), "")
        place = person.release_by.whole() if person.release_by else forms(person, context)[0].place
        data = {"by": by, "release": person.releases[0].id}
        if not by:
            yield Observation(Outcome.CANT_TELL, place, data, "cantTell-silent")
        elif _is(by, options["guardians"]):
            yield PASSED
        elif _is(by, options["others"]) or by.casefold() == who(person).casefold():
            yield Observation(Outcome.FAILED, place, data)
        else:
            yield Observation(Outcome.CANT_TELL, place, data)


def _is(by: str, expressions: Sequence[str]) -> bool:
    return any(re.search(rf"\b(?:{one})\b", by, re.IGNORECASE) for one in expressions)


def for_another(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    """One form for several people; or for another than the register has it. Option `groups`: words for several people
    who may have signed one form."""
    used: dict[str, list[tuple[str, Form, str]]] = defaultdict(list)
    for item, person in people(draft):
        for form in forms(person, context):
            used[form.digest or form.release.id.casefold()].append((who(person), form, item.asset.name))
    for uses in used.values():
        first, form, _ = uses[0]
        if any(_is(one, options["groups"]) for one in (first, *(each.subject for each in (form.entry,) if each))):
            yield PASSED
            continue
        seen: set[tuple[str, str]] = set()
        asked = False
        for role, other, file in uses:
            data = {"release": other.release.id, "first": first, "second": role, "file": file}
            if role.casefold() != first.casefold():
                asked = True
                yield Observation(Outcome.CANT_TELL, other.place, data)
            elif (role.casefold(), file) in seen:  # in one picture two of one role are two people
                asked = True
                yield Observation(Outcome.CANT_TELL, other.place, data, "cantTell-role")
            seen.add((role.casefold(), file))
        if not asked:
            yield _subject(first, form)


def _subject(role: str, form: Form) -> Observation:
    subject = form.entry.subject if form.entry else ""
    if not subject or {*_WORD.findall(role.lower())} & {*_WORD.findall(subject.lower())}:
        return PASSED
    data = {"release": form.release.id, "first": subject, "second": role}
    return Observation(Outcome.CANT_TELL, form.place, data, "cantTell-register")
