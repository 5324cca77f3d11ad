"""Between the record and Hootsuite: decisions go there, and what became of a message comes back as an entry."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from postcheck.config import Config
from postcheck.draft import Found, read_drafts
from postcheck.errors import UsageError
from postcheck.hootsuite import approval
from postcheck.hootsuite.approval import Decision, Publication, Sent, decision_for
from postcheck.hootsuite.client import Client
from postcheck.hootsuite.store import Store
from postcheck.hootsuite.waiting import FOLDER, folders
from postcheck.messages import say
from postcheck.model import Draft
from postcheck.review.approving import Approving
from postcheck.review.decisions import Reviewer
from postcheck.review.entries import Entry, Kind
from postcheck.review.records import Records
from postcheck.review.standing import Stage, digest_in

ISSUER = "hootsuite"


@dataclass(slots=True)
class Exchanged:
    ended: list[Sent] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    """Decisions that were not sent, and why."""


def send_decisions(client: Client, store: Store, drafts: Path, config: Config, records: Records) -> Exchanged:
    """Settle what an earlier run left open, and send every decision of the record on a draft that was fetched, once.

    Raises:
        PostcheckError: as for `approval.send`; the record cannot be read.
    """
    exchanged = Exchanged(approval.resume(client, store))
    reviewer = config.hootsuite.reviewer.upper()
    known = {one.entry for one in approval.sent(store)}
    for decision in _decided(drafts, config, records, exchanged.left):
        if decision.entry not in known:
            exchanged.ended.append(approval.send(client, store, decision, reviewer))
    return exchanged


def _decided(drafts: Path, config: Config, records: Records, left: list[str]) -> Iterator[Decision]:
    """The last decision of the record on each draft that was fetched, as long as the draft is what was decided on."""
    fetched = folders(drafts)
    last = _last_words(records) if fetched and records.path.is_file() else {}
    for folder in fetched:
        entry = last.get(folder.name)
        if entry is None:
            continue
        (draft,) = read_drafts([Found("folder", folder, folder.as_posix())], config)
        if not isinstance(draft, Draft) or draft.digest != digest_in(entry):
            left.append(
                say(
                    "{folder}: was changed since entry {number} of the record, so it is not sent.",
                    folder=folder.as_posix(),
                    number=entry.sequence,
                )
            )
            continue
        try:
            yield decision_for(
                folder,
                config,
                entry=entry.sequence,
                draft=entry.body["draft"]["id"],
                approve=entry.body["decision"] == "approve",
                reason=entry.body["comment"],
            )
        except UsageError as error:
            left.append(str(error))


def _last_words(records: Records) -> dict[str, Entry]:
    """By the message: the last decision, where it was not voided. The record names such a draft by a path that ends in
    hootsuite/MESSAGE."""
    last: dict[str, Entry] = {}
    for entry in records.list():
        parts = str(entry.body["draft"]["id"]).replace("\\", "/").split("/")
        if len(parts) < 2 or parts[-2] != FOLDER:
            continue
        if entry.kind is Kind.DECISION:
            last[parts[-1]] = entry
        elif entry.kind is Kind.VOIDED and parts[-1] in last and last[parts[-1]].sequence == entry.body["of"]:
            del last[parts[-1]]
    return last


def follow(client: Client, store: Store, approving: Approving) -> Iterator[str]:
    """What became of approved messages, as lines for a person, written into the record.

    Raises:
        PostcheckError: as for `approval.follow`; the record cannot be written, or is another one.
    """
    ties = _Ties(approving, client.me())
    yield from approval.follow(client, store, void=ties.void, published=ties.published)


class _Ties:
    """What is told of a message, as entries of the record. A key keeps each from being written twice."""

    def __init__(self, approving: Approving, member: str) -> None:
        self.approving = approving
        self.by = Reviewer(f"hootsuite member {member}", ISSUER, ISSUER)

    def void(self, draft: str, number: int, reason: str) -> None:
        self._approval(draft, number)
        standing = self.approving.standings.of(draft)
        holds = any(entry.sequence == number for entry in standing.approvals)
        if standing.stage is Stage.APPROVED and holds:  # what was handed in since is another matter
            self.approving.void(draft, self.by, reason, seen=standing.sequence, key=f"hootsuite-void-{number}")

    def published(self, draft: str, one: Publication) -> None:
        entry = self._approval(draft, one.entry)
        platform = next((text["platform"] for text in entry.body["texts"] if text.get("platform")), ISSUER)
        message = {"platform": platform, "id": one.post, "address": one.url, "message": one.message, "time": one.time}
        key = f"hootsuite-published-{one.entry}"
        self.approving.published(draft, digest_in(entry), self.by, [message], key=key)

    def _approval(self, draft: str, number: int) -> Entry:
        entry = self.approving.records.get(number)
        if entry.kind is not Kind.DECISION or entry.body["draft"]["id"] != draft:
            path = self.approving.records.path
            raise UsageError(f"{path}: entry {number} is no approval of {draft}. Is it another record?")
        return entry
