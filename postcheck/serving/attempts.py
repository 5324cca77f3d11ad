"""How often somebody may try to sign in.

Three things are counted, and a failure is forgotten again with time (`Limit`):

- a name at an address: whoever guesses one person's password waits longer and longer, up to a quarter of an hour;
- an address with any name: whoever tries one password with many names;
- a name from any address: whoever guesses from many computers at once.

Why it is so:

- Names that are no account's are counted in the very same way. Otherwise the waiting would tell which names are there.
- What is refused during a wait is not counted and not looked at, a right password neither: an answer would tell that
  it is right. A wait therefore ends by itself, however often somebody knocks.
- An attempt is counted before the password is looked at, and taken back where it was right. A hundred at the same
  moment are a hundred. A right password takes back its own attempt and nothing else: nobody wipes out failures with
  other people's names by signing in with their own in between.
- One attacker locks nobody out from elsewhere. At one address they have 15 attempts at a name in the first half hour
  and four an hour after that, of which the name forgets ten an hour: they never reach the `free` ones of NAME, from
  where on other addresses wait. Many computers together do reach them. Then new addresses wait, never longer than five
  minutes at a time, and those at which the person has signed in during the last month (`known`) do not: there, only
  failures with this name at this address count. They are not held up by others at the same address either, as where a
  whole town hall is one address, or a proxy stands in front. It is over within an hour of the attack's end, and a new
  password (`postcheck accounts password`) clears it at once.
- That leaves an attacker 288 guesses a day at one name, from however many computers at new addresses.
- A flood of names or addresses does not fill the file: it holds `MOST` rows at most. Those with the fewest failures go
  first, so that nobody washes a full count away with rows of one failure.
- Names are kept as SHA-256: people type their password into the wrong field.
- A network of IPv6 addresses (/56) is one address, for a single home has them all.
"""

from __future__ import annotations

import ipaddress
import math
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3

MOST = 20_000
"""Rows of attempts, some 2 MB."""
_KNOWN_FOR = 30 * 24 * 3600.0
"""Seconds."""
_KNOWN_EACH = 20
"""Addresses of an account."""
_NETWORK = 56
"""Bits."""


@dataclass(frozen=True, slots=True)
class Limit:
    free: int
    """Failures after which the waiting begins."""
    first: float
    """Seconds to wait; they double with each failure."""
    most: float
    """Seconds, at most."""
    forgets: float
    """Seconds in which one failure is forgotten."""

    def wait(self, failures: float) -> float:
        steps = math.ceil(failures) - self.free
        return min(self.most, self.first * 2.0**steps) if steps >= 0 else 0.0

    @property
    def ceiling(self) -> float:
        """More failures change nothing, and are not counted: the wait is at its longest."""
        return self.free + math.ceil(math.log2(self.most / self.first))


NAME_AT_ADDRESS = Limit(free=5, first=2, most=900, forgets=1800)
ADDRESS = Limit(free=30, first=2, most=300, forgets=60)
NAME = Limit(free=50, first=30, most=300, forgets=360)


@dataclass(frozen=True, slots=True)
class Begun:
    """What an attempt is counted under; nothing where it must wait."""

    wait: int
    """Whole seconds."""
    counted: tuple[tuple[str, str], ...]


def place(address: str | None) -> str:
    """What is counted as one address. None, for a Unix socket, is one too."""
    try:
        ip = ipaddress.ip_address((address or "").partition("%")[0])
    except ValueError:
        return "elsewhere" if address else "here"
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is None:
            return str(ipaddress.ip_network((ip, _NETWORK), strict=False))
        ip = ip.ipv4_mapped
    return str(ip)


def begin(base: sqlite3.Connection, folded: str, where: str, account: int | None, now: float) -> Begun:
    """Count an attempt, unless it must wait."""
    limits = _limits(folded, where)
    if _is_known(base, account, where, now):
        limits = limits[:1]
    wait = max(_wait(base, *key, limit, now) for key, limit in limits)
    if wait:
        return Begun(wait, ())
    for (name, address), limit in limits:
        failures = min(limit.ceiling, _failures(base, name, address, limit, now)[0] + 1)
        base.execute("INSERT OR REPLACE INTO attempts VALUES (?, ?, ?, ?)", (name, address, failures, now))
    _thin_out(base, now)
    return Begun(0, tuple(key for key, _ in limits))


