"""The record: an SQLite file to which entries are only ever added, each sealed with the hash of the one before it.

The file refuses changes by itself (triggers), and `verify` finds those that were made past it. What was cut off at the
end can only be seen by its head, the last number and hash, kept somewhere else.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from postcheck.disk import make_folder, set_up, sync_folder
from postcheck.errors import Stale, UsageError
from postcheck.messages import say
from postcheck.review.assets import AssetStore
from postcheck.review.entries import FIRST, BrokenEntry, Entry, NewEntry, canonical, judge, plain, read, sealed
from postcheck.review.words import what_was_done

if TYPE_CHECKING:
    import sqlite3

FOLDER = ".postcheck"
FILE = "records.sqlite"
HEAD_SCHEMA = "postcheck-records-head/1"
_WAIT = 60.0
"""Seconds to wait for another process that is writing."""

SCHEMA = {
    "entries": (
        "CREATE TABLE entries (sequence INTEGER PRIMARY KEY, content BLOB NOT NULL, hash TEXT NOT NULL UNIQUE,"
        " key TEXT UNIQUE)"
    ),
    "no_update": (
        "CREATE TRIGGER no_update BEFORE UPDATE ON entries BEGIN"
        " SELECT RAISE(ABORT, 'entries of the record are never changed'); END"
    ),
    "no_delete": (
        "CREATE TRIGGER no_delete BEFORE DELETE ON entries BEGIN"
        " SELECT RAISE(ABORT, 'entries of the record are never deleted'); END"
    ),
    "no_replace": (
        "CREATE TRIGGER no_replace BEFORE INSERT ON entries"
        " WHEN EXISTS (SELECT 1 FROM entries WHERE sequence = NEW.sequence OR hash = NEW.hash OR key = NEW.key) BEGIN"
        " SELECT RAISE(ABORT, 'entries of the record are never replaced'); END"
    ),
}
"""What the file is made of, by name. The third trigger holds where a connection left `recursive_triggers` off, by which
alone REPLACE asks the second."""


@dataclass(frozen=True, slots=True)
class Row:
    """An entry as it lies in the file, whatever was done to it."""

    sequence: Any
    content: Any
    hash: Any
    key: Any
    kinds: tuple[bytes, ...]
    """As what SQLite keeps each of the four: `integer`, `blob`, `text`, `null`."""


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry's number and hash; 0 and `FIRST` where there is none."""

    sequence: int
    hash: str

    def text(self) -> str:
        return json.dumps({"schema": HEAD_SCHEMA, "sequence": self.sequence, "hash": self.hash}, indent=1) + "\n"

    def write(self, path: Path) -> None:
        """
        Raises:
            UsageError: it cannot be written.
        """
        try:
            path.write_text(self.text(), encoding="utf-8", newline="\n")
        except OSError as error:
            raise UsageError(f"{path}: the head cannot be written: {error.strerror}.") from None

    @classmethod
    def load(cls, path: Path) -> Head:
        """
        Raises:
            UsageError: it cannot be read, or is no head.
        """
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise UsageError(f"{path}: the head cannot be read: {error.strerror}.") from None
        except ValueError:
            data = None
        if not isinstance(data, dict) or data.get("schema") != HEAD_SCHEMA:
            raise UsageError(
                f"{path}: this is no head of a record. `postcheck records verify --write-head` writes one."
            )
        head = cls(data.get("sequence", -1), data.get("hash", ""))
        if type(head.sequence) is not int or head.sequence < 0 or not isinstance(head.hash, str):
            raise UsageError(f"{path}: its number or its hash is of the wrong kind.")
        return head


def records_file(given: Path) -> Path:
    """`given` itself, or in a folder the file that lies there under `.postcheck`."""
    return given / FOLDER / FILE if given.is_dir() else given


