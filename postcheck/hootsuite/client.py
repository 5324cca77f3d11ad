"""Requests to Hootsuite: what waits for approval, one message, its history; approving and rejecting.

Reading is tried again where no answer comes, for a while. A decision is asked for once: whoever calls looks at the
message and its history before asking again (`approval.py`).
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from postcheck.errors import UsageError
from postcheck.hootsuite.http import (
    Access,
    NotSent,
    Patience,
    Refused,
    SignInAgain,
    Unanswered,
    sent,
    told_to_wait,
    words,
)
from postcheck.hootsuite.tokens import Tokens

if TYPE_CHECKING:
    import httpx

WAITING = "PENDING_APPROVAL"
WINDOW = timedelta(weeks=4)
"""The longest stretch of time that one request may ask for."""
BEHIND = timedelta(weeks=4)
"""How far back, and how far ahead, messages are looked for by the time at which they are to be sent."""
AHEAD = timedelta(weeks=52)
_PAGE = 100
_MOST_PAGES = 1000
_PER_SECOND = 20
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_PUBLISHED = (
    "text", "socialProfile", "scheduledSendTime", "mediaUrls", "media", "targeting", "privacy", "location",
    "extendedInfo",
)  # fmt: skip
"""What of a message goes out, or says where and when. Its state, tags and reviewers do not."""


@dataclass(frozen=True, slots=True)
class Message:
    """One that is scheduled, waits, or was sent. There is one for each social profile."""

    id: str
    state: str
    text: str
    profile: str
    profile_url: str
    send_at: str
    """ISO 8601 in UTC, ending in Z; "" for one that is sent as soon as it is approved."""
    media: tuple[str, ...]
    """Hootsuite's ids of what was uploaded to it."""
    media_urls: tuple[str, ...]
    sequence: int | None
    """Which step of the approval it is at; None where it is not to be approved."""
    created_by: str
    post_id: str
    post_url: str
    digest: str
    """`sha256:` over all of it that is published."""


@dataclass(frozen=True, slots=True)
class Action:
    """A line of a message's history."""

    kind: str
    """CREATE, APPROVE, REJECT, EDIT, SEND, DELETE and others, as Hootsuite calls them."""
    actor: str
    actor_type: str
    time: str


@dataclass(frozen=True, slots=True)
class Profile:
    id: str
    type: str
    name: str
    """"" where Hootsuite tells none, as for X."""


