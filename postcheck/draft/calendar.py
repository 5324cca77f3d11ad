"""A content calendar: a CSV file with one draft a row, its columns named in [calendar] of the config."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from postcheck.config import Config
from postcheck.draft.files import CAPTIONS_SUFFIXES, IMAGE_SUFFIXES, VIDEO_SUFFIXES, Folder, read_text
from postcheck.draft.folder import with_digest
from postcheck.draft.keys import SOURCES, TEXT_KEYS, parse_time
from postcheck.errors import DraftError, did_you_mean
from postcheck.model import Draft, Image, Person, PublishTime, Release, UnreadableDraft, Video
from postcheck.reader import Reader
from postcheck.source import BOM, Source, Style, Text, plain_line_ends

_IMAGE_KEYS = ("image", "alt", "source", "credit", "people")
_VIDEO_KEYS = ("video", "captions")
_LIST_KEYS = (*_IMAGE_KEYS, *_VIDEO_KEYS, "publish_at")
"""These may name several columns: the second image goes with the second alt text, a date with its time."""
CALENDAR_KEYS = (*TEXT_KEYS, "caption", "platforms", *_LIST_KEYS)
_MOST_NUMBERED = 20
_OTHER_KEYS = ("date_format", "variants")
MAX_CALENDAR_BYTES = 100_000_000


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell and the span of its text in the file, quotation marks left out."""

    value: str
    start: int
    end: int
    quoted: bool


