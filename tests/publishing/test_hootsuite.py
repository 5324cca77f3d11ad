"""The file for Hootsuite: what is in it is posted as it stands, or is not in it."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postcheck.config import Hootsuite
from postcheck.publishing.hootsuite import MOST_ROWS, Row, files, may_be_formula, row, zone_name

PORTLAND = "America/Los_Angeles"
NOW = datetime(2026, 11, 1, tzinfo=UTC)
AT = datetime(2026, 11, 12, 9, tzinfo=ZoneInfo(PORTLAND))
USUAL = Hootsuite()


def made(
    text: str = "Leaf Day.", when: datetime | None = AT, settings: Hootsuite = USUAL, **others: object
) -> Row | str:
    arguments = {"now": NOW, "timezone": PORTLAND, "settings": settings, "has_media": False, **others}
    return row(text, when, **arguments)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1 503",
        "-2",
        "@mayor",
        "  =1",
        "\t=1",
        "\r1",
        "＝1",
        '"=1',
        "a;=1",
        "a\t=1",
        "a\n=1",
        "a\n-cmd|' /C calc'!A0",
        "\u200b=1",
    ],
)
def test_what_a_spreadsheet_would_run_is_not_written(text: str) -> None:
    assert may_be_formula(text)
    assert isinstance(made(text.strip()) if text.strip() == text else made(text), str)


@pytest.mark.parametrize(
    "text",
    [
        "Leaf Day, Nov. 14",
        "1 + 1 = 2",
        "Ask @mayor",
        "Bring:\n- a rake\n- gloves",
        "a, b",
        "🍁 = fall",
        "#Leaves",
        "a; b",
    ],
)
def test_other_texts_are_written(text: str) -> None:
    assert not may_be_formula(text)
    assert made(text) == Row(datetime(2026, 11, 12, 9), text)  # noqa: DTZ001 - as the clock shows it


@pytest.mark.parametrize(
    ("when", "settings", "said"),
    [
        (None, USUAL, "tells no time"),
        (AT.replace(tzinfo=None), USUAL, "No time zone"),
        (NOW, USUAL, "has passed"),
        (datetime(2027, 11, 7, 1, 30, tzinfo=ZoneInfo(PORTLAND)), USUAL, "twice"),
        (AT.replace(minute=3), USUAL, "takes no time such as"),
        (AT.replace(second=30), replace(USUAL, date_format="%m/%d/%Y %H:%M"), "takes no time such as"),
    ],
)
def test_a_time_that_the_file_cannot_tell_is_left_to_a_person(
    when: datetime | None, settings: Hootsuite, said: str
) -> None:
    told = made(when=when, settings=settings)
    assert isinstance(told, str)
    assert said in told


def test_both_sides_of_now_and_of_the_step() -> None:
    assert isinstance(made(when=NOW + timedelta(minutes=5)), Row)
    assert isinstance(made(when=AT.replace(minute=55)), Row)
    assert isinstance(made(when=AT.replace(minute=3), settings=replace(USUAL, minute_step=1)), Row)


def test_the_clock_is_that_of_the_profile() -> None:
    settings = replace(USUAL, timezone="America/Denver", timezones={"parks": "America/New_York"})
    assert zone_name("parks", settings, PORTLAND) == "America/New_York"
    assert zone_name("water", settings, PORTLAND) == "America/Denver"
    assert zone_name("water", USUAL, PORTLAND) == PORTLAND
    there = made(timezone="America/New_York")
    assert isinstance(there, Row)
    assert there.when.hour == 12


def test_posts_with_media_are_left_out_where_the_city_wants_it() -> None:
    assert isinstance(made(has_media=True), Row)
    assert "cannot carry" in str(made(has_media=True, settings=replace(USUAL, rows_with_media=False)))
    assert isinstance(made(" a"), str)
    assert isinstance(made(""), str)


@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1), min_size=1, max_size=5
    ),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["utf-8", "utf-8-sig"]),
)
def test_whatever_is_written_is_read_again(texts: list[str], delimiter: str, encoding: str) -> None:
    settings = replace(USUAL, delimiter=delimiter, encoding=encoding)
    rows = [Row(datetime(2027, 1, 1, 9), text) for text in texts]  # noqa: DTZ001 - as the clock shows it
    (content,) = files(rows, settings)
    assert content.startswith(b"\xef\xbb\xbf") == (encoding == "utf-8-sig")
    cells = list(csv.reader(io.StringIO(content.decode(encoding), newline=""), delimiter=delimiter))
    assert cells == [["2027-01-01 09:00:00", text, ""] for text in texts]


@pytest.mark.parametrize(("count", "parts"), [(MOST_ROWS, [350]), (MOST_ROWS + 1, [350, 1])])
def test_a_file_has_350_rows_at_most(count: int, parts: list[int]) -> None:
    rows = [Row(datetime(2027, 1, 1) + timedelta(minutes=5 * number), f"Post {number}") for number in range(count)]  # noqa: DTZ001 - as the clock shows it
    assert [len(content.splitlines()) for content in files(rows[::-1], USUAL)] == parts
    assert next(iter(files(rows[::-1], USUAL))).startswith(b'"2027-01-01 00:00:00","Post 0",""\r\n')
