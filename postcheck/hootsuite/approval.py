"""Decisions go to Hootsuite, each exactly once; and what becomes of a message afterwards is followed.

Before a decision is sent it is written down (an intent), and after it the intent is settled. Where an answer is lost,
or postcheck is killed, the message and its history tell whether it was done. It is only sent again where it was not,
with the same sequence number, which Hootsuite takes once.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from postcheck.config import Config
from postcheck.errors import UsageError
from postcheck.hootsuite.client import WAITING, Action, Client, Message
from postcheck.hootsuite.http import NotSent, Patience, Refused, Unanswered
from postcheck.hootsuite.store import Store
from postcheck.hootsuite.waiting import differs, origin_of
from postcheck.messages import mark, say

REVIEWERS = ("EXTERNAL", "MEMBER")
_DECISIONS = ("APPROVE", "REJECT")


class Ending(StrEnum):
    """What came of a decision."""

    DONE = "done"
    OVERTAKEN = "overtaken"  # somebody has decided otherwise, or before
    CHANGED = "changed"  # the message is not what was checked
    GONE = "gone"
    REFUSED = "refused"  # Hootsuite does not let this account decide
    OPEN = "open"  # no answer: `resume` goes on


@dataclass(frozen=True, slots=True)
class Decision:
    entry: int
    """Its number in the record. The same number is never sent twice."""
    draft: str
    """What the record calls the draft."""
    message: str
    approve: bool
    reason: str
    """For the creator; needed where it is rejected."""
    sequence: int
    digest: str
    """Of the message as it was checked."""


@dataclass(frozen=True, slots=True)
class Sent:
    entry: int
    draft: str
    message: str
    ending: Ending
    told: str
    """For a person."""


@dataclass(frozen=True, slots=True)
class Publication:
    """A message that Hootsuite has sent."""

    entry: int
    """The approval's."""
    message: str
    post: str
    """The platform's own id; "" where Hootsuite tells none."""
    url: str
    """Of Facebook and LinkedIn only, as far as is known."""
    time: str
    """UTC, as Hootsuite writes it."""


@dataclass(frozen=True, slots=True)
class _Intent:
    entry: int
    draft: str
    message: str
    decision: str
    reason: str
    sequence: int
    digest: str
    actor: str
    reviewer: str
    approved_before: int
    rejected_before: int
    edits_before: int
    ending: str | None
    told: str
    voided: int


_COLUMNS = ", ".join(_Intent.__dataclass_fields__)
_TOLD = {
    Ending.DONE: mark("Hootsuite has the decision."),
    Ending.OVERTAKEN: mark("Somebody has decided in Hootsuite meanwhile, so nothing was sent. Fetch again."),
    Ending.CHANGED: mark(
        "The message was changed in Hootsuite after it was checked, so nothing was sent. Fetch again."
    ),
    Ending.GONE: mark("The message is not in Hootsuite any more, so nothing was sent."),
    Ending.REFUSED: mark("Hootsuite does not take the decision: {reason}"),
    Ending.OPEN: mark(
        "Hootsuite does not answer: {reason} It is not known whether it has the decision. Send again later."
    ),
}


def decision_for(folder: Path, config: Config, *, entry: int, draft: str, approve: bool, reason: str = "") -> Decision:
    """The decision on the draft in `folder`, which was fetched.

    Raises:
        UsageError: it is from no message; it is rejected without a reason; or what is approved is not what Hootsuite
            would publish.
    """
    origin = origin_of(folder)
    if origin is None:
        raise UsageError(f"{folder}: is from no message of Hootsuite.")
    if not approve and not reason.strip():
        raise UsageError(f"{folder}: a message is rejected with a reason, which its creator sees.")
    if origin.sequence is None:
        raise UsageError(f"{folder}: Hootsuite asks for no approval of this message.")
    wrong = differs(folder, origin, config) if approve else ""
    if wrong:
        raise UsageError(f"{folder}: {wrong} So it is not approved: mend it in Hootsuite and fetch again.")
    return Decision(entry, draft, origin.message, approve, reason.strip(), origin.sequence, origin.digest)


def send(client: Client, store: Store, decision: Decision, reviewer: str = REVIEWERS[0]) -> Sent:
    """Send it, unless it was sent. One call at a time, over all processes.

    `reviewer`: EXTERNAL, or MEMBER where whoever is signed in was asked for the approval as a member.

    Raises:
        PostcheckError: nobody is signed in, or Hootsuite cannot be read. What was begun stays open for `resume`.
    """
    with store.lock("send"):
        intent = _known(store, decision)
        is_new = intent is None
        if intent is None:
            for other in _open(store):  # of this message, by an earlier decision
                if other.message == decision.message:
                    _settled(client, store, other, is_new=False)
            begun = _begun(client, store, decision, reviewer)
            if isinstance(begun, Sent):
                return begun
            intent = begun
        if intent.ending:
            return Sent(intent.entry, intent.draft, intent.message, Ending(intent.ending), intent.told)
        return _settled(client, store, intent, is_new=is_new)


