"""The SQLite file of accounts, sessions and attempts to sign in. Only its owner may read it.

Rows of sessions and attempts are deleted when they are over. Accounts are not: the record names them, and the file
refuses to delete or rename one.
"""

from __future__ import annotations

import os
import stat
import threading
import time as clock
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from postcheck.disk import make_folder, set_up, sync_folder
from postcheck.errors import UsageError
from postcheck.review.records import FOLDER

if TYPE_CHECKING:
    import sqlite3

FILE = "accounts.sqlite"
_OPENING = 1.0
"""Seconds in which opening the file is tried again."""
_WAIT = 20.0
"""Seconds to wait for another process that is writing."""

SCHEMA = (
    (
        "CREATE TABLE accounts (id INTEGER PRIMARY KEY, name TEXT NOT NULL, folded TEXT NOT NULL UNIQUE,"
        " looks TEXT NOT NULL UNIQUE, roles TEXT NOT NULL, hash TEXT, generation INTEGER NOT NULL DEFAULT 1,"
        " made REAL NOT NULL, removed REAL)"
    ),
    (
        "CREATE TRIGGER no_delete BEFORE DELETE ON accounts BEGIN"
        " SELECT RAISE(ABORT, 'accounts are removed, never deleted'); END"
    ),
    (
        "CREATE TRIGGER no_rename BEFORE UPDATE OF id, name, folded, looks ON accounts BEGIN"
        " SELECT RAISE(ABORT, 'accounts are never renamed'); END"
    ),
    (
        "CREATE TRIGGER no_return BEFORE UPDATE ON accounts WHEN OLD.removed IS NOT NULL BEGIN"
        " SELECT RAISE(ABORT, 'a removed account stays as it is'); END"
    ),
    (
        "CREATE TABLE sessions (token BLOB PRIMARY KEY, account INTEGER NOT NULL REFERENCES accounts,"
        " generation INTEGER NOT NULL, opened REAL NOT NULL, seen REAL NOT NULL) WITHOUT ROWID"
    ),
    "CREATE INDEX sessions_of ON sessions (account)",
    (
        "CREATE TABLE attempts (name TEXT NOT NULL, address TEXT NOT NULL, failures REAL NOT NULL, last REAL NOT NULL,"
        " PRIMARY KEY (name, address))"
    ),
    (
        "CREATE TABLE known (account INTEGER NOT NULL REFERENCES accounts, address TEXT NOT NULL, seen REAL NOT NULL,"
        " PRIMARY KEY (account, address)) WITHOUT ROWID"
    ),
)
"""What the file is made of. Times are in seconds since 1970, UTC."""


def accounts_file(given: Path) -> Path:
    """`given` itself, or in a folder the file that lies there under `.postcheck`."""
    return given / FOLDER / FILE if given.is_dir() else given


class Store:
    """One connection, for all threads of a process in turn; several processes may use the file at once.

    It stays open, for opening a file takes longer than what is asked of it, and is opened anew where somebody put
    another file in its place, such as a copy from a backup.
    """

    def __init__(self, path: Path) -> None:
        self.path = accounts_file(path)
        self._lock = threading.RLock()
        self._base: sqlite3.Connection | None = None
        self._file: tuple[int, int] | None = None

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """
        Raises:
            UsageError: the file cannot be opened or read.
        """
        with self._lock, self._told():
            yield self._opened()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction. Once this is left without an error, what was written outlives a loss of power.

        Raises:
            UsageError: the file cannot be opened or written.
        """
        with self._lock, self._told():
            base = self._opened()
            base.execute("BEGIN IMMEDIATE")
            try:
                yield base
                base.execute("COMMIT")
            except BaseException:
                if base.in_transaction:  # after some errors SQLite has rolled back by itself
                    base.execute("ROLLBACK")
                raise

    def close(self) -> None:
        with self._lock:
            if self._base is not None:
                self._base.close()
            self._base = self._file = None

    @contextmanager
    def _told(self) -> Iterator[None]:
        import sqlite3

        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise UsageError(f"{self.path}: the accounts cannot be read or written: {error}.") from None

    def _opened(self) -> sqlite3.Connection:
        if self._base is not None and self._file == _identity(self.path):
            return self._base
        self.close()
        import sqlite3

        _make_private(self.path)
        until = clock.monotonic() + _OPENING
        while True:
            base = sqlite3.connect(self.path, timeout=_WAIT, isolation_level=None, check_same_thread=False)
            try:
                _set_up(base, self.path)
                break
            except BaseException as error:
                base.close()
                # While another process is the first to open the file or the last to close it, SQLite may not wait.
                if not isinstance(error, sqlite3.OperationalError) or clock.monotonic() > until:
                    raise
            clock.sleep(0.02)
        self._base, self._file = base, _identity(self.path)
        return base


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def _make_private(path: Path) -> None:
    """Make the file where it is not there, for its owner alone. SQLite gives the files beside it the same mode."""
    make_folder(path.parent)
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        sync_folder(path.parent)
    if os.name != "nt" and stat.S_IMODE(path.stat().st_mode) & 0o077:  # such as after a copy
        path.chmod(0o600)


def _set_up(base: sqlite3.Connection, path: Path) -> None:

    if _tables(base) and "accounts" not in _tables(base):
        raise UsageError(f"{path}: this file belongs to another program, and no accounts are made in it.")
    base.execute("PRAGMA foreign_keys = ON")
    # An account that was removed does not come back after a loss of power.
    set_up(base, is_made=lambda: "accounts" in _tables(base), statements=SCHEMA, wait=_WAIT)


def _tables(base: sqlite3.Connection) -> set[str]:
    return {name for (name,) in base.execute("SELECT name FROM sqlite_master")}
