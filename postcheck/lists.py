"""The city's own lists, as CSV or YAML: who may create, publish and release; its accounts; its register of releases.

Each is a file with one row to an entry and the columns below, under these names or those that the config gives them. A
cell that holds several (roles, accounts, platforms) divides them by commas or semicolons.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from postcheck.errors import did_you_mean
from postcheck.model import Account, Lists, Member, Release
from postcheck.source import Source
from postcheck.tree import Broken, read_yaml

COLUMNS: dict[str, tuple[str, ...]] = {
    "people": ("name", "roles", "accounts"),
    "accounts": ("name", "archive"),
    "releases": (
        "id", "subject", "minor", "signed_by", "date", "expires", "platforms", "purposes", "campaigns", "sha256",
    ),
}  # fmt: skip
ROLES = ("creator", "reviewer", "publisher", "emergency")
NOWHERE = ("no", "none", "false", "-", "not yet", "pending", "n/a", "tbd", "unknown", "?")
"""How a list says that an account is not archived."""
_YES, _NO = ("yes", "true", "y", "1", "minor"), ("no", "false", "n", "0", "", "adult")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_SHA256 = re.compile(r"(?:sha256:)?([0-9a-fA-F]{64})")
_MAX_BYTES = 20_000_000


class BadList(ValueError):
    """What is wrong with a list, for a person."""


@dataclass(frozen=True, slots=True)
class _Table:
    """A file as rows, each with the name by which its own program shows it. `header` is of a CSV file."""

    labels: list[str]
    rows: list[dict[str, Any]]
    header: list[str] | None = None


def read_list(what: str, path: Path, names: Mapping[str, str]) -> tuple[Any, ...]:
    """The entries of a file. `names` are those of its columns that differ from ours, by ours.

    Raises:
        BadList: with the row where there is one. The header of a CSV file is its row 1, as a spreadsheet counts.
    """
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise BadList(f"{path.name} has more than {_MAX_BYTES:,} bytes.")
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise BadList(f"{path.name} is not UTF-8: save it again as UTF-8.") from None
    except OSError as error:
        raise BadList(f"{path.name} cannot be read: {error.strerror}.") from None
    try:
        table = _yaml(text) if path.suffix.lower() in (".yaml", ".yml") else _csv(text)
        if table.header is not None:
            _judge_header(what, table.header, names)
        if what == "accounts" and not table.rows:
            raise BadList("it has no entries, so that no account could be told from another.")
    except Broken as broken:
        line, _ = Source(path.name, text).line_and_column(broken.offset)
        raise BadList(f"{path.name}, line {line}: {broken.message}") from None
    except BadList as error:
        raise BadList(f"{path.name}: {error}") from None
    try:
        return from_rows(what, [_ours(what, row, names) for row in table.rows], table.labels)
    except BadList as error:
        raise BadList(f"{path.name}, {error}") from None


def _ours(what: str, row: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """The row under our keys. A city's own file may have columns that are none of ours."""
    mapped = {_plain(theirs): key for key, theirs in names.items()}
    own = {key: key for key in COLUMNS[what] if key not in names}
    known = {**own, **mapped}
    return {known[_plain(name)]: value for name, value in row.items() if _plain(name) in known}


def _plain(name: str) -> str:
    """`Signed by` is our `signed_by`."""
    return re.sub(r"[\s-]+", "_", name.strip().casefold())


def _judge_header(what: str, header: Sequence[str], names: Mapping[str, str]) -> None:
    """
    Raises:
        BadList: what stands under a column would be passed over, or nobody could tell which of two counts.
    """
    plain = [_plain(name) for name in header]
    known = {_plain(theirs): key for key, theirs in names.items()}
    listed = "Its columns are " + ", ".join(f"`{name}`" for name in header) + "."
    for key, theirs in names.items():
        if _plain(theirs) not in plain:
            raise BadList(f"there is no column `{theirs}`, which the settings name for `{key}`. {listed}")
    first = COLUMNS[what][0]
    if first not in names and first not in plain:
        raise BadList(f'there is no column `{first}`. {listed} Name the right one in the settings: {first} = "...".')
    for name, shown in zip(plain, header, strict=True):
        if name and plain.count(name) > 1:
            raise BadList(f"the column `{shown}` is there more than once.")
        for key, sign in _SIGNS.items():
            if key in COLUMNS[what] and key not in (*plain, *names) and name not in known and sign.search(name):
                mend = f'Name it in the settings: {key} = "{shown}".'
                raise BadList(f"is the column `{shown}` what postcheck calls `{key}`? {mend}")


_SIGNS = {
    "expires": re.compile(r"expir|valid_(?:un)?til|valid_to|valid_through"),
    "minor": re.compile(r"(?:^|_)(?:is_)?(?:minor|child|underage)(?:_|$)"),
    "platforms": re.compile(r"platform|(?:^|_)channels?(?:_|$)"),
    "roles": re.compile(r"^roles?(?:_|$)"),
}
"""How a column may be named that limits what an entry allows: passed over, it would limit nothing."""