class Client:
    """As whoever is signed in. Threads may share it."""

    def __init__(self, tokens: Tokens) -> None:
        self.tokens = tokens
        self.access: Access = tokens.given
        self._next = 0.0
        self._turn = threading.Lock()

    # Reading

    def waiting(self, behind: timedelta = BEHIND, ahead: timedelta = AHEAD) -> Iterator[Message]:
        """Every message that waits for approval and is to be sent in that stretch of time, and those without a time.

        Raises:
            PostcheckError: as for every request here: nobody is signed in, Hootsuite refuses, or gives no answer.
        """
        now = datetime.fromtimestamp(int(self.access.clock.now()), UTC)
        start, end = now - behind, now + ahead
        seen: set[str] = set()
        while start < end:
            until = min(start + WINDOW, end)
            for data in self._pages(start, until):
                message = read_message(data)
                if message.state == WAITING and message.id not in seen:
                    seen.add(message.id)
                    yield message
            start = until

    def _pages(self, start: datetime, until: datetime) -> Iterator[Mapping[str, Any]]:
        asked = {
            "startTime": _moment(start),
            "endTime": _moment(until),
            "state": WAITING,
            "limit": str(_PAGE),
            "includeUnscheduledReviewMsgs": "true",
        }
        cursors: set[str] = set()
        for _ in range(_MOST_PAGES):
            told = self._read("/v1/messages", asked)
            yield from _list(told.get("data"))
            cursor = _table(_table(told.get("metadata")).get("cursor")).get("next")
            if not cursor:
                return
            if not isinstance(cursor, str) or cursor in cursors:
                break
            cursors.add(cursor)
            asked["cursor"] = cursor
        raise UsageError("Hootsuite's list of messages has no end, so it is not used. Try again later.")

    def message(self, message_id: str) -> Message | None:
        """None where there is none (any more)."""
        told = self._found(f"/v1/messages/{_checked(message_id)}")
        return None if told is None else read_message(_table(told.get("data")))

    def history(self, message_id: str) -> tuple[Action, ...]:
        """The oldest first; empty where there is no such message."""
        told = self._found(f"/v1/messages/{_checked(message_id)}/history")
        actions = [
            Action(
                _text(item.get("actionType")),
                _text(item.get("actorId")),
                _text(item.get("actorType")),
                _text(item.get("timestamp")),
            )
            for item in _list(_table((told or {}).get("data")).get("actions"))
        ]
        return tuple(sorted(actions, key=lambda action: action.time))

    def profiles(self) -> dict[str, Profile]:
        told = self._read("/v1/socialProfiles")
        found = (
            Profile(_text(item.get("id")), _text(item.get("type")), _text(item.get("socialNetworkUsername")))
            for item in _list(told.get("data"))
        )
        return {profile.id: profile for profile in found}

    def me(self) -> str:
        """Hootsuite's number of who is signed in."""
        if not self.tokens.member:
            member = _text(_table(self._read("/v1/me").get("data")).get("id"))
            if not member:
                raise UsageError("Hootsuite does not tell who is signed in.")
            self.tokens.note_member(member)
        return self.tokens.member

    def member_name(self, member_id: str) -> str:
        """ "" where it may not be asked for."""
        try:
            told = self._found(f"/v1/members/{_checked(member_id)}")
        except Refused:
            return ""
        return _text(_table((told or {}).get("data")).get("fullName"))

    def media_url(self, media_id: str) -> str:
        """Where the file lies, for some minutes; "" while Hootsuite is not done with it."""
        if not re.fullmatch(r"[A-Za-z0-9+/=_-]{1,2000}", media_id):
            raise UsageError("Hootsuite names a file in a way that is not understood.")
        from urllib.parse import quote

        return _text(_table(self._read(f"/v1/media/{quote(media_id, safe='')}").get("data")).get("downloadUrl"))

    # Deciding

    def approve(self, message_id: str, sequence: int, reviewer: str) -> None:
        """Ask once.

        `reviewer`: EXTERNAL or MEMBER, as which Hootsuite knows whoever is signed in.

        Raises:
            Refused: Hootsuite said no.
            Unanswered: it is not known whether it was done: look before asking again.
            NotSent: it was surely not done.
        """
        self._decide(message_id, "approve", {"sequenceNumber": sequence, "reviewerType": reviewer})

    def reject(self, message_id: str, sequence: int, reviewer: str, reason: str) -> None:
        """As `approve`. The creator sees the reason."""
        asked = {"sequenceNumber": sequence, "reviewerType": reviewer, "reason": reason}
        self._decide(message_id, "reject", asked)

    def _decide(self, message_id: str, what: str, body: dict[str, Any]) -> None:
        token = self.tokens.access()
        response = self._once("POST", f"/v1/messages/{_checked(message_id)}/{what}", token, json=body)
        if response.is_success:
            return
        if response.status_code == 401:
            self.tokens.access(rejected=token)
            raise Unanswered("Hootsuite takes the sign-in no more.")
        if response.status_code in (408, 429) or response.status_code >= 500:
            raise Unanswered(f"Hootsuite failed: {words(response)}.")
        raise Refused(f"Hootsuite refused: {words(response)}.", response.status_code)

    # All requests

    def _found(self, path: str) -> Mapping[str, Any] | None:
        try:
            return self._read(path)
        except Refused as error:
            if error.status == 404:
                return None
            raise

    def _read(self, path: str, query: Mapping[str, str] | None = None) -> Mapping[str, Any]:
        patience = Patience(self.access.clock)
        is_renewed = False
        while True:
            token = self.tokens.access()
            told: float | None = None
            try:
                response = self._once("GET", path, token, params=query)
            except (NotSent, Unanswered) as error:
                failed: UsageError = error
            else:
                if response.is_success:
                    return _json(response)
                if response.status_code == 401 and not is_renewed:
                    is_renewed = True
                    self.tokens.access(rejected=token)
                    continue
                if response.status_code == 401:
                    raise SignInAgain("Hootsuite takes the sign-in no more. Sign in: postcheck hootsuite sign-in.")
                if response.status_code not in (408, 429) and response.status_code < 500:
                    raise Refused(f"Hootsuite refused: {words(response)}.", response.status_code)
                told = told_to_wait(response, self.access.clock.now())
                failed = Unanswered(f"Hootsuite failed: {words(response)}.")
            if not patience.wait(told):
                raise Unanswered(f"{failed} It was tried {patience.tries} times. Try again later.")

    def _once(self, method: str, path: str, token: str, **arguments: Any) -> httpx.Response:
        self._await_turn()
        with self.access.client() as client:
            return sent(client, method, path, headers={"Authorization": f"Bearer {token}"}, **arguments)

    def _await_turn(self) -> None:
        """At most 20 requests in a second."""
        clock = self.access.clock
        with self._turn:
            now = clock.ticks()
            at = max(now, self._next)
            self._next = at + 1 / _PER_SECOND
        if at > now:
            clock.sleep(at - now)


