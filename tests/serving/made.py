"""Accounts for tests: a quick hasher that counts, and moments."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from argon2 import PasswordHasher

from postcheck.serving.accounts import Accounts, Person, Role

NOW = datetime(2026, 11, 12, 18, 0, tzinfo=UTC)
SECRET = "maple thistle owl"
HERE, THERE = "192.0.2.1", "198.51.100.7"


def after(**time: float) -> datetime:
    return NOW + timedelta(**time)


class Counting:
    """argon2 with the least work there is."""

    def __init__(self, time_cost: int = 1) -> None:
        self.hasher = PasswordHasher(time_cost=time_cost, memory_cost=8, parallelism=1)
        self.calls: list[str] = []

    def hash(self, password: bytes, /) -> str:
        self.calls.append("hash")
        return self.hasher.hash(password)

    def verify(self, hash: str, password: bytes, /) -> bool:  # noqa: A002
        self.calls.append("verify")
        return self.hasher.verify(hash, password)

    def check_needs_rehash(self, hash: str, /) -> bool:  # noqa: A002
        return self.hasher.check_needs_rehash(hash)


def opened(folder: Path) -> Accounts:
    """With jo, who writes and decides, and pat, whom only a proxy signs in."""
    accounts = Accounts(folder / "accounts.sqlite", hasher=Counting())
    accounts.add("jo", [Role.CREATOR, Role.REVIEWER], SECRET, NOW)
    accounts.add("pat@example.gov", [Role.PUBLISHER], None, NOW)
    return accounts


def signed_in(accounts: Accounts, name: str = "jo", now: datetime = NOW) -> Person:
    person = accounts.check(name, SECRET, HERE, now)
    assert isinstance(person, Person)
    return person