def _csv(text: str) -> _Table:
    import csv  # most cities' settings name no list
    import io

    lines = text.split("\n", 1)
    told = re.fullmatch(r"sep=(.)\r?", lines[0], re.IGNORECASE)  # a line of Excel's own
    delimiter = told[1] if told else max(",;\t", key=lines[0].count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    labels: list[str] = []
    found: list[dict[str, Any]] = []
    header: list[str] = []
    try:
        for number, row in enumerate(rows, 1):
            if not any(cell.strip() for cell in row) or (told and number == 1):
                continue
            if not header:
                header = [name.strip() for name in row]
                continue
            if len(row) < len(header) or any(cell.strip() for cell in row[len(header) :]):
                raise BadList(f"row {number} has {len(row)} cells, and the header {len(header)}.")
            labels.append(f"row {number}")
            found.append(dict(zip(header, row, strict=False)))
    except csv.Error as error:
        said = "a quotation mark is not closed" if "end of data" in str(error) else str(error)
        raise BadList(f"line {rows.line_num}: {said}.") from None
    if not header:
        raise BadList("it is empty.")
    return _Table(labels, found, header)


def _yaml(text: str) -> _Table:
    rows = read_yaml(text).plain()
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise BadList("it must be a list of entries, each with its keys.")
    return _Table([f"entry {number}" for number in range(1, len(rows) + 1)], rows)


def from_rows(what: str, rows: Iterable[Mapping[str, Any]], labels: Sequence[str] = ()) -> tuple[Any, ...]:
    """`labels` say which each row is, where that is not its number.

    Raises:
        BadList: a row lacks its name or id, has one a second time, an unknown key, or a value that cannot be read.
    """
    entries: list[Any] = []
    seen: dict[str, str] = {}
    for number, row in enumerate(rows, 1):
        label = labels[number - 1] if labels else f"row {number}"
        for key in row:
            if key not in COLUMNS[what]:
                raise BadList(f"{label}: unknown column `{key}`. {did_you_mean(key, COLUMNS[what])}")
        key = COLUMNS[what][0]
        name = _text(row, key)
        if not name:
            raise BadList(f"{label}: `{key}` is empty, or there is no such column.")
        if name.casefold() in seen:
            raise BadList(f"{label}: `{name}` is here a second time; the first is {seen[name.casefold()]}.")
        seen[name.casefold()] = label
        try:
            entries.append(_READ[what](row))
        except BadList as error:
            raise BadList(f"{label}: {error}") from None
    return tuple(entries)


def make_lists(rows: Mapping[str, Iterable[Mapping[str, Any]]]) -> Lists:
    """
    Raises:
        BadList: as `from_rows`.
    """
    return Lists(**{what: from_rows(what, entries) for what, entries in rows.items()})


def _text(row: Mapping[str, Any], key: str) -> str:
    value = row.get(key)
    return "" if value is None else str(value).strip()


def _several(row: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = row.get(key)
    parts: Sequence[Any] = value if isinstance(value, list) else re.split(r"[,;|]", _text(row, key))
    return tuple(part for one in parts if (part := str(one).strip()))


def _member(row: Mapping[str, Any]) -> Member:
    roles = tuple(role.lower() for role in _several(row, "roles"))
    for role in roles:
        if role not in ROLES:
            raise BadList(f"`{role}` is no role. {did_you_mean(role, ROLES)}")
    return Member(_text(row, "name"), roles, _several(row, "accounts"))


def _account(row: Mapping[str, Any]) -> Account:
    archive = _text(row, "archive")
    if "archive" not in row or not archive:
        return Account(_text(row, "name"), None)
    return Account(_text(row, "name"), "" if archive.lower() in NOWHERE else archive)


def _release(row: Mapping[str, Any]) -> Release:
    minor = _text(row, "minor").lower()
    if minor not in (*_YES, *_NO):
        raise BadList(f"`minor` must be yes or no, not `{minor}`.")
    return Release(
        id=_text(row, "id"),
        subject=_text(row, "subject"),
        minor=(minor in _YES) if minor else None,
        by=_text(row, "signed_by"),
        expires=_day(row, "expires"),
        platforms=_several(row, "platforms"),
        purposes=_several(row, "purposes"),
        campaigns=_several(row, "campaigns"),
        sha256=digest(_text(row, "sha256")),
    )


def digest(written: str) -> str:
    """A SHA-256 in small letters, with or without `sha256:` before it; "" stays "".

    Raises:
        BadList: it is none.
    """
    if not written:
        return ""
    match = _SHA256.fullmatch(written)
    if match is None:
        raise BadList(f"`{written}` is no SHA-256, which has 64 hexadecimal digits.")
    return match[1].lower()


def _day(row: Mapping[str, Any], key: str) -> date | None:
    written = _text(row, key)
    return day(written) if written else None


def day(written: str) -> date:
    """
    Raises:
        BadList: it is no date of the form 2027-11-12.
    """
    try:
        if not _DATE.fullmatch(written):
            raise ValueError
        return date.fromisoformat(written)
    except ValueError:
        raise BadList(f"`{written}` is no date: write year, month and day as in 2027-11-12.") from None


_READ: dict[str, Callable[[Mapping[str, Any]], Any]] = {"people": _member, "accounts": _account, "releases": _release}