class Records:
    """A record, by its file or the folder it belongs to. Several processes may use one at once."""

    def __init__(self, path: Path) -> None:
        self.path = records_file(path)
        self.assets = AssetStore(self.path.with_suffix(".assets"))

    @property
    def folder(self) -> Path:
        """The folder it belongs to, from which drafts are named."""
        here = self.path.parent
        return here.parent if here.name == FOLDER else here

    def append(self, new: NewEntry, *, now: datetime | None = None, after: int | None = None) -> Entry:
        """Add an entry. Once this returns, it outlives a crash and a loss of power.

        Args:
            new: What it tells.
            now: Its time, for tests; by default this moment.
            after: The number of the last entry that whoever decided has seen, 0 for none. Of several who decide on the
                same draft at once, one is heard.

        Raises:
            Stale: the draft has an entry with a higher number than `after`.
            UsageError: it does not tell what it must; an asset changed since it was checked; its key was used for
                something else; the record cannot be written, or its last entry is damaged.
        """
        import sqlite3

        judge(new)
        for asset in new.body.get("assets", ()):
            if asset.get("kept") and asset["sha256"] not in new.files:
                raise UsageError(f"{asset['name']} is to be kept, and nobody says where it lies.")
        for sha256, source in new.files.items():
            self.assets.keep(source, sha256)
        try:
            with self._writable() as base:
                base.execute("BEGIN IMMEDIATE")
                try:
                    entry = self._appended(base, new, now or datetime.now(UTC), after)
                    base.execute("COMMIT")
                except BaseException:
                    _roll_back(base)
                    raise
        except (sqlite3.Error, OSError) as error:
            raise UsageError(f"{self.path}: the record cannot be written, so nothing is recorded: {error}.") from None
        return entry

    def _appended(self, base: sqlite3.Connection, new: NewEntry, now: datetime, after: int | None) -> Entry:
        if new.key:
            known = base.execute("SELECT content FROM entries WHERE key = ?", (new.key,)).fetchone()
            if known:
                return self._repeated(known[0], new)
        if after is not None:
            self._refuse_later(base, new, after)
        last = base.execute("SELECT sequence, content, hash FROM entries ORDER BY sequence DESC LIMIT 1").fetchone()
        sequence, previous = 1, FIRST
        if last:
            before = self._read(last[1], last[0])
            if (before.sequence, before.hash) != (last[0], last[2]):
                raise self._damaged(last[0])
            sequence, previous = before.sequence + 1, before.hash
        entry = sealed(new, sequence, now, previous)
        base.execute(
            "INSERT INTO entries (sequence, content, hash, key) VALUES (?, ?, ?, ?)",
            (entry.sequence, entry.content, entry.hash, entry.key or None),
        )
        return entry

    def _refuse_later(self, base: sqlite3.Connection, new: NewEntry, after: int) -> None:
        """Only what is later, and holds the draft's name somewhere, is looked at: all others wait meanwhile.

        Raises:
            Stale: the draft has an entry after this one.
        """
        name = plain(new.body["draft"]["id"])
        later = base.execute(
            "SELECT sequence, content FROM entries WHERE sequence > ? AND instr(content, ?) ORDER BY sequence DESC",
            (after, canonical(name)),
        )
        for sequence, content in later:
            entry = self._read(content, sequence)
            if entry.body["draft"]["id"] == name:
                raise Stale(meanwhile(entry))

    def _repeated(self, content: bytes, new: NewEntry) -> Entry:
        entry = self._read(content, 0)
        if entry.kind is not new.kind or canonical(entry.body) != canonical(plain(new.body)):
            raise UsageError(f"The key `{new.key}` belongs to entry {entry.sequence}, which says something else.")
        return entry

    def get(self, sequence: int) -> Entry:
        """
        Raises:
            UsageError: there is no such entry, or it is damaged.
        """
        with self.reading() as base:
            row = base.execute("SELECT content FROM entries WHERE sequence = ?", (sequence,)).fetchone()
            last = base.execute("SELECT max(sequence) FROM entries").fetchone()[0]
        if row is None:
            raise UsageError(f"{self.path}: there is no entry {sequence}; the last is {last or 0}.")
        return self._read(row[0], sequence)

    def with_key(self, key: str) -> Entry | None:
        """The entry of a request that was made already; None where there is none, and of a request without a key.

        Raises:
            UsageError: the record cannot be read, or the entry is damaged.
        """
        if not key or not self.path.is_file():
            return None
        with self.reading() as base:
            known = (
                base.execute("SELECT content FROM entries WHERE key = ?", (key,)).fetchone() if _is_made(base) else None
            )
        return self._read(known[0], 0) if known else None

    def list(self, after: int | None = None) -> Iterator[Entry]:
        """Every entry, or those after number `after`, the oldest first.

        Raises:
            UsageError: there is no record, or an entry is damaged.
        """
        with self.reading() as base:
            for row in rows(base, after) if _is_made(base) else ():
                yield self._read(row.content, row.sequence)

    def head(self) -> Head:
        """
        Raises:
            UsageError: there is no record.
        """
        with self.reading() as base:
            last = "SELECT sequence, hash FROM entries ORDER BY sequence DESC LIMIT 1"
            row = base.execute(last).fetchone() if _is_made(base) else None
        return Head(*row) if row else Head(0, FIRST)

    def _read(self, content: Any, sequence: int) -> Entry:
        try:
            return read(bytes(content))
        except (BrokenEntry, TypeError, ValueError):
            raise self._damaged(sequence) from None

    def _damaged(self, sequence: int) -> UsageError:
        where = f"entry {sequence}" if sequence else "an entry"
        return UsageError(f"{self.path}: {where} is damaged. `postcheck records verify` tells what is wrong.")

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """The file as it is at one moment, read only.

        Raises:
            UsageError: it is not there, is no record, or cannot be read.
        """
        import sqlite3

        if not self.path.is_file():
            raise UsageError(f"{self.path}: there is no record. Name its file, or the folder it belongs to: --records.")
        address = self.path.absolute().as_uri()
        try:
            with closing(self._opened(address)) as base:
                base.execute("BEGIN")
                yield base
        except sqlite3.Error as error:
            raise UsageError(f"{self.path}: the record cannot be read: {error}.") from None

    def _opened(self, address: str) -> sqlite3.Connection:
        import sqlite3

        base = sqlite3.connect(f"{address}?mode=ro", uri=True, timeout=_WAIT, isolation_level=None)
        try:
            base.execute("SELECT 1 FROM sqlite_master").fetchone()
        except sqlite3.OperationalError:
            base.close()
            log = self.path.with_name(f"{self.path.name}-wal")
            if log.exists() and log.stat().st_size:  # it holds entries that are not in the file itself yet
                raise
            # In a folder that cannot be written, such as on a disc: nobody else writes there either.
            base = sqlite3.connect(f"{address}?mode=ro&immutable=1", uri=True, isolation_level=None)
        return base

    @contextmanager
    def _writable(self) -> Iterator[sqlite3.Connection]:
        import sqlite3

        is_new = not self.path.exists()
        make_folder(self.path.parent)
        with closing(sqlite3.connect(self.path, timeout=_WAIT, isolation_level=None)) as base:
            if _is_of_others(base):
                raise UsageError(f"{self.path}: this file belongs to another program, and no record is begun in it.")
            set_up(base, is_made=lambda: _is_made(base), statements=SCHEMA.values(), wait=_WAIT)
            if is_new:
                sync_folder(self.path.parent)
            yield base


