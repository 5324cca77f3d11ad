"""Who may sign in, with which roles, and who is signed in.

An account is made at the command line, never on the page, and none is there by default. It is removed, never deleted:
the record names it, and its name is never given to somebody else.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from postcheck.errors import UsageError
from postcheck.review.standing import is_same_person
from postcheck.serving import attempts, naming, passwords
from postcheck.serving.passwords import Busy, Hasher, Passwords
from postcheck.serving.store import Store

if TYPE_CHECKING:
    import sqlite3

LOCAL = "local"
PROXY = "proxy"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
"""As `secrets.token_urlsafe(32)` writes it."""
_TOUCHED = 60.0
"""Seconds in which a session is written to once, however often it is asked for."""
_SET_BACK = 300.0
"""Seconds by which the clock may be set back without ending sessions."""
_BUSY = 2
"""Seconds after which another attempt is worth while."""
_COLUMNS = "id, name, folded, roles, hash, generation, made, removed"


class Role(StrEnum):
    """What each may do is told in permissions.py."""

    CREATOR = "creator"
    REVIEWER = "reviewer"
    PUBLISHER = "publisher"
    RECORDS = "records"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is signed in."""

    name: str
    """Of the account, as it was added."""
    roles: frozenset[Role]
    issuer: str
    """Who says so: `LOCAL`, postcheck itself by a password, or `PROXY`."""
    generation: int = field(default=0, compare=False, repr=False)
    """Of the account: another one after its password or roles have changed."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Nobody is signed in. Whether it was the name or the password is not told."""

    retry_after: int
    """Whole seconds until another attempt is looked at; 0 for none."""
    looked: bool
    """Was the password looked at? Not so during a wait, or where too many come at once."""


@dataclass(frozen=True, slots=True)
class Account:
    """As `list` tells of it."""

    name: str
    roles: frozenset[Role]
    has_password: bool
    """Without one only a proxy signs the person in."""
    made: datetime
    removed: datetime | None


@dataclass(frozen=True, slots=True)
class _Row:
    id: int
    name: str
    folded: str
    roles: str
    hash: str | None
    generation: int
    made: float
    removed: float | None

    def person(self, issuer: str) -> Person:
        return Person(self.name, _roles(self.roles), issuer, self.generation)


