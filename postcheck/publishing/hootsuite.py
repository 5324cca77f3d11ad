"""The file that Hootsuite's Bulk Composer reads, one for each social profile: no header; date and time, text, link.

What is written is posted as it stands. Where that is not sure, the post is not written, and a person is told to paste
it. The third column is always empty: a link in the text is part of the text, and one in the column would be put behind
it. Alt texts, pictures and captions files have no column.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from postcheck.config import Hootsuite
from postcheck.messages import moment, say
from postcheck.policy import zone

MOST_ROWS = 350
"""Of one file."""
PROFILES = ("facebook", "instagram", "linkedin", "threads", "x")
"""Platforms, by their ids in checks/platforms.yaml, of which Hootsuite has profiles and a post is no more than its text
and pictures. It has YouTube as well, where a video needs a title."""
VIDEOS = (".mp4",)
PICTURES = ("JPEG", "MPO", "PNG", "GIF")
"""Formats of pictures that Hootsuite takes, by Pillow's names (its REST description: mp4, gif, jpeg, jpg, png)."""

_FORMULA = re.compile(r"[\s\"'\u200b-\u200f\u2060\ufeff]*[=+\-@＝＋－＠]|[\t\r]")
_FORMULA_WITHIN = re.compile(
    r"[;\t][\s\"']*[=+\-@＝＋－＠]"  # a spreadsheet of another country takes ; or a tab for the end of a cell
    r"|\n[\s\"']*[=＝]|\n[\s\"']*[+\-@＋－＠][^\n]*\|"
)


def may_be_formula(text: str) -> bool:
    """Would a spreadsheet that opens the file take the text for a formula?

    The usual guard, an apostrophe before it, would be posted. So such a text is never written.
    """
    return bool(_FORMULA.match(text) or _FORMULA_WITHIN.search(text))


@dataclass(frozen=True, slots=True)
class Row:
    when: datetime
    """As the clock of the profile shows it."""
    text: str


def zone_name(account: str, settings: Hootsuite, timezone: str) -> str:
    """Of the profile, else of Hootsuite, else of the whole city; "" where none is told."""
    return settings.timezones.get(account, "") or settings.timezone or timezone


def row(
    text: str,
    when: datetime | None,
    *,
    now: datetime,
    timezone: str,
    settings: Hootsuite,
    has_media: bool,
) -> Row | str:
    """The post as a row, or why it has to be scheduled by hand.

    Args:
        text: What is to be posted.
        when: With or without a zone; None where the draft tells no time.
        now: With a zone.
        timezone: Of the profile; "" where none is known.
    """
    if when is None:
        return say("The draft tells no time.")
    if when.tzinfo is None or not timezone:
        return say("No time zone is known: write `timezone` in the settings.")
    if when <= now:
        return say("Its time, {when}, has passed.", when=moment(when))
    there = when.astimezone(zone(timezone))
    if there.replace(fold=0).utcoffset() != there.replace(fold=1).utcoffset():
        return say("The clock shows its time twice that night: {when}.", when=moment(there))
    local = there.replace(tzinfo=None, fold=0)
    if local.minute % settings.minute_step or not _is_told_in_full(local, settings.date_format):
        return say(
            "Hootsuite takes no time such as {when} from a file, as far as is known.", when=local.isoformat(sep=" ")
        )
    if has_media and not settings.rows_with_media:
        return say("It has pictures or videos, which the file cannot carry.")
    if not text.strip():
        return say("It has no text.")
    if text != text.strip() or "\0" in text:
        return say("Its text begins or ends with a space or a line end, which Hootsuite may take away.")
    if may_be_formula(text):
        return say("A spreadsheet would take its text for a formula, so it is not in the file.")
    return Row(local, text)


def _is_told_in_full(local: datetime, date_format: str) -> bool:
    return datetime.strptime(local.strftime(date_format), date_format) == local  # noqa: DTZ007 - both have no zone


def files(rows: Sequence[Row], settings: Hootsuite) -> Iterator[bytes]:
    """At most MOST_ROWS in each, in the order of time."""
    in_order = sorted(rows, key=lambda one: one.when)
    for start in range(0, len(in_order), MOST_ROWS):
        yield _written(in_order[start : start + MOST_ROWS], settings)


def _written(rows: Sequence[Row], settings: Hootsuite) -> bytes:
    """
    Raises:
        ValueError: what is read back is not what was to be written.
    """
    buffer = io.StringIO(newline="")
    cells = [[one.when.strftime(settings.date_format), one.text, ""] for one in rows]
    csv.writer(buffer, delimiter=settings.delimiter, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(cells)
    content = buffer.getvalue().encode(settings.encoding)
    text = content.decode(settings.encoding)
    if list(csv.reader(io.StringIO(text, newline=""), delimiter=settings.delimiter)) != cells:
        raise ValueError("a row cannot be read back as it was written")
    return content