def meanwhile(entry: Entry) -> str:
    """Why who has not seen this entry must look again."""
    return say("{what} Look at the draft again before you go on.", what=what_was_done(entry))


def rows(base: sqlite3.Connection, after: int | None = None) -> Iterator[Row]:
    """As they lie there, in order; texts as bytes, since they may be none any more."""
    base.text_factory = bytes
    kinds = "typeof(sequence), typeof(content), typeof(hash), typeof(key)"
    wanted, values = ("", ()) if after is None else (" WHERE sequence > ?", (after,))
    found = base.execute(f"SELECT sequence, content, hash, key, {kinds} FROM entries{wanted} ORDER BY sequence", values)
    for sequence, content, hash_, key, *kinds_found in found:
        yield Row(sequence, content, hash_, key, tuple(kinds_found))


def _roll_back(base: sqlite3.Connection) -> None:
    if base.in_transaction:  # after some errors SQLite has done it by itself
        base.execute("ROLLBACK")


def _is_of_others(base: sqlite3.Connection) -> bool:
    names = {name for (name,) in base.execute("SELECT name FROM sqlite_master")}
    return bool(names) and "entries" not in names


def _is_made(base: sqlite3.Connection) -> bool:
    """Has it any table? Triggers that somebody took away are not put back without a word: `verify` tells of them."""
    return base.execute("SELECT 1 FROM sqlite_master WHERE name = 'entries'").fetchone() is not None
