"""The drafts in the folder that the page is about: their names, and what a list tells of each.

The folder is the truth. It is looked through again for every page, but what was read of a draft is kept while its files
are the same.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import monotonic

from postcheck.config import Config
from postcheck.display import printable_path
from postcheck.draft import read_drafts
from postcheck.draft.find import Found, drafts_below
from postcheck.model import Draft
from postcheck.review.approving import draft_id
from postcheck.review.standing import is_same_person
from postcheck.serving.checking import state_of

_FRESH = 2.0
"""Seconds for which the names in the folder are believed. What somebody opens or decides on is looked at anew."""
_WORDS = 80
"""Characters of the caption, where a draft has no title."""


@dataclass(frozen=True, slots=True)
class Card:
    """What a list tells of a draft."""

    id: str
    folder: Path
    title: str
    author: str
    account: str
    platforms: tuple[str, ...]
    publish_at: datetime | None
    is_emergency: bool
    digest: str
    """Of what lies on the disk; "" where it cannot be read."""
    fault: str
    """Why it cannot be read, or ""."""

    def is_by(self, name: str) -> bool:
        return is_same_person(self.author, name)


class NoSuchDraft(Exception):
    """There is none of that name, or whoever asks may not know of it."""


class Shelf:
    def __init__(self, root: Path, base: Path, config: Config) -> None:
        """`base`: the folder that names of drafts are relative to, that of the record."""
        self.root, self.base, self._config = root, base, config
        self._lock = threading.Lock()
        self._folders: dict[str, Path] = {}
        self._others: tuple[str, ...] = ()
        self._looked = -_FRESH
        self._cards: dict[str, tuple[object, Card]] = {}

    def folders(self) -> Mapping[str, Path]:
        """Every draft by its name."""
        with self._lock:
            if monotonic() - self._looked >= _FRESH:
                found = list(drafts_below(self.root, self._config, [])) if self.root.is_dir() else []
                # As `draft_id` names them: no link is on the way, for none is followed.
                self._folders = {
                    printable_path(one.path.relative_to(self.base).as_posix()): one.path
                    for one in found
                    if one.kind == "folder"
                }
                self._others = tuple(one.shown for one in found if one.kind in ("calendar", "zip"))
                self._looked = monotonic()
            return self._folders

    @property
    def others(self) -> tuple[str, ...]:
        """Calendars and zips, which cannot be worked on here."""
        self.folders()
        return self._others

    def forget(self) -> None:
        """Look through the folder anew: a draft was made or removed."""
        with self._lock:
            self._looked = -_FRESH

    def folder(self, name: str) -> Path:
        """
        Raises:
            NoSuchDraft: it is none of the drafts here. What a person types is never taken for a path.
        """
        folder = self.folders().get(name)
        if folder is None:
            self.forget()
            folder = self.folders().get(name)
        if folder is None or not folder.is_dir():
            raise NoSuchDraft(name)
        return folder

    def name_of(self, folder: Path) -> str:
        return draft_id(folder, self.base)

    def card(self, name: str) -> Card:
        """As it is on the disk now.

        Raises:
            NoSuchDraft: as for `folder`.
        """
        folder = self.folder(name)
        state = state_of(folder)
        known = self._cards.get(name)
        if known and known[0] == state:
            return known[1]
        made = self._read(name, folder)
        self._cards[name] = (state, made)
        return made

    def cards(self) -> list[Card]:
        found = []
        for name in list(self.folders()):
            try:
                found.append(self.card(name))
            except NoSuchDraft:  # removed this moment
                continue
        return found

    def _read(self, name: str, folder: Path) -> Card:
        (draft,) = read_drafts([Found("folder", folder, name)], self._config)
        if not isinstance(draft, Draft):
            told = str(draft.problems[0].message) if draft.problems else ""
            return Card(name, folder, name, "", "", (), None, False, "", told)
        first = next((line for line in draft.caption.value.splitlines() if line.strip()), "")
        words = draft.title.value if draft.title else first[:_WORDS] + ("…" if len(first) > _WORDS else "")
        return Card(
            id=name,
            folder=folder,
            title=words or name,
            author=draft.author.value if draft.author else "",
            account=draft.account.value if draft.account else "",
            platforms=tuple(text.value for text in draft.platforms),
            publish_at=draft.publish_at.when if draft.publish_at else None,
            is_emergency=draft.is_emergency,
            digest=draft.digest,
            fault="",
        )