class Accounts:
    """Those of one file. For one process; several processes may have the same file open.

    Args:
        path: The file, or the folder under whose `.postcheck` it lies. It is made when it is first needed.
        hasher: For tests; by default argon2id with the parameters that argon2-cffi recommends.
        idle: A session ends when nothing was asked for so long.
        whole: A session ends after so long in any case.
    """

    def __init__(
        self,
        path: Path,
        *,
        hasher: Hasher | None = None,
        idle: timedelta = timedelta(minutes=60),
        whole: timedelta = timedelta(hours=12),
    ) -> None:
        self._store = Store(path)
        self._passwords = Passwords(hasher)
        self._idle = idle.total_seconds()
        self._whole = whole.total_seconds()

    @property
    def path(self) -> Path:
        return self._store.path

    def close(self) -> None:
        self._store.close()

    # Accounts

    def judge_new(self, name: str) -> None:
        """
        Raises:
            UsageError: `name` is no name, or belongs to an account, also to a removed one, or may be taken for one.
        """
        with self._store.reading() as base:
            _judge_new(base, naming.written(name))

    def judge_there(self, name: str) -> None:
        """
        Raises:
            UsageError: there is no account `name`, or it was removed.
        """
        self._there(name)

    def add(self, name: str, roles: Collection[Role], password: str | None, now: datetime | None = None) -> None:
        """`password`: None where only a proxy signs the person in.

        Raises:
            UsageError: as `judge_new`; no role; the password is none; the file cannot be written.
        """
        name = naming.written(name)
        kept_roles = _written_roles(roles)
        self.judge_new(name)  # before the work on the password
        hashed = None if password is None else self._hash(password, name)
        with self._store.writing() as base:
            _judge_new(base, name)
            base.execute(
                "INSERT INTO accounts (name, folded, looks, roles, hash, made) VALUES (?, ?, ?, ?, ?, ?)",
                (
                    name,
                    naming.fold(name),
                    naming.looks(name),
                    kept_roles,
                    hashed,
                    _seconds(now or datetime.now(UTC)),
                ),
            )

    def set_password(self, name: str, password: str) -> None:
        """The person's sessions end, and so does waiting.

        Raises:
            UsageError: there is no such account; the password is none; the file cannot be written.
        """
        account = self._there(name)
        hashed = self._hash(password, account.name)
        with self._store.writing() as base:
            account = _there(base, name)
            base.execute("UPDATE accounts SET hash = ?, generation = generation + 1 WHERE id = ?", (hashed, account.id))
            base.execute("DELETE FROM sessions WHERE account = ?", (account.id,))
            attempts.forget(base, account.folded, account.id)

    def set_roles(self, name: str, roles: Collection[Role]) -> None:
        """These and no others. The person's sessions end.

        Raises:
            UsageError: there is no such account; no role; the file cannot be written.
        """
        written = _written_roles(roles)
        with self._store.writing() as base:
            account = _there(base, name)
            base.execute(
                "UPDATE accounts SET roles = ?, generation = generation + 1 WHERE id = ?", (written, account.id)
            )
            base.execute("DELETE FROM sessions WHERE account = ?", (account.id,))

    def remove(self, name: str, now: datetime | None = None) -> None:
        """The person's sessions end, and nobody signs in by this name again. The password's hash goes.

        Raises:
            UsageError: there is no such account; the file cannot be written.
        """
        with self._store.writing() as base:
            account = _there(base, name)
            base.execute("DELETE FROM sessions WHERE account = ?", (account.id,))
            attempts.forget(base, account.folded, account.id)
            base.execute(
                "UPDATE accounts SET hash = NULL, removed = ?, generation = generation + 1 WHERE id = ?",
                (_seconds(now or datetime.now(UTC)), account.id),
            )

    def list(self) -> tuple[Account, ...]:
        """By name, the removed ones too.

        Raises:
            UsageError: the file cannot be read.
        """
        if not self.path.exists():
            return ()
        with self._store.reading() as base:
            rows = [_Row(*row) for row in base.execute(f"SELECT {_COLUMNS} FROM accounts ORDER BY folded")]
        return tuple(
            Account(row.name, _roles(row.roles), row.hash is not None, _moment(row.made), _moment(row.removed))
            for row in rows
        )

    def person(self, name: str, issuer: str) -> Person | None:
        """Whose account has this name, where `issuer` says that they are signed in; None where there is none, or it was
        removed.

        Raises:
            UsageError: the file cannot be read.
        """
        with self._store.reading() as base:
            account = _found(base, naming.fold(name))
        return account.person(issuer) if account and account.removed is None else None

    def knows(self, name: str) -> bool:
        """Is there an account of this name, also one that was removed? Of an address, up to the @ is enough.

        Raises:
            UsageError: the file cannot be read.
        """
        return any(is_same_person(account.name, name) for account in self.list())

    def _there(self, name: str) -> _Row:
        with self._store.reading() as base:
            return _there(base, name)

    def _hash(self, password: str, name: str) -> str:
        passwords.judge(password, name)
        try:
            return self._passwords.hash(password)
        except Busy:
            raise UsageError("Too many people are signing in. Try again in a moment.") from None

    # Signing in

    def check(self, name: str, password: str, address: str | None, now: datetime) -> Person | Refusal:
        """Who signs in by this name and password. How often it may be tried is told in attempts.py.

        It takes a tenth of a second: a server calls it in a thread of its own, not in its event loop.

        `address`: of whoever asks; None for a Unix socket.

        Raises:
            UsageError: the file cannot be read or written.
        """
        folded, where, moment = naming.fold(name), attempts.place(address), _seconds(now)
        with self._store.writing() as base:
            account = _found(base, folded)
            begun = attempts.begin(base, folded, where, account.id if account else None, moment)
        if begun.wait:
            return Refusal(begun.wait, looked=False)
        kept = account.hash if account else None  # a removed account has none
        try:
            is_right = self._passwords.is_right(kept, password)
        except Busy:
            with self._store.writing() as base:
                attempts.take_back(base, begun)
            return Refusal(_BUSY, looked=False)
        except UnicodeEncodeError:  # half a character: nobody's password
            is_right = False
        anew = self._passwords.hashed_anew(kept, password) if is_right and kept else None
        with self._store.writing() as base:
            now_there = _found(base, folded)
            # A new password, new roles or a removal while we were at work: nobody knows which of the two was meant.
            is_same = account and now_there and account.generation == now_there.generation
            if not is_right or account is None or not is_same:
                return Refusal(attempts.wait_now(base, begun, folded, where, moment), looked=True)
            attempts.succeeded(base, begun, folded, where, account.id, moment)
            if anew:
                base.execute("UPDATE accounts SET hash = ? WHERE id = ? AND hash = ?", (anew, account.id, kept))
        return account.person(LOCAL)

    # Sessions

    def open_session(self, person: Person, now: datetime) -> str:
        """The token of a new session, for a person as `check` gave them. It is kept nowhere but in the browser: the
        file has its SHA-256.

        Raises:
            UsageError: the account was changed or removed since; the file cannot be written.
        """
        token, moment = secrets.token_urlsafe(32), _seconds(now)
        with self._store.writing() as base:
            account = _there(base, person.name)
            if account.generation != person.generation:
                raise UsageError(f"The account of {person.name} was changed a moment ago. Sign in again.")
            base.execute(
                "DELETE FROM sessions WHERE opened <= ? OR seen <= ?", (moment - self._whole, moment - self._idle)
            )
            base.execute(
                "INSERT INTO sessions (token, account, generation, opened, seen) VALUES (?, ?, ?, ?, ?)",
                (_digest(token), account.id, account.generation, moment, moment),
            )
        return token

    def person_of(self, token: str, now: datetime) -> Person | None:
        """Whose session it is; None where it has ended, or never was one.

        Raises:
            UsageError: the file cannot be read or written.
        """
        if not _TOKEN.fullmatch(token):
            return None
        digest, moment = _digest(token), _seconds(now)
        with self._store.reading() as base:
            row = base.execute(
                "SELECT a.name, a.roles, a.generation, s.opened, s.seen FROM sessions s JOIN accounts a"
                " ON a.id = s.account WHERE s.token = ? AND a.removed IS NULL AND a.generation = s.generation",
                (digest,),
            ).fetchone()
        if row is None:
            return None
        name, roles, generation, opened, seen = row
        # One that was opened in the future is none: the clock was set back far, and nobody knows how old it is.
        if not (-_SET_BACK <= moment - opened < self._whole and -_SET_BACK <= moment - seen < self._idle):
            self.end_session(token)
            return None
        if moment - seen >= _TOUCHED:
            with self._store.writing() as base:
                base.execute("UPDATE sessions SET seen = ? WHERE token = ? AND seen < ?", (moment, digest, moment))
        return Person(name, _roles(roles), LOCAL, generation)

    def end_session(self, token: str) -> None:
        """
        Raises:
            UsageError: the file cannot be written.
        """
        with self._store.writing() as base:
            base.execute("DELETE FROM sessions WHERE token = ?", (_digest(token),))

    def end_all(self, name: str) -> None:
        """Every session of a person.

        Raises:
            UsageError: the file cannot be written.
        """
        with self._store.writing() as base:
            account = _found(base, naming.fold(name))
            if account:
                base.execute("DELETE FROM sessions WHERE account = ?", (account.id,))


def _found(base: sqlite3.Connection, folded: str) -> _Row | None:
    if not folded.isascii():  # no name of an account, and perhaps nothing that SQLite takes
        return None
    row = base.execute(f"SELECT {_COLUMNS} FROM accounts WHERE folded = ?", (folded,)).fetchone()
    return _Row(*row) if row else None


def _there(base: sqlite3.Connection, name: str) -> _Row:
    account = _found(base, naming.fold(name))
    if account is None:
        raise UsageError(f"There is no account `{name}`. `postcheck accounts list` tells which there are.")
    if account.removed is not None:
        raise UsageError(f"The account `{account.name}` was removed, and stays so: the record names it.")
    return account


def _judge_new(base: sqlite3.Connection, name: str) -> None:
    known = _found(base, naming.fold(name))
    if known and known.removed is not None:
        raise UsageError(
            f"The account `{known.name}` was removed, and its name is given to nobody else: the record names it. "
            "Take another."
        )
    if known:
        raise UsageError(f"There is an account `{known.name}` already.")
    like = base.execute("SELECT name FROM accounts WHERE looks = ?", (naming.looks(name),)).fetchone()
    if like:
        raise UsageError(f"`{name}` may be taken for the account `{like[0]}`. Take a name that reads differently.")


def _written_roles(roles: Collection[Role]) -> str:
    if not roles:
        raise UsageError("An account has at least one role: " + ", ".join(Role) + ".")
    return ",".join(role for role in Role if role in roles)


def _roles(written: str) -> frozenset[Role]:
    return frozenset(map(Role, written.split(",")))


def _digest(token: str) -> bytes:
    return sha256(token.encode("utf-8", "backslashreplace")).digest()


def _seconds(now: datetime) -> float:
    if now.tzinfo is None:
        raise ValueError("a moment has a time zone here")
    return now.timestamp()


def _moment(seconds: Any) -> Any:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
