"""What the record says of each draft: handed in, approved, by whom. Nothing else keeps it: it is worked out from the
entries, in their order, and whatever an entry says that cannot be at that point changes nothing.

An approval is of one revision, with one digest. Two approvals are those of two people.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from threading import Lock

from postcheck.errors import UsageError
from postcheck.review.entries import FIRST, Entry, Kind
from postcheck.review.records import Head, Records
from postcheck.review.words import who

_HEAVY = ("policy", "report", "tool")
"""What is left out of the entries that stay in memory: of some years' records it would fill it."""


class Stage(StrEnum):
    WRITING = "writing"  # never handed in, taken back, or approved no longer
    SUBMITTED = "submitted"
    CHANGES_ASKED = "changes-asked"
    REJECTED = "rejected"
    APPROVED = "approved"
    PUBLISHED = "published"


@dataclass(frozen=True, slots=True)
class Standing:
    """Of one draft. Its entries are without the report and their bytes: `Records.get` gives them whole."""

    draft_id: str
    stage: Stage = Stage.WRITING
    revision: int = 0
    """How often it was handed in; 0 is never."""
    digest: str = ""
    """Of the revision that was handed in last; "" where there is none."""
    submitted: Entry | None = None
    """By which it was handed in last. None, too, where a program wrote decisions on what was never handed in."""
    approvals: tuple[Entry, ...] = ()
    """Of this revision, that hold; by different people."""
    last: Entry | None = None
    sequence: int = 0
    """The number of the draft's last entry."""
    is_on_hold: bool = False
    """Under a legal hold."""
    history: tuple[Entry, ...] = ()

    def stage_of(self, digest: str) -> Stage:
        """As it is with the content that lies on the disk now, which has this digest: what was handed in, approved or
        rejected with another one says nothing of it."""
        return self.stage if digest and digest == self.digest else Stage.WRITING


class Standings:
    """Of every draft of a record. Reads only what is new since the last look, also what other processes append; several
    threads may ask at once."""

    def __init__(self, records: Records, reviewers_needed: int = 1) -> None:
        self.records = records
        self.reviewers_needed = reviewers_needed
        """For a decision that does not tell itself how many it takes."""
        self._lock = Lock()
        self._by_draft: dict[str, Standing] = {}
        self._head = Head(0, FIRST)

    def of(self, draft_id: str) -> Standing:
        """
        Raises:
            UsageError: the record cannot be read, or is damaged.
        """
        return self.look(draft_id)[0]

    def look(self, draft_id: str) -> tuple[Standing, int]:
        """As `of`; and the number of the record's last entry at that moment, whichever draft it is of.

        Raises:
            UsageError: the record cannot be read, or is damaged.
        """
        with self._lock:
            self._read_on()
            return self._by_draft.get(draft_id) or Standing(draft_id), self._head.sequence

    def all(self) -> Mapping[str, Standing]:
        """By the draft's id, of every draft that the record knows.

        Raises:
            UsageError: the record cannot be read, or is damaged.
        """
        with self._lock:
            self._read_on()
            return dict(self._by_draft)

    def _read_on(self) -> None:
        if not self.records.path.is_file():
            self._by_draft, self._head = {}, Head(0, FIRST)
            return
        head = self.records.head()
        if head == self._head:
            return
        goes_on = head.sequence > self._head.sequence and self._folded(self._by_draft, self._head)
        # Else another record lies there now, such as a copy that was put back: it is read from its beginning.
        hangs_together = goes_on or self._folded({}, Head(0, FIRST))
        if not hangs_together or (self._head != head and self._head.sequence <= head.sequence):
            self._by_draft, self._head = {}, Head(0, FIRST)
            raise UsageError(f"{self.records.path}: is damaged. `postcheck records verify` tells what is wrong.")

    def _folded(self, known: Mapping[str, Standing], head: Head) -> bool:
        """Take in every entry after the head. False, and nothing is taken in, where they do not follow upon it."""
        found = dict(known)
        for entry in self.records.list(after=head.sequence):
            if (entry.sequence, entry.previous) != (head.sequence + 1, head.hash):
                return False
            name = str(entry.body["draft"]["id"])
            found[name] = following(found.get(name) or Standing(name), entry, self.reviewers_needed)
            head = Head(entry.sequence, entry.hash)
        self._by_draft, self._head = found, head
        return True


