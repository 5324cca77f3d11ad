"""The city's own lists, as CSV or YAML: who may create, publish and release; its accounts; its register of releases.

Each is a file with one row to an entry and the columns below, under these names or those that the config gives them. A
cell that holds several (roles, accounts, platforms) divides them by commas or semicolons.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from postcheck.errors import did_you_mean
from postcheck.model import Account, Lists, Member, Release
from postcheck.tree import Broken, read_yaml

COLUMNS: dict[str, tuple[str, ...]] = {
    "people": ("name", "roles", "accounts"),
    "accounts": ("name", "archive"),
    "releases": (
        "id", "subject", "minor", "signed_by", "date", "expires", "platforms", "purposes", "campaigns", "sha256",
    ),
}  # fmt: skip
ROLES = ("creator", "reviewer", "publisher", "emergency")
NOWHERE = ("no", "none", "false", "-")
"""How a list says that an account is not archived."""
_YES, _NO = ("yes", "true", "y", "1", "minor"), ("no", "false", "n", "0", "", "adult")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_SHA256 = re.compile(r"(?:sha256:)?([0-9a-fA-F]{64})")
_MAX_BYTES = 20_000_000


class BadList(ValueError):
    """What is wrong with a list, for a person."""


def read_list(what: str, path: Path, names: Mapping[str, str]) -> tuple[Any, ...]:
    """The entries of a file. `names` are those of its columns that differ from ours, by ours.

    Raises:
        BadList: with the row where there is one.
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
        rows = _yaml(text) if path.suffix.lower() in (".yaml", ".yml") else _csv(text)
    except Broken as broken:
        raise BadList(f"{path.name}: {broken.message}") from None
    except BadList as error:
        raise BadList(f"{path.name}: {error}") from None
    ours = {theirs.casefold(): key for key, theirs in names.items()}
    renamed = [{ours.get(key.casefold(), key.casefold()): value for key, value in row.items()} for row in rows]
    kept = set(COLUMNS[what])
    try:
        # A city's own file may have columns that are none of ours.
        return from_rows(what, [{key: row[key] for key in row if key in kept} for row in renamed])
    except BadList as error:
        raise BadList(f"{path.name}, {error}") from None


def _csv(text: str) -> list[dict[str, Any]]:
    import csv  # most cities' settings name no list
    import io

    delimiter = max(",;\t", key=text.split("\n", 1)[0].count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        header = [name.strip() for name in next(rows, [])]
        return [dict(zip(header, row, strict=False)) for row in rows if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise BadList(f"{error}.") from None


def _yaml(text: str) -> list[dict[str, Any]]:
    rows = read_yaml(text).plain()
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise BadList("it must be a list of entries, each with its keys.")
    return rows


def from_rows(what: str, rows: Iterable[Mapping[str, Any]]) -> tuple[Any, ...]:
    """
    Raises:
        BadList: a row lacks its name or id, has one a second time, an unknown key, or a value that cannot be read.
    """
    entries: list[Any] = []
    seen: set[str] = set()
    for number, row in enumerate(rows, 1):
        for key in row:
            if key not in COLUMNS[what]:
                raise BadList(f"row {number}: unknown column `{key}`. {did_you_mean(key, COLUMNS[what])}")
        key = COLUMNS[what][0]
        name = _text(row, key)
        if not name:
            raise BadList(f"row {number}: `{key}` is empty, or there is no such column.")
        if name.casefold() in seen:
            raise BadList(f"row {number}: `{name}` is here a second time.")
        seen.add(name.casefold())
        try:
            entries.append(_READ[what](row))
        except BadList as error:
            raise BadList(f"row {number}: {error}") from None
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
        raise BadList(f"`{written}` is no date: write it as 2027-11-12.") from None


_READ: dict[str, Callable[[Mapping[str, Any]], Any]] = {"people": _member, "accounts": _account, "releases": _release}