def read_message(data: Mapping[str, Any]) -> Message:
    """
    Raises:
        UsageError: it is not what Hootsuite's description says a message is.
    """
    message_id, state = _text(data.get("id")), _text(data.get("state"))
    if not _ID.fullmatch(message_id) or not state:
        raise UsageError("Hootsuite sent a message that is not understood, so nothing is done with it.")
    sequence = data.get("sequenceNumber")
    is_number = isinstance(sequence, int | float) and not isinstance(sequence, bool) and int(sequence) == sequence
    profile = _table(data.get("socialProfile"))
    media = [_text(item.get("id")) for item in _list(data.get("media"))]
    urls = [_text(item.get("url")) for item in _list(data.get("mediaUrls"))]
    if "" in media or "" in urls:
        raise UsageError(f"Hootsuite does not tell every file of message {message_id}, so nothing is done with it.")
    return Message(
        id=message_id,
        state=state,
        text=_text(data.get("text")),
        profile=_text(profile.get("id")),
        profile_url=_text(profile.get("externalURL")),
        send_at=_text(data.get("scheduledSendTime")),
        media=tuple(media),
        media_urls=tuple(urls),
        sequence=int(sequence) if is_number and sequence is not None else None,
        created_by=_text(_table(data.get("createdByMember")).get("id")),
        post_id=_text(data.get("postId")),
        post_url=_text(data.get("postUrl")),
        digest=digest_of(data),
    )


def digest_of(data: Mapping[str, Any]) -> str:
    """Over what is published of a message; null and absent are the same."""
    told = {name: _without_nothing(data.get(name)) for name in _PUBLISHED}
    canonical = json.dumps({name: value for name, value in told.items() if value}, sort_keys=True, ensure_ascii=True)
    return f"sha256:{hashlib.sha256(canonical.encode()).hexdigest()}"


def _without_nothing(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _without_nothing(item) for key, item in value.items() if item not in (None, "", [], {})}
    if isinstance(value, list):
        return [_without_nothing(item) for item in value]
    return value


def _moment(value: datetime) -> str:
    return value.strftime("%Y-%m-%dT%H:%M:%SZ")


def _checked(name: str) -> str:
    if not _ID.fullmatch(name):
        raise UsageError("This is no id of Hootsuite's.")
    return name


def _json(response: httpx.Response) -> Mapping[str, Any]:
    try:
        data = response.json()
    except ValueError:
        data = None
    if not isinstance(data, Mapping):
        raise UsageError("Hootsuite's answer is not understood.")
    return data


def _text(value: Any) -> str:
    return value if isinstance(value, str) else str(value) if isinstance(value, int) else ""


def _table(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: Any) -> Sequence[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []
