"""Passwords: which are taken, how they are kept (argon2id), and how many are worked on at once.

After NIST SP 800-63B: length counts, there are no rules of composition and no changes by the calendar, and what is
common, repeats itself or names the account is refused.
"""

from __future__ import annotations

import secrets
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from postcheck.errors import UsageError
from postcheck.serving.naming import fold
from postcheck.serving.words import WORDS

SHORTEST = 12
LONGEST = 1_000
"""Characters. What is longer is refused before anything is worked out of it."""
_AT_ONCE = 2
"""Each takes some 50 ms of a processor or more, and 64 MiB."""
_IN_LINE = 8
"""Those that wait for a turn hold a thread of the server each; who comes after them is sent away at once."""
_WORDS_OF_A_PHRASE = 7
"""Of 256 words each: 56 bits."""

_COMMON = frozenset(
    (
        "password1234", "password12345", "password123456", "password2024", "password2025", "password2026",
        "password2027", "mypassword123", "passw0rd1234", "p@ssw0rd1234", "p@ssword1234", "qwertyuiop12",
        "qwertyuiop123", "qwertyuiop[]", "qwerty123456", "1q2w3e4r5t6y", "1qaz2wsx3edc", "zaq12wsxcde3",
        "asdfghjkl123", "iloveyou1234", "iloveyou12345", "letmein12345", "letmein123456", "welcome12345",
        "welcome123456", "welcome12024", "administrator", "administrator1", "admin1234567", "admin12345678",
        "changeme1234", "changeme12345", "change me now", "temporarypassword", "temppassword", "defaultpassword",
        "secretpassword", "trustno1trustno1", "football1234", "baseball1234", "sunshine1234", "princess1234",
        "superman1234", "michael12345", "monkey123456", "dragon123456", "master123456", "abcd12345678",
        "abc123456789", "a1b2c3d4e5f6", "123456789abc", "123456abcdef", "correct horse battery staple",
        "correcthorsebatterystaple", "thisismypassword", "this is my password", "socialmedia1", "socialmedia123",
        "cityhall1234", "postcheck1234", "postcheckpostcheck",
    )
)  # fmt: skip
"""Of those with twelve characters and more, the ones that are tried first."""
_ROWS = ("abcdefghijklmnopqrstuvwxyz", "01234567890123456789", "qwertyuiopasdfghjklzxcvbnm")
_PERIOD = 4
"""A text of so many characters that is only written again and again is no password."""


class Hasher(Protocol):
    """What `argon2.PasswordHasher` does of this."""

    def hash(self, password: bytes, /) -> str: ...
    def verify(self, hash: str, password: bytes, /) -> bool: ...  # noqa: A002 - argon2's own word
    def check_needs_rehash(self, hash: str, /) -> bool: ...  # noqa: A002


class Busy(Exception):
    """Too many passwords are being looked at; this one was not."""


class Passwords:
    """One for each process: it is here that they take turns."""

    def __init__(self, hasher: Hasher | None = None) -> None:
        self._hasher = hasher
        self._decoy = ""
        self._lock = threading.Lock()
        self._at_once = threading.BoundedSemaphore(_AT_ONCE)
        self._admitted = threading.BoundedSemaphore(_AT_ONCE + _IN_LINE)

    def hash(self, password: str) -> str:
        """
        Raises:
            Busy: too many are being worked on.
        """
        with self._turn() as hasher:
            return hasher.hash(_bytes(password))

    def is_right(self, kept: str | None, password: str) -> bool:
        """Is `password` that of the hash `kept`? Where there is none it takes as long to say no: the same work is done
        on a hash that belongs to nobody, so that the time tells nobody which names are there.

        Raises:
            Busy: too many are being looked at.
        """
        from argon2.exceptions import InvalidHashError, VerificationError

        if len(password) > LONGEST:
            return False
        with self._turn() as hasher:
            with self._lock:  # made with the first attempt, whatever its name
                self._decoy = self._decoy or hasher.hash(secrets.token_bytes(16))
            try:
                return hasher.verify(kept or self._decoy, _bytes(password)) and kept is not None
            except (VerificationError, InvalidHashError):
                return False

    def hashed_anew(self, kept: str, password: str) -> str | None:
        """A hash by today's parameters, where `kept` is by others; None where it is not, or there is no turn for it
        now: then the next sign-in does it."""
        try:
            with self._turn() as hasher:
                return hasher.hash(_bytes(password)) if hasher.check_needs_rehash(kept) else None
        except Busy:
            return None

    @contextmanager
    def _turn(self) -> Iterator[Hasher]:
        if not self._admitted.acquire(blocking=False):
            raise Busy
        try:
            with self._at_once:
                if self._hasher is None:
                    from argon2 import PasswordHasher

                    self._hasher = PasswordHasher()
                yield self._hasher
        finally:
            self._admitted.release()


def judge(password: str, name: str) -> None:
    """
    Raises:
        UsageError: `password` cannot be that of the account `name`. The message does not quote it.
    """
    if len(password) > LONGEST:
        raise UsageError(f"The password has more than {LONGEST:,} characters. Take a shorter one.")
    try:
        _bytes(password)
    except UnicodeEncodeError:
        raise UsageError("The password holds what is no character. Type it again.") from None
    if len(unicodedata.normalize("NFKC", password)) < SHORTEST:
        raise UsageError(
            f"The password has fewer than {SHORTEST} characters. Take {SHORTEST} or more, such as five or six words "
            "that have nothing to do with each other."
        )
    folded = fold(password)
    if folded in _COMMON or _repeats(folded) or any(folded in row + row or folded in row[::-1] for row in _ROWS):
        raise UsageError("The password is one of the first that are tried. Take another.")
    left = folded
    for part in (fold(name), fold(name).partition("@")[0]):
        left = left.replace(part, "") if len(part) > 2 else left
    if len(left) < 4 and left != folded:
        raise UsageError("The password is the account's name, or little more. Take another.")


def passphrase() -> str:
    """A random one, for `--generate`."""
    return "-".join(secrets.choice(WORDS) for _ in range(_WORDS_OF_A_PHRASE))


def _repeats(text: str) -> bool:
    return any(text == (text[:length] * len(text))[: len(text)] for length in range(1, _PERIOD + 1))


def _bytes(password: str) -> bytes:
    """Normalized: keyboards write the same é in two ways.

    Raises:
        UnicodeEncodeError: it holds half a character.
    """
    return unicodedata.normalize("NFKC", password).encode("utf-8")
