"""What every page works with, and what one request asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from starlette.datastructures import FormData, UploadFile

from postcheck.config import Config
from postcheck.errors import UsageError
from postcheck.messages import say
from postcheck.model import Draft
from postcheck.review.approving import Approving
from postcheck.review.decisions import Checked, Reviewer
from postcheck.review.records import Records
from postcheck.review.standing import Stage, Standing
from postcheck.serving.accounts import Accounts, Person
from postcheck.serving.checking import Checker, Looked
from postcheck.serving.exchange import Exchange, is_from_hootsuite
from postcheck.serving.identity import Identities
from postcheck.serving.shelf import Card, NoSuchDraft, Shelf

PATIENCE = 6.0
"""Seconds that a page waits for a check; after that it says that the check goes on, and comes again."""
_AT_FIRST = 20
"""Drafts that are checked at the start, before anybody opens them."""


@dataclass(frozen=True, slots=True)
class Desk:
    """The drafts, the record and the people of one server."""

    base: Path
    """The folder of the settings, where the record lies; names of drafts are relative to it."""
    config: Config
    records: Records
    shelf: Shelf
    checker: Checker
    approving: Approving
    accounts: Accounts
    identities: Identities
    upload_bytes: int
    platforms: Sequence[str] = ()
    """Those that the city uses, as its policy names them; empty where it names none."""
    exchange: Exchange | None = None
    """With Hootsuite, where it is on."""

    def standing(self, card: Card) -> tuple[Standing, Stage]:
        """What the record says of the draft, and what of it holds for the content that is there now."""
        standing = self.approving.standings.of(card.id)
        return standing, standing.stage_of(card.digest)

    def placed(self) -> list[tuple[Card, Standing, Stage]]:
        """Every draft as `standing` tells of it, with one look at the record for all of them."""
        cards = self.shelf.cards()
        standings = self.approving.standings.all()
        found = []
        for card in cards:
            standing = standings.get(card.id) or Standing(card.id)
            found.append((card, standing, standing.stage_of(card.digest)))
        return found

    def end_if_changed(self, name: str) -> Card:
        """Note in the record that a draft is not any more what was handed in or approved, where that is so.

        Raises:
            NoSuchDraft: it is not there.
        """
        seen = self.approving.standings.of(name).sequence  # before the content is read: it must not be the older one
        card = self.shelf.card(name)
        self.approving.void_if_changed(name, card.digest, seen=seen)
        return card

    def is_nobodys(self, card: Card) -> bool:
        """Does it tell no author, or was it written in Hootsuite by somebody who has no account here?"""
        if not card.author.strip():
            return not card.fault
        return is_from_hootsuite(card.folder) and not self.accounts.knows(card.author)

    def own(self, ask: Ask) -> Card:
        """The draft that somebody wants to write on: their own, or one that tells no author. That becomes theirs when
        they save it.

        Raises:
            NoSuchDraft: it is another's: who writes has no business with the drafts of others.
        """
        card = self.shelf.card(ask.name)
        if not card.is_by(ask.person.name) and not self.is_nobodys(card):
            raise NoSuchDraft(ask.name)
        return card

    def seen_by(self, ask: Ask) -> Card:
        """A draft that a reviewer may look at: one that was handed in at some time.

        Raises:
            NoSuchDraft: it never was.
        """
        card = self.shelf.card(ask.name)
        if not self.approving.standings.of(card.id).revision:
            raise NoSuchDraft(ask.name)
        return card

    def make_ready(self) -> None:
        """Have the first drafts checked before somebody asks for them."""
        for name, folder in list(self.shelf.folders().items())[:_AT_FIRST]:
            self.checker.begin(name, folder)

    def look(self, card: Card, *, patience: float | None = None) -> Looked:
        """What is found of the draft as it lies there now.

        Raises:
            NotChecked: it takes longer than `patience` seconds, or the check broke off.
        """
        return self.checker.look(card.id, card.folder, timeout=patience)


def checked(looked: Looked) -> Checked:
    """For the rules of approval.

    Raises:
        UsageError: the draft cannot be read.
    """
    if not isinstance(looked.draft, Draft):
        raise UsageError(say("The draft cannot be read, so nothing can be decided on it."))
    return Checked(looked.draft, looked.report, looked.veil)


def signed_in(person: Person, role: str) -> Reviewer:
    """As the record names whoever acts."""
    return Reviewer(person.name, person.issuer, role)


@dataclass(frozen=True, slots=True)
class Ask:
    """One request, by somebody who is signed in and may ask it."""

    person: Person
    name: str
    """Of the draft, or what else the address names; "" where it names nothing."""
    query: Mapping[str, str]
    form: FormData
    now: datetime

    def text(self, field: str) -> str:
        """What was typed into a field, with the line ends that a file has; "" where there is no such field."""
        value = self.form.get(field, "")
        return value.replace("\r\n", "\n") if isinstance(value, str) else ""

    def texts(self, field: str) -> tuple[str, ...]:
        return tuple(value for value in self.form.getlist(field) if isinstance(value, str))

    def files(self, field: str) -> tuple[UploadFile, ...]:
        """Those that were chosen: a field of files that is left alone comes with one that has no name."""
        return tuple(one for one in self.form.getlist(field) if isinstance(one, UploadFile) and one.filename)