def resume(client: Client, store: Store) -> list[Sent]:
    """Settle what an earlier run left open.

    Raises:
        PostcheckError: as for `send`.
    """
    with store.lock("send"):
        return [_settled(client, store, intent, is_new=False) for intent in _open(store)]


def sent(store: Store) -> list[Sent]:
    """Every decision that was begun, the oldest first, for pages; nothing is asked of Hootsuite."""
    with store.reading() as base:
        rows = list(base.execute(f"SELECT {_COLUMNS} FROM intents ORDER BY begun_at, entry"))
    return [
        Sent(intent.entry, intent.draft, intent.message, Ending(intent.ending or Ending.OPEN), intent.told)
        for intent in map(_read, rows)
    ]


def _begun(client: Client, store: Store, decision: Decision, reviewer: str) -> _Intent | Sent:
    """The intent, stored; or why there is none. History is read first: an edit after that is one more."""
    if reviewer not in REVIEWERS:
        raise UsageError(f"A reviewer of Hootsuite's is {' or '.join(REVIEWERS)}.")
    actor = client.me()
    history = client.history(decision.message)
    message = client.message(decision.message)
    ending = None
    if message is None:
        ending = Ending.GONE
    elif message.digest != decision.digest:
        ending = Ending.CHANGED
    elif message.state != WAITING or message.sequence != decision.sequence:
        ending = Ending.OVERTAKEN
    if ending:
        return Sent(decision.entry, decision.draft, decision.message, ending, say(_TOLD[ending]))
    approved, rejected = (_count(history, kind, actor, reviewer) for kind in _DECISIONS)
    intent = _Intent(
        entry=decision.entry,
        draft=decision.draft,
        message=decision.message,
        decision=_DECISIONS[0 if decision.approve else 1],
        reason=decision.reason,
        sequence=decision.sequence,
        digest=decision.digest,
        actor=actor,
        reviewer=reviewer,
        approved_before=approved,
        rejected_before=rejected,
        edits_before=_edits(history),
        ending=None,
        told="",
        voided=0,
    )
    values = [getattr(intent, name) for name in _Intent.__dataclass_fields__]
    with store.writing() as base:
        base.execute(
            f"INSERT INTO intents ({_COLUMNS}, begun_at) VALUES ({', '.join('?' * (len(values) + 1))})",
            (*values, client.access.clock.now()),
        )
    return intent


def _settled(client: Client, store: Store, intent: _Intent, *, is_new: bool) -> Sent:
    """`is_new`: it was looked at a moment ago, and never sent."""
    patience, refusal, has_looked = Patience(client.access.clock), "", is_new
    while True:
        if not has_looked:
            ending = _look(client, intent) or (Ending.REFUSED if refusal else None)
            if ending:
                return _settle(client, store, intent, ending, refusal)
            if client.me() != intent.actor:
                intent = _taken_over(client, store, intent)
        has_looked = False
        try:
            if intent.decision == "APPROVE":
                client.approve(intent.message, intent.sequence, intent.reviewer)
            else:
                client.reject(intent.message, intent.sequence, intent.reviewer, intent.reason)
        except Refused as error:
            refusal = str(error)
        except (NotSent, Unanswered) as error:
            if not patience.wait():
                told = say(_TOLD[Ending.OPEN], reason=str(error))
                return Sent(intent.entry, intent.draft, intent.message, Ending.OPEN, told)
        else:
            return _settle(client, store, intent, Ending.DONE)


def _look(client: Client, intent: _Intent) -> Ending | None:
    """What has become of it; None where it still waits, as it was, and nobody has decided. The history is read last: it
    tells what was done until then."""
    message = client.message(intent.message)
    history = client.history(intent.message)
    more = {
        kind: _count(history, kind, intent.actor, intent.reviewer) > before
        for kind, before in zip(_DECISIONS, (intent.approved_before, intent.rejected_before), strict=True)
    }
    if more[intent.decision]:
        return Ending.DONE
    if any(more.values()):
        return Ending.OVERTAKEN
    if message is None:
        return Ending.GONE
    if message.state != WAITING or message.sequence != intent.sequence:
        return Ending.OVERTAKEN
    return Ending.CHANGED if message.digest != intent.digest else None


def _taken_over(client: Client, store: Store, intent: _Intent) -> _Intent:
    """Another account has signed in since it was begun: from now on its decisions are the ones that are counted."""
    actor, history = client.me(), client.history(intent.message)
    approved, rejected = (_count(history, kind, actor, intent.reviewer) for kind in _DECISIONS)
    with store.writing() as base:
        base.execute(
            "UPDATE intents SET actor = ?, approved_before = ?, rejected_before = ? WHERE entry = ?",
            (actor, approved, rejected, intent.entry),
        )
    return replace(intent, actor=actor, approved_before=approved, rejected_before=rejected)


