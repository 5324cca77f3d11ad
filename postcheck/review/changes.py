"""What is other in a draft than in an entry of it: what a reviewer wants to know who has seen it before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from postcheck.review.decisions import Checked, content, files_of
from postcheck.review.entries import Entry
from postcheck.review.standing import digest_in

OTHER = "other"
_SINGLE = ("account", "author", "publisher", "category")
_OF_MEDIA = ("alt", "audio_description", "source", "credit", "license", "permission")


@dataclass(frozen=True, slots=True)
class Change:
    what: str
    """`text`, `file`, `alt`, `captions`, `schedule`, `person`, `waiver`, `account`, `author` and so on; `other` for
    what is not shown, such as a title, or a name that is hidden."""
    name: str
    """Of the platform, the file or the check; "" where there is but one."""
    before: str | None
    """None where it was not there. Of a file, its SHA-256."""
    after: str | None


def changes(before: Entry, after: Checked) -> list[Change]:
    """From what was handed in or decided on to the draft as it is now; names are hidden as in the record.

    Raises:
        Stale: a file of the draft changed since it was checked.
    """
    was = dict(_told(before.body))
    is_ = dict(_told({**content(after), "assets": files_of(after)}))
    found = [
        Change(what, name, was.get((what, name)), is_.get((what, name)))
        for what, name in dict.fromkeys((*was, *is_))
        if was.get((what, name)) != is_.get((what, name))
    ]
    if not found and digest_in(before) != after.draft.digest:
        found.append(Change(OTHER, "", None, None))
    return found


def _told(body: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str], str | None]]:
    """Each thing that can change, by what it is and its name. Where an entry is a program's and tells less, there is
    less."""
    for text in body.get("texts") or ():
        yield ("text", str(text.get("platform", ""))), text.get("text")
    for item in body.get("media") or ():
        name = str(item.get("file", ""))
        for what in _OF_MEDIA:
            yield (what, name), item.get(what)
        yield ("captions", name), ", ".join(item.get("captions") or ()) or None
        yield ("decorative", name), "decorative" if item.get("decorative") else None
    for asset in body.get("assets") or ():
        yield ("file", str(asset.get("name", ""))), asset.get("sha256")
    for number, person in enumerate(body.get("people") or (), 1):
        releases = ", ".join(person.get("releases") or ())
        told = (person.get("who"), "minor" if person.get("minor") else "", releases, person.get("release_by"))
        yield ("person", f"{number}, {person.get('file', '')}"), "; ".join(part for part in told if part)
    for waiver in body.get("waivers") or ():
        yield ("waiver", str(waiver.get("check", ""))), f"{waiver.get('reason')} ({waiver.get('by')})"
    schedule = body.get("schedule") or {}
    yield ("schedule", ""), schedule.get("at")
    for what in _SINGLE:
        yield (what, ""), body.get(what)
