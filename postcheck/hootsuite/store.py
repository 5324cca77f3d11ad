"""`.postcheck/hootsuite.sqlite`: the tokens, and every decision that is to be sent, written down before it is.

Only its owner may read it. What is written outlives a crash and a loss of power once the call returns.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from postcheck.errors import UsageError

FOLDER = ".postcheck"
FILE = "hootsuite.sqlite"
_WAIT = 300.0
"""Seconds to wait for another process; longer than it may wait for Hootsuite."""
_SYNCHRONOUS = "FULL"

_SCHEMA = (
    # The one pair of tokens in force, and the refresh that was begun with it and has no answer yet.
    "CREATE TABLE IF NOT EXISTS tokens (id INTEGER PRIMARY KEY CHECK (id = 1), access TEXT NOT NULL,"
    " refresh TEXT NOT NULL, expires_at REAL NOT NULL, member TEXT NOT NULL DEFAULT '',"
    " refresh_begun_at REAL, refresh_begun_with TEXT, refresh_tries INTEGER NOT NULL DEFAULT 0)",
    # A sign-in whose answer is still to come.
    "CREATE TABLE IF NOT EXISTS sign_in (state TEXT PRIMARY KEY, verifier TEXT NOT NULL, redirect TEXT NOT NULL,"
    " begun_at REAL NOT NULL)",
    # A decision: open until `ending` is told.
    "CREATE TABLE IF NOT EXISTS intents (entry INTEGER PRIMARY KEY, draft TEXT NOT NULL, message TEXT NOT NULL,"
    " decision TEXT NOT NULL, reason TEXT NOT NULL, sequence INTEGER NOT NULL, digest TEXT NOT NULL,"
    " actor TEXT NOT NULL, reviewer TEXT NOT NULL, approved_before INTEGER NOT NULL, rejected_before INTEGER NOT NULL,"
    " edits_before INTEGER NOT NULL, begun_at REAL NOT NULL, ending TEXT, told TEXT NOT NULL DEFAULT '',"
    " settled_at REAL, voided INTEGER NOT NULL DEFAULT 0, followed INTEGER NOT NULL DEFAULT 0)",
    "CREATE UNIQUE INDEX IF NOT EXISTS one_open ON intents (message) WHERE ending IS NULL",
)


class Store:
    """The file of one folder. Several processes and threads may use it at once."""

    def __init__(self, folder: Path) -> None:
        """`folder`: that of the settings, in which `.postcheck` lies."""
        self.path = folder / FOLDER / FILE
        self._is_set_up = False

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction, durable when the block is left and undone where it raises.

        Raises:
            UsageError: the file cannot be written.
        """
        with self._opened() as base:
            base.execute("BEGIN IMMEDIATE")
            try:
                yield base
                base.execute("COMMIT")
            except BaseException:
                if base.in_transaction:
                    base.execute("ROLLBACK")
                raise

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """
        Raises:
            UsageError: the file cannot be read.
        """
        with self._opened() as base:
            yield base

    @contextmanager
    def lock(self, what: str) -> Iterator[None]:
        """While the block runs, no other process or thread is in one for the same `what`. A crash opens it.

        It is a file beside the store, so that the store itself can be written meanwhile.

        Raises:
            UsageError: another is at it for minutes, or the file cannot be written.
        """
        self._make_folder()
        path = self.path.with_name(f"hootsuite-{what}.lock")
        try:
            with closing(sqlite3.connect(path, timeout=_WAIT, isolation_level=None)) as base:
                base.execute("BEGIN IMMEDIATE")
                yield
                base.execute("ROLLBACK")
        except sqlite3.OperationalError as error:
            raise UsageError(f"{path}: another postcheck is at work here: {error}. Run it again later.") from None

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        try:
            self._make_folder()
            if not self.path.exists():  # made before SQLite does, so that it is nobody else's to read at any moment
                os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))
            with closing(sqlite3.connect(self.path, timeout=_WAIT, isolation_level=None)) as base:
                base.row_factory = sqlite3.Row
                base.execute(f"PRAGMA synchronous = {_SYNCHRONOUS}")
                base.execute("PRAGMA secure_delete = ON")  # no old token stays behind in the file
                if not self._is_set_up:
                    self._set_up(base)
                yield base
        except sqlite3.IntegrityError:
            raise
        except (sqlite3.Error, OSError) as error:
            raise UsageError(f"{self.path}: cannot be read or written: {error}.") from None

    def _set_up(self, base: sqlite3.Connection) -> None:
        base.execute("BEGIN IMMEDIATE")
        for statement in _SCHEMA:
            base.execute(statement)
        base.execute("COMMIT")
        if os.name != "nt":
            self.path.chmod(0o600)
        self._is_set_up = True

    def _make_folder(self) -> None:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(f"{self.path.parent}: cannot be made: {error.strerror}.") from None