def read_cells(text: str, delimiter: str, start: int = 0) -> Iterator[list[Cell]]:
    """The rows of a CSV text (RFC 4180), with the place of every cell, which the csv module does not keep.

    Raises:
        ValueError: a quotation mark is never closed; its offset is the second argument.
    """
    other = re.escape(delimiter)
    cell = re.compile(rf'(?:"([^"]*(?:""[^"]*)*)"|([^{other}\r\n"][^{other}\r\n]*|))(\r\n|{other}|\r|\n|\Z)')
    row: list[Cell] = []
    position = start
    while position < len(text):
        match = cell.match(text, position)
        if match is None:
            raise ValueError("A quotation mark is not closed, or text follows the closing one.", position)
        quoted = match.start(1) >= 0
        value = match[1].replace('""', '"') if quoted else match[2]
        first = match.start(1) if quoted else match.start(2)
        row.append(Cell(plain_line_ends(value), first, match.end(1) if quoted else match.end(2), quoted))
        position = match.end()
        if match[3] != delimiter:
            yield row
            row = []
    if row:  # the file ends with a delimiter
        yield [*row, Cell("", len(text), len(text), False)]


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns hold what: a key to the positions of its columns."""

    positions: Mapping[str, tuple[int | None, ...]]
    """None stands where an image has no column of this kind."""
    variants: Mapping[str, int]
    date_format: str
    width: int


_HEADER_BYTES = 65_536


def looks_like_calendar(path: Path, config: Config) -> bool:
    """Does the header name the column of the captions? A header in another encoding counts: reading it will say so."""
    if not os.path.isfile(path):  # a pipe would wait forever
        return False
    wanted = str((config.calendar or {}).get("caption", "caption")).strip().casefold()
    try:
        with path.open("rb") as file:
            head = file.read(_HEADER_BYTES)
    except OSError:
        return False
    encoding = "utf-16" if head.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    text = head.decode(encoding, "replace")
    try:
        header = next(read_cells(text, _delimiter(text.split("\n", 1)[0])), [])
    except ValueError:
        return False
    return wanted in (cell.value.strip().casefold() for cell in header)


def read_calendar(
    path: Path, shown: str, config: Config, texts: Mapping[Path, str], pictures: Mapping[Path, Path]
) -> Iterator[Draft | UnreadableDraft]:
    """A draft for each row that is not empty. A row is named `calendar.csv#row=3` (RFC 7111); the header is row 1.
    `texts` and `pictures` stand in for files.

    Raises:
        ConfigError: [calendar] is wrong in itself.
    """
    try:
        given = texts.get(path.resolve()) if texts else None
        text = read_text(path, shown, MAX_CALENDAR_BYTES) if given is None else given
    except DraftError as error:
        yield UnreadableDraft(shown, error.problems)
        return
    source = Source(path.name, text, path)
    reader = Reader(source, shown)
    begin = 1 if text.startswith(BOM) else 0
    rows = read_cells(text, _delimiter(text[begin:].split("\n", 1)[0]), begin)
    try:
        columns = _columns(next(rows, []), reader, config)
        if reader.problems:
            yield UnreadableDraft(shown, tuple(reader.problems))
            return
        for number, row in enumerate(rows, 2):
            if any(cell.value.strip() for cell in row):
                row_reader = Reader(source, shown)
                yield _read_row(row, columns, row_reader, path.parent, f"{shown}#row={number}", config, pictures)
    except ValueError as error:
        message, offset = error.args[0], error.args[1]
        reader.problem(message, offset)
        yield UnreadableDraft(shown, tuple(reader.problems))


def _delimiter(header: str) -> str:
    """Spreadsheets write commas, in some countries semicolons, and tabs on request."""
    return max(",;\t", key=header.count)


def _columns(header: Sequence[Cell], reader: Reader, config: Config) -> Columns:
    names = [cell.value.strip() for cell in header]
    lower = [name.casefold() for name in names]
    counts = Counter(lower)
    for name, cell in zip(lower, header, strict=True):
        if name and counts[name] > 1:
            reader.problem(f"The column `{name}` is here more than once.", cell.start)
    mapping = config.calendar
    if mapping is None:
        known = {*CALENDAR_KEYS, *(_numbered(key, number) for key in _LIST_KEYS for number in _NUMBERS)}
        for name, cell in zip(names, header, strict=True):
            if name.casefold() not in known and not name.casefold().startswith("variants."):
                reader.problem(
                    f"Unknown column `{name}`.",
                    cell.start,
                    did_you_mean(name, CALENDAR_KEYS) or "Name the columns that count in [calendar] of postcheck.toml.",
                )
        mapping = _own_names(lower)
    return _mapped(mapping, names, lower, reader, config)


_NUMBERS = range(1, _MOST_NUMBERED + 1)


def _numbered(key: str, number: int) -> str:
    return key if number == 1 else f"{key}_{number}"


def _own_names(lower: Sequence[str]) -> dict[str, Any]:
    """The map of a calendar whose columns bear our own names: `image`, `alt`, `image_2`, `alt_2` ..."""
    present = set(lower)
    mapping: dict[str, Any] = {key: key for key in CALENDAR_KEYS if key in present and key not in _LIST_KEYS}
    if "publish_at" in present:
        mapping["publish_at"] = ["publish_at"]
    for keys in (_IMAGE_KEYS, _VIDEO_KEYS):
        numbers = [number for number in _NUMBERS if any(_numbered(key, number) in present for key in keys)]
        for key in keys:
            names = [_numbered(key, number) for number in numbers]
            mapping[key] = [name if name in present else None for name in names]
    mapping["variants"] = {name.partition(".")[2]: name for name in lower if name.startswith("variants.")}
    return mapping


def _mapped(
    mapping: Mapping[str, Any], names: Sequence[str], lower: Sequence[str], reader: Reader, config: Config
) -> Columns:
    def position(column: Any) -> int:
        if not isinstance(column, str):
            raise config.wrong("calendar", f"`{column}` is not the name of a column.")
        if column.strip().casefold() not in lower:
            reader.problem(f"There is no column `{column}`, which [calendar] names.", 0, did_you_mean(column, names))
            return 0
        return lower.index(column.strip().casefold())

    positions: dict[str, tuple[int | None, ...]] = {}
    for key, value in mapping.items():
        if key in _OTHER_KEYS:
            continue
        if key not in CALENDAR_KEYS:
            known = (*CALENDAR_KEYS, *_OTHER_KEYS)
            raise config.wrong(key, f"Unknown key `{key}` in [calendar].", did_you_mean(key, known))
        if isinstance(value, list) and key not in _LIST_KEYS:
            raise config.wrong(key, f"`{key}` is one column.")
        columns = value if isinstance(value, list) else [value]
        positions[key] = tuple(None if column is None else position(column) for column in columns)
    if "caption" not in positions:
        message = "No column holds the caption."
        reader.problem(message, 0, 'Name it in postcheck.toml: [calendar] caption = "the column\'s name".')
    for keys in (_IMAGE_KEYS, _VIDEO_KEYS):
        files = positions.get(keys[0], ())
        for key in keys[1:]:
            for number, column in enumerate(positions.get(key, ())):
                if column is not None and (number >= len(files) or files[number] is None):
                    reader.problem(f"The column `{names[column]}` has no column `{keys[0]}` to go with.", 0)
    variants = mapping.get("variants", {})
    date_format = mapping.get("date_format", "")
    if not isinstance(variants, dict) or not isinstance(date_format, str):
        raise config.wrong("calendar", "`variants` is a table of platform and column, `date_format` a text.")
    if date_format and not _is_date_format(date_format):
        message = f"`{date_format}` is not a format of dates with year, month, day and hour."
        raise config.wrong("date_format", message, 'Write one such as "%m/%d/%Y %I:%M %p".')
    return Columns(positions, {name: position(column) for name, column in variants.items()}, date_format, len(names))


def _is_date_format(date_format: str) -> bool:
    """Does a moment survive being written and read by it? Python warns of formats without a year."""
    if not re.search("%[Yycx]", date_format):
        return False
    moment = datetime(2026, 11, 23, 16)  # noqa: DTZ001 - as the format writes it
    try:
        return datetime.strptime(moment.strftime(date_format), date_format).replace(tzinfo=None) == moment  # noqa: DTZ007
    except (ValueError, re.error):
        return False


def _read_row(
    row: Sequence[Cell],
    columns: Columns,
    reader: Reader,
    base: Path,
    shown: str,
    config: Config,
    pictures: Mapping[Path, Path],
) -> Draft | UnreadableDraft:
    source = reader.source
    folder = Folder(base, reader)
    if any(cell.value.strip() for cell in row[columns.width :]):
        reader.problem("This row has more cells than the header.", row[columns.width].start)

    def texts(key: str) -> list[Text | None]:
        """One for each column of the key; None where the cell is empty."""
        positions = columns.positions.get(key, ())
        return [None if position is None else _text(row, position, source, key) for position in positions]

    def first(key: str) -> Text | None:
        return next(iter(texts(key)), None)

    def beside(key: str, position: int) -> Text | None:
        """The cell that goes with the image or video in the column at `position`."""
        found = texts(key)
        return found[position] if position < len(found) else None

    images, videos = [], []
    for position, file in enumerate(texts("image")):
        asset = folder.asset(file, IMAGE_SUFFIXES, "a picture")
        alt, origin = beside("alt", position), beside("source", position)
        if origin and origin.value not in SOURCES:
            reader.problem(f"`{origin.value}` is no source.", origin.start, did_you_mean(origin.value, [*SOURCES]))
        if asset and file:
            images.append(
                Image(
                    asset=asset, place=file.whole(), field=file.field, alt=alt, source=origin,
                    credit=beside("credit", position), people=_people(beside("people", position), folder),
                )
            )  # fmt: skip
        elif alt and not file:
            reader.problem("An alt text without an image.", alt.start)
    for position, file in enumerate(texts("video")):
        asset = folder.asset(file, VIDEO_SUFFIXES, "a video")
        captions = folder.asset(beside("captions", position), CAPTIONS_SUFFIXES, "a captions file")
        if asset and file:
            sidecars = (captions,) if captions else ()
            videos.append(Video(asset=asset, place=file.whole(), field=file.field, captions=sidecars))
    caption = first("caption") or Text("", source, "caption", row[0].start, row[0].start)
    fields: dict[str, Any] = {key: first(key) for key in TEXT_KEYS}
    draft = Draft(
        path=shown,
        source=source,
        caption=caption,
        place=source.location(row[0].start, row[0].start, None),
        platforms=_platforms(first("platforms")),
        publish_at=_time([text for text in texts("publish_at") if text], columns.date_format, reader, config.timezone),
        variants={
            name: text
            for name, position in columns.variants.items()
            if (text := _text(row, position, source, f"variants.{name}"))
        },
        images=tuple(images),
        videos=tuple(videos),
        **fields,
    )
    own = source.text[row[0].start : row[-1].end]
    if reader.problems:
        return UnreadableDraft(shown, reader.sorted_problems(), own)
    return with_digest(draft, own, pictures)


def _text(row: Sequence[Cell], position: int, source: Source, field: str) -> Text | None:
    """A cell without the white space around it, as for the body of post.md."""
    if position >= len(row) or not row[position].value.strip():
        return None
    cell = row[position]
    raw = source.text[cell.start : cell.end]
    start = cell.start + len(raw) - len(raw.lstrip())
    end = start + len(raw.strip())
    return Text(cell.value.strip(), source, field, start, end, Style.CSV if cell.quoted else Style.CELL)


_PERSON = re.compile(r"(?P<who>[^;\n()]*[^;\n()\s])\s*(?:\((?P<release>[^)\n]+)\))?")


def _people(text: Text | None, folder: Folder) -> tuple[Person, ...] | None:
    """`none`, or roles, each with its release: `volunteer (2026-118); bus driver`."""
    if text is None:
        return None
    if text.value.casefold() == "none":
        return ()

    def part(match: re.Match[str], name: str) -> Text:
        span = text.at(*match.span(name)).span or (text.start, text.end)
        return Text(match[name].strip(), text.source, text.field, *span, text.style)

    people = []
    for match in _PERSON.finditer(text.value):
        who = part(match, "who")
        named = part(match, "release") if match["release"] else None
        releases = (Release(named.value, named, folder.asset_if_there(named)),) if named else ()
        people.append(Person(place=who.whole(), who=who, releases=releases))
    return tuple(people)


def _platforms(text: Text | None) -> tuple[Text, ...]:
    """`facebook, x; LinkedIn`: one text for each name."""
    if text is None:
        return ()
    found = []
    for match in re.finditer(r"[^,;/|+&\s](?:[^,;/|+&\n]*[^,;/|+&\s])?", text.value):
        span = text.at(*match.span()).span or (text.start, text.end)
        found.append(Text(match[0], text.source, "platforms", *span, text.style))
    return tuple(found)


def _time(texts: Sequence[Text], date_format: str, reader: Reader, timezone: str) -> PublishTime | None:
    if not texts:
        return None
    typed = " ".join(text.value for text in texts)
    if date_format:
        try:
            when = parse_time(datetime.strptime(typed, date_format).isoformat(), timezone)  # noqa: DTZ007 - the zone follows
        except ValueError:
            when = None
    else:
        when = parse_time(typed, timezone)
    if when is None:
        reader.problem(
            f"`{typed}` is not a date and time.",
            texts[0].start,
            f"[calendar] says date_format = {date_format!r}." if date_format
            else "Write 2026-11-12 09:00, or give the calendar's own date_format in [calendar].",
        )  # fmt: skip
        return None
    return PublishTime(when, texts[0])