def following(standing: Standing, entry: Entry, reviewers_needed: int = 1) -> Standing:
    """The standing of the draft once this entry of it is there, too."""
    entry = replace(entry, body={key: value for key, value in entry.body.items() if key not in _HEAVY}, content=b"")
    now = replace(standing, last=entry, sequence=entry.sequence, history=(*standing.history, entry))
    digest = digest_in(entry)
    match entry.kind:
        case Kind.SUBMITTED:
            revision = now.revision + 1
            return replace(now, stage=Stage.SUBMITTED, revision=revision, digest=digest, submitted=entry, approvals=())
        case Kind.WITHDRAWN if now.stage is Stage.SUBMITTED:
            return replace(now, stage=Stage.WRITING, approvals=())
        case Kind.VOIDED:
            return replace(now, stage=Stage.WRITING, approvals=())
        case Kind.PUBLISHED if now.stage is Stage.APPROVED and digest in ("", now.digest):
            return replace(now, stage=Stage.PUBLISHED)
        case Kind.LEGAL_HOLD:
            return replace(now, is_on_hold=True)
        case Kind.LEGAL_HOLD_LIFTED:
            return replace(now, is_on_hold=False)
        case Kind.DECISION:
            return _decided(now, entry, digest, reviewers_needed)
    return now


def _decided(now: Standing, entry: Entry, digest: str, reviewers_needed: int) -> Standing:
    kept_for, revision = entry.body["retention"], entry.body["draft"]["revision"]
    if isinstance(kept_for, dict) and kept_for.get("legal_hold") is True:
        now = replace(now, is_on_hold=True)
    if now.submitted is None and isinstance(revision, int) and revision > now.revision:
        # A program decided on what was never handed in: each higher revision of its own is as if it had been.
        now = replace(now, stage=Stage.SUBMITTED, revision=revision, digest=digest, approvals=())
    if digest != now.digest:
        return now
    decision = entry.body["decision"]
    if decision == "approve" and now.stage is Stage.SUBMITTED:
        if any(is_same_person(who(entry), who(other)) for other in now.approvals):
            return now
        # As many as the decision says it took: who changes the setting later does not change what was approved.
        needed = entry.body.get("approvals_needed")
        needed = needed if isinstance(needed, int) else reviewers_needed
        approvals = (*now.approvals, entry)
        stage = Stage.APPROVED if len(approvals) >= needed else Stage.SUBMITTED
        return replace(now, stage=stage, approvals=approvals)
    if decision in _ENDS and now.stage in (Stage.SUBMITTED, Stage.APPROVED):
        return replace(now, stage=_ENDS[decision], approvals=())
    return now


_ENDS = {"reject": Stage.REJECTED, "ask-for-changes": Stage.CHANGES_ASKED}


def digest_in(entry: Entry) -> str:
    """Of the draft; "" where a program told none."""
    told = entry.body["draft"].get("digest")
    return told if isinstance(told, str) else ""


def is_same_person(one: str, other: str) -> bool:
    """Do two identities, or names of authors, mean the same person? Letters may be large or small, and where one is no
    address, the other's is compared up to the @: `JRivera` is `jrivera@example.gov`. Nobody is the same as no one."""
    first, second = _folded_name(one), _folded_name(other)
    if "@" not in first or "@" not in second:
        first, second = first.partition("@")[0], second.partition("@")[0]
    return bool(first) and first == second


def _folded_name(name: str) -> str:
    """Without an @ before it, as handles have."""
    return unicodedata.normalize("NFKC", name).casefold().strip().lstrip("@")