def wait_now(base: sqlite3.Connection, begun: Begun, folded: str, where: str, now: float) -> int:
    """Whole seconds until another attempt is looked at, after one that failed."""
    return max(_wait(base, *key, limit, now) for key, limit in _limits(folded, where) if key in begun.counted)


def take_back(base: sqlite3.Connection, begun: Begun) -> None:
    """The attempt was no failure."""
    for name, address in begun.counted:
        base.execute(
            "UPDATE attempts SET failures = max(0, failures - 1) WHERE name = ? AND address = ?", (name, address)
        )


def succeeded(base: sqlite3.Connection, begun: Begun, folded: str, where: str, account: int, now: float) -> None:
    take_back(base, begun)
    base.execute("DELETE FROM attempts WHERE name = ? AND address = ?", (_digest(folded), where))
    base.execute("INSERT OR REPLACE INTO known VALUES (?, ?, ?)", (account, where, now))
    base.execute("DELETE FROM known WHERE seen < ?", (now - _KNOWN_FOR,))
    base.execute(
        "DELETE FROM known WHERE account = ?1 AND address NOT IN"
        " (SELECT address FROM known WHERE account = ?1 ORDER BY seen DESC LIMIT ?2)",
        (account, _KNOWN_EACH),
    )


def forget(base: sqlite3.Connection, folded: str, account: int) -> None:
    """All that is counted under a name, and where its person signed in: it has a new password."""
    base.execute("DELETE FROM attempts WHERE name = ?", (_digest(folded),))
    base.execute("DELETE FROM known WHERE account = ?", (account,))


def _limits(folded: str, where: str) -> tuple[tuple[tuple[str, str], Limit], ...]:
    name = _digest(folded)
    return ((name, where), NAME_AT_ADDRESS), (("", where), ADDRESS), ((name, ""), NAME)


def _digest(folded: str) -> str:
    return sha256(folded.encode("utf-8", "backslashreplace")).hexdigest()


def _failures(base: sqlite3.Connection, name: str, address: str, limit: Limit, now: float) -> tuple[float, float]:
    """Those that are not forgotten, and the seconds since the last."""
    row = base.execute("SELECT failures, last FROM attempts WHERE name = ? AND address = ?", (name, address)).fetchone()
    if row is None:
        return 0.0, 0.0
    since = max(0.0, now - row[1])  # the clock may have been set back
    return max(0.0, row[0] - since / limit.forgets), since


def _wait(base: sqlite3.Connection, name: str, address: str, limit: Limit, now: float) -> int:
    failures, since = _failures(base, name, address, limit, now)
    return math.ceil(max(0.0, limit.wait(failures) - since))


def _is_known(base: sqlite3.Connection, account: int | None, where: str, now: float) -> bool:
    found = base.execute("SELECT seen FROM known WHERE account = ? AND address = ?", (account, where)).fetchone()
    return found is not None and now - found[0] < _KNOWN_FOR


def _thin_out(base: sqlite3.Connection, now: float) -> None:
    if base.execute("SELECT count(*) FROM attempts").fetchone()[0] <= MOST:
        return
    base.execute(
        "DELETE FROM attempts"
        " WHERE last + failures * CASE WHEN name = '' THEN ? WHEN address = '' THEN ? ELSE ? END < ?",
        (ADDRESS.forgets, NAME.forgets, NAME_AT_ADDRESS.forgets, now),
    )
    over = base.execute("SELECT count(*) FROM attempts").fetchone()[0] - MOST
    if over > 0:  # a tenth at once, not a few with every attempt
        base.execute(
            "DELETE FROM attempts WHERE rowid IN (SELECT rowid FROM attempts ORDER BY failures, last LIMIT ?)",
            (over + MOST // 10,),
        )
