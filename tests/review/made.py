"""Records made for tests."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from postcheck.review.entries import Kind, NewEntry
from postcheck.review.records import SCHEMA, Records
from postcheck.review.verifying import verify

START = datetime(2026, 11, 12, 17, 0, tzinfo=UTC)


def new(number: int = 1, *, key: str = "", **more: Any) -> NewEntry:
    body = {"draft": {"id": "posts/leaf-day", "revision": number}, "by": "r.reviewer@example.gov", **more}
    return NewEntry(Kind.SUBMITTED, body, key=key)


def with_asset(path: Path, number: int = 1) -> NewEntry:
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    asset = {"name": path.name, "sha256": sha256, "kept": True}
    made = new(number, assets=[asset])
    return NewEntry(made.kind, made.body, {sha256: path})


def filled(folder: Path, count: int = 5) -> Records:
    """A record of `count` entries, an hour apart; each second one has a key."""
    records = Records(folder)
    for number in range(1, count + 1):
        key = f"request-{number}" if number % 2 == 0 else ""
        records.append(new(number, key=key), now=START + timedelta(hours=number))
    return records


@contextmanager
def tampered(records: Records) -> Iterator[sqlite3.Connection]:
    """The file as somebody changes it who knows how to take the triggers away, and to put them back."""
    base = sqlite3.connect(records.path, isolation_level=None)
    triggers = [name for name in SCHEMA if name != "entries"]
    for name in triggers:
        base.execute(f"DROP TRIGGER {name}")
    yield base
    for name in triggers:
        base.execute(SCHEMA[name])
    base.close()


def faults(records: Records) -> list[str]:
    return [str(fault) for fault in verify(records).faults]