def _settle(client: Client, store: Store, intent: _Intent, ending: Ending, refusal: str = "") -> Sent:
    told = say(_TOLD[ending], reason=refusal) if ending is Ending.REFUSED else say(_TOLD[ending])
    with store.writing() as base:
        base.execute(
            "UPDATE intents SET ending = ?, told = ?, settled_at = ? WHERE entry = ? AND ending IS NULL",
            (ending.value, told, client.access.clock.now(), intent.entry),
        )
    return Sent(intent.entry, intent.draft, intent.message, ending, told)


def _count(history: Sequence[Action], kind: str, actor: str, reviewer: str) -> int:
    """How often we did it. As EXTERNAL the history need not name the member."""
    return sum(
        action.kind == kind
        and (action.actor == actor or (reviewer == "EXTERNAL" and action.actor_type.startswith("EXTERNAL")))
        for action in history
    )


def _edits(history: Sequence[Action]) -> int:
    return sum(action.kind == "EDIT" for action in history)


def _known(store: Store, decision: Decision) -> _Intent | None:
    with store.reading() as base:
        row = base.execute(f"SELECT {_COLUMNS} FROM intents WHERE entry = ?", (decision.entry,)).fetchone()
    if row is None:
        return None
    intent = _read(row)
    if (intent.message, intent.decision == "APPROVE") != (decision.message, decision.approve):
        raise UsageError(f"Entry {decision.entry} of the record was sent as another decision. Is it another record?")
    return intent


def _open(store: Store) -> list[_Intent]:
    with store.reading() as base:
        rows = list(base.execute(f"SELECT {_COLUMNS} FROM intents WHERE ending IS NULL ORDER BY entry"))
    return [_read(row) for row in rows]


def _read(row: sqlite3.Row) -> _Intent:
    return _Intent(**{name: row[name] for name in row.keys()})  # noqa: SIM118 - a Row gives its values


# Afterwards


def follow(
    client: Client,
    store: Store,
    *,
    void: Callable[[str, int, str], object],
    published: Callable[[str, Publication], object],
) -> Iterator[str]:
    """What has become of each message that was approved, as lines for a person, until it was sent or is no more.

    Args:
        void: Called with the draft, the approval's entry and the reason, where that approval holds no longer.
        published: Called with the draft where Hootsuite has sent it.

    A crash at the wrong moment calls them again for the same thing: both must bear that. Of several approvals of one
    message the last that was sent counts.

    Raises:
        PostcheckError: as for `send`, and what the two raise.
    """
    with store.lock("follow"):
        with store.reading() as base:
            rows = list(
                base.execute(
                    f"SELECT {_COLUMNS} FROM intents AS this WHERE ending = 'done' AND decision = 'APPROVE'"
                    " AND NOT followed AND NOT EXISTS (SELECT 1 FROM intents AS later WHERE later.ending = 'done'"
                    " AND later.message = this.message AND later.entry > this.entry) ORDER BY entry"
                )
            )
        for intent in map(_read, rows):
            message = client.message(intent.message)
            history = client.history(intent.message)
            reason = "" if intent.voided else _why_void(intent, message, history)
            if reason:
                void(intent.draft, intent.entry, reason)
                _mark(store, intent, "voided")
                yield say("{draft}: the approval holds no longer. {reason}", draft=intent.draft, reason=reason)
            last = _last_state(message, history)
            if last == "SENT":
                when = next((action.time for action in reversed(history) if action.kind == "SEND"), "")
                post, url = (message.post_id, message.post_url) if message else ("", "")
                published(intent.draft, Publication(intent.entry, intent.message, post, url, when))
                yield say("{draft}: Hootsuite has published it.", draft=intent.draft)
            elif last == "FAILED":
                yield say("{draft}: Hootsuite could not publish it. Look at it there.", draft=intent.draft)
            if last:
                _mark(store, intent, "followed")


def _why_void(intent: _Intent, message: Message | None, history: Sequence[Action]) -> str:
    if _edits(history) > intent.edits_before:
        return say("It was edited in Hootsuite after it was checked.")
    if any(action.kind == "DELETE" for action in history):
        return say("It was deleted in Hootsuite.")
    if message is None:  # for a moment while it is being sent
        return ""
    if message.state == "REJECTED":
        return say("It was rejected in Hootsuite afterwards.")
    if message.state != "SENT" and message.digest != intent.digest:  # links may be shortened when it is sent
        return say("It is not what was checked any more.")
    return ""


def _last_state(message: Message | None, history: Sequence[Action]) -> str:
    """SENT, FAILED or DELETED, where it is one of them for good."""
    if message is not None and message.state == "SENT":
        return "SENT"
    if message is not None and message.state == "SEND_FAILED_PERMANENTLY":
        return "FAILED"
    return "DELETED" if any(action.kind == "DELETE" for action in history) else ""


def _mark(store: Store, intent: _Intent, column: str) -> None:
    with store.writing() as base:
        base.execute(f"UPDATE intents SET {column} = 1 WHERE entry = ?", (intent.entry,))
