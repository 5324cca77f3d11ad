"""Is the record what was written? Every entry's hash, its place in the chain, every asset's bytes, and the end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from postcheck.errors import UsageError
from postcheck.review.entries import FIRST, BrokenEntry, Entry, hash_of, read
from postcheck.review.records import SCHEMA, Head, Records, Row, rows

_KINDS = (b"integer", b"blob", b"text")


@dataclass(frozen=True, slots=True)
class Fault:
    """What was found to be wrong, and where."""

    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.where}: {self.message}"


@dataclass(frozen=True, slots=True)
class Verified:
    head: Head
    """Of what is there now."""
    assets: int
    """That are kept, each counted once."""
    faults: tuple[Fault, ...]
    is_held_against_a_head: bool


def verify(records: Records, head: Head | None = None) -> Verified:
    """Look at all of it. Without a `head` from elsewhere nobody can tell whether entries were cut off at the end.

    Raises:
        UsageError: there is no record; where a head tells that there was one, that is a fault.
    """
    if head is not None and not records.path.is_file():
        fault = Fault(str(records.path), f"it is missing; the head tells of {head.sequence} entries")
        return Verified(Head(0, FIRST), 0, (fault,), True)
    found: list[Fault] = []
    chain = Chain(head)
    assets: dict[str, str] = {}
    with_file = _of_file(records)
    if with_file is not None:
        found.append(with_file)
    try:
        with records.reading() as base:
            for row in rows(base):
                found += chain.faults(row)
                if chain.entry:
                    found += _of_assets(records, chain.entry, assets)
    except UsageError as error:
        found.append(Fault("the file", str(error)))
    found += chain.at_the_end()
    return Verified(Head(chain.last, chain.hash), len(assets), tuple(found), head is not None)


def _of_file(records: Records) -> Fault | None:
    """What SQLite itself finds, and whether what forbids changes is still there.

    Raises:
        UsageError: there is no file.
    """
    if not records.path.is_file():
        with records.reading():  # says so
            pass
    try:
        with records.reading() as base:
            found = [str(row[0]) for row in base.execute("PRAGMA integrity_check(5)")]
            made = dict(base.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall())
    except UsageError as error:
        return Fault("the file", str(error))
    if found != ["ok"]:
        return Fault("the file", f"SQLite finds it damaged: {'; '.join(found)}")
    if made != SCHEMA:
        names = sorted(name for name in {*made, *SCHEMA} if made.get(name) != SCHEMA.get(name))
        return Fault(
            "the file", f"it is not made as postcheck makes it, so it may have been changed: {', '.join(names)}"
        )
    return None


class Chain:
    """Holds each row against what came before it. Who changed one entry is told of that one, not of all after it."""

    def __init__(self, head: Head | None = None) -> None:
        self._head = head
        self._met_head = head is None or head.sequence == 0
        self._may_follow = {FIRST}
        """The hashes by which the next entry may name the one before it."""
        self.last = 0
        self.hash = FIRST
        self.entry: Entry | None = None
        """The one looked at last, where it could be read."""

    def faults(self, row: Row) -> Iterator[Fault]:
        """What is wrong with the next row."""
        self.entry = None
        if type(row.sequence) is not int or not isinstance(row.content, bytes) or not isinstance(row.hash, bytes):
            yield Fault(f"entry {row.sequence!r}", "it is no entry: something else stands in its columns")
            return
        where, number, due = f"entry {row.sequence}", row.sequence, self.last + 1
        found: list[str] = []
        if row.kinds[:3] != _KINDS or row.kinds[3] not in (b"text", b"null"):
            found.append("its columns are not of the kinds that postcheck writes")
        if number != due:
            yield _missing(due, number - 1) if number > due else Fault(where, "its number is none that can be")
        real, noted = hash_of(row.content), row.hash.decode("ascii", "replace")
        if real != noted:
            found.append(f"it was changed: its hash is {real}, and {noted} was noted for it")
        previous = ""
        try:
            self.entry = read(row.content)
            previous = self.entry.previous
            if self.entry.sequence != number:
                found.append(f"it stands in the wrong place: it says that it is entry {self.entry.sequence}")
            if (row.key or b"") != self.entry.key.encode("utf-8", "replace"):
                found.append("the key of its request was changed")
        except BrokenEntry as error:
            found.append(str(error))
        if number == due and self.entry and previous not in self._may_follow:
            found.append("it does not follow the entry before it: one was changed, removed, put in or swapped")
        yield from (Fault(where, message) for message in found)
        if self._head and number == self._head.sequence:
            self._met_head = True
            if noted != self._head.hash:
                yield Fault(where, f"it is not the one that the head names, whose hash is {self._head.hash}")
        self._may_follow = {real, noted} if found else {real}
        self.last, self.hash = number, noted

    def at_the_end(self) -> Iterator[Fault]:
        if self._head and not self._met_head:
            if self.last < self._head.sequence:
                yield _missing(self.last + 1, self._head.sequence, "cut off at the end: ")
            else:
                yield Fault(f"entry {self._head.sequence}", "it is missing, and the head names it")


def _missing(first: int, last: int, how: str = "") -> Fault:
    if first == last:
        return Fault(f"entry {first}", f"{how}it is missing")
    return Fault(f"entries {first} to {last}", f"{how}they are missing")


def _of_assets(records: Records, entry: Entry, known: dict[str, str]) -> Iterable[Fault]:
    """`known`: what is wrong with each that was looked at, by its hash."""
    listed = entry.body.get("assets", ())
    for asset in listed if isinstance(listed, list) else ():
        if not isinstance(asset, dict) or not asset.get("kept"):
            continue
        sha256 = str(asset.get("sha256"))
        if sha256 not in known:
            known[sha256] = records.assets.fault(sha256)
        if known[sha256]:
            yield Fault(f"entry {entry.sequence}, asset {asset.get('name')}", known[sha256])
