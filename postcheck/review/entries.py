"""An entry of the record: what it must tell, and the bytes that its hash is over.

An entry is one object of canonical JSON (RFC 8785), so that whoever holds its text can work out its hash with no more
than `sha256sum`. Its number, its time and the hash of the entry before it are part of it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from postcheck.errors import UsageError

FIRST = "0" * 64
"""What the first entry has for the hash of the one before it."""
_MOST_KEY = 200
"""Characters of an idempotency key."""


class Kind(StrEnum):
    """What happened."""

    SUBMITTED = "submitted"  # handed in for review
    WITHDRAWN = "withdrawn"  # taken back by whoever handed it in
    DECISION = "decision"  # approve, reject or ask for changes
    WAIVER = "waiver"  # a finding may stand
    PUBLISHED = "published"  # with the platforms' message ids and addresses
    VOIDED = "voided"  # an approval holds no longer: the content changed
    LEGAL_HOLD = "legal-hold"  # must be kept beyond its time
    LEGAL_HOLD_LIFTED = "legal-hold-lifted"


REQUIRED: Mapping[Kind, Sequence[str]] = {
    Kind.SUBMITTED: ("by",),
    Kind.WITHDRAWN: ("by", "of"),
    Kind.DECISION: (
        "decision", "reviewer", "comment", "author", "texts", "media", "assets", "people", "schedule", "tool", "policy",
        "report", "questions", "waivers", "retention",
    ),
    Kind.WAIVER: ("check", "reason", "by"),
    Kind.PUBLISHED: ("by", "of", "messages"),
    Kind.VOIDED: ("by", "of", "reason"),
    Kind.LEGAL_HOLD: ("by", "reason"),
    Kind.LEGAL_HOLD_LIFTED: ("by", "reason"),
}  # fmt: skip
"""What the body of each must tell, beside the draft's id and revision."""
DRAFT = ("id", "revision")
_TABLES = ("assets", "media", "messages", "people", "questions", "texts", "waivers")
"""What is a list of tables wherever it is told."""
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class NewEntry:
    """What is to be appended. It gets its number and its time when it is."""

    kind: Kind
    body: Mapping[str, Any]
    """Plain JSON data, with the names of minors already hidden."""
    files: Mapping[str, Path] = field(default_factory=dict)
    """Where the bytes lie of the assets that the body says are kept, by their SHA-256 in hexadecimal."""
    key: str = ""
    """Of the request: whoever repeats it with the same key gets the entry that there is. "" for none."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One that was appended."""

    sequence: int
    """From 1, without a gap."""
    time: datetime
    """UTC, by the clock of the machine that wrote it."""
    previous: str
    kind: Kind
    body: Mapping[str, Any]
    key: str
    content: bytes
    """The canonical JSON of all this."""
    hash: str
    """SHA-256 of `content`, in hexadecimal."""


class BrokenEntry(ValueError):
    """Why bytes are no entry, for a person."""


def hash_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def canonical(value: Any) -> bytes:
    """
    Raises:
        UsageError: it holds what canonical JSON cannot: a number that is none, or beyond 2^53, or no plain data.
    """
    import rfc8785

    try:
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, UnicodeEncodeError) as error:
        raise UsageError(f"This cannot be recorded: {error}.") from None


def plain(value: Any) -> Any:
    """The value as JSON data; bytes of a file's name that are no UTF-8 as escapes."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode("utf-8")
    if isinstance(value, Mapping):
        return {plain(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value


def judge(new: NewEntry) -> None:
    """
    Raises:
        UsageError: it does not tell what an entry of its kind must, tells it of no draft, or in another form.
    """
    draft = new.body.get("draft")
    if not isinstance(draft, Mapping) or any(name not in draft for name in DRAFT) or not draft["id"]:
        raise UsageError(f"An entry of the kind `{new.kind}` must name its draft by `id` and `revision`.")
    missing = [name for name in REQUIRED[new.kind] if name not in new.body]
    if missing:
        raise UsageError(f"An entry of the kind `{new.kind}` must tell {', '.join(f'`{name}`' for name in missing)}.")
    for name in _TABLES:
        value = new.body.get(name, ())
        if not isinstance(value, list | tuple) or not all(isinstance(item, Mapping) for item in value):
            raise UsageError(f"`{name}` of an entry must be a list of tables.")
    for asset in new.body.get("assets", ()):
        if not isinstance(asset.get("name"), str) or not isinstance(asset.get("kept"), bool):
            raise UsageError("An asset of an entry must have a `name`, and `kept` that is true or false.")
        if not _SHA256.fullmatch(str(asset.get("sha256"))):
            raise UsageError(f"The asset {asset['name']} must have its `sha256`, in 64 hexadecimal digits.")
    if len(new.key) > _MOST_KEY:
        raise UsageError(f"The key of a request may have {_MOST_KEY} characters; this one has {len(new.key)}.")


def sealed(new: NewEntry, sequence: int, time: datetime, previous: str) -> Entry:
    """The entry, with its hash.

    Raises:
        UsageError: it cannot be written as canonical JSON.
    """
    moment = time.astimezone(UTC)
    content = canonical(
        {
            "sequence": sequence,
            "time": moment.isoformat(timespec="microseconds"),
            "previous": previous,
            "kind": new.kind.value,
            "key": new.key,
            "body": plain(new.body),
        }
    )
    try:
        return read(content)
    except BrokenEntry as error:
        raise UsageError(f"This cannot be recorded: {error}.") from None


def read(content: bytes) -> Entry:
    """The entry that these bytes are.

    Raises:
        BrokenEntry: they are none.
    """
    try:
        data = json.loads(content.decode("utf-8"))
    except (UnicodeDecodeError, ValueError, RecursionError):
        raise BrokenEntry("it is not JSON") from None
    if not isinstance(data, dict) or set(data) != {"sequence", "time", "previous", "kind", "key", "body"}:
        raise BrokenEntry("it has not the keys of an entry")
    try:
        if canonical(data) != content:
            raise BrokenEntry("it is not written as canonical JSON")
        time = datetime.fromisoformat(data["time"])
        entry = Entry(
            sequence=data["sequence"],
            time=time,
            previous=data["previous"],
            kind=Kind(data["kind"]),
            body=data["body"],
            key=data["key"],
            content=content,
            hash=hash_of(content),
        )
        judge(NewEntry(entry.kind, entry.body, key=entry.key))
    except BrokenEntry:
        raise
    except (UsageError, ValueError, TypeError, AttributeError) as error:
        raise BrokenEntry(f"it cannot be read ({error})") from None
    if type(entry.sequence) is not int or not isinstance(entry.body, dict) or time.utcoffset() is None:
        raise BrokenEntry("its number, its time or its body is of the wrong kind")
    return entry
