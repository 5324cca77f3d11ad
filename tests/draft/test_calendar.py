"""Calendars: one draft a row, every cell found again in the file."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postcheck.config import Config
from postcheck.draft.calendar import read_cells
from postcheck.errors import ConfigError
from postcheck.model import Draft, UnreadableDraft
from postcheck.source import BOM
from tests.draft.helpers import read_all
from tests.drafts import picture


def calendar(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    (folder / "crew.png").write_bytes(picture(".png"))
    path = folder / "calendar.csv"
    path.write_bytes(text.encode(encoding))
    return path


def rows(path: Path, config: Config | None = None) -> list[Draft]:
    drafts = read_all(path, config)
    assert all(isinstance(draft, Draft) for draft in drafts), drafts
    return [draft for draft in drafts if isinstance(draft, Draft)]


CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)


@given(table=st.lists(st.lists(CELLS, min_size=2, max_size=4), min_size=1, max_size=5))
def test_cells_are_those_of_the_csv_module(table: list[list[str]]) -> None:
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows(table)
    text = buffer.getvalue()
    wanted = [[cell.replace("\r\n", "\n").replace("\r", "\n") for cell in row] for row in table]
    read = list(read_cells(text, ","))
    assert [[cell.value for cell in row] for row in read] == wanted
    for row in read:
        for cell in row:
            assert text[cell.start : cell.end].replace('""', '"') == cell.value or "\r" in text[cell.start : cell.end]


def test_own_column_names(tmp_path: Path) -> None:
    text = (
        BOM + "caption,account,platforms,author,publish_at,image,alt,variants.x\r\n"
        '"Say ""leaf"" 🍁\r\nnow",parks,"X, facebook;LinkedIn",jo,2026-11-12 09:00Z,crew.png,A crew.,Short.\r\n'
        "\r\n,,,,,,,\r\nSecond,parks,x,jo,,,,\r\n"
    )
    first, second = rows(calendar(tmp_path, text))
    assert first.path.endswith("calendar.csv#row=2")
    assert second.path.endswith("calendar.csv#row=5")
    assert first.caption.value == 'Say "leaf" 🍁\nnow'
    now = first.caption.value.index("now")
    place = first.caption.at(now, now + 3)
    assert place.span is not None
    assert text[slice(*place.span)] == place.quote == "now"
    assert (place.line, place.column) == (3, 1)
    assert [one.value for one in first.platforms] == ["X", "facebook", "LinkedIn"]
    assert first.platforms[1].whole().quote == "facebook"
    assert first.images[0].alt is not None
    assert first.variants["x"].value == "Short."
    assert first.digest != second.digest


def test_an_alt_text_goes_with_the_image_of_its_number(tmp_path: Path) -> None:
    (draft,) = rows(calendar(tmp_path, "caption,image,image_3,alt_3\nx,crew.png,crew.png,Third.\n"))
    assert [image.alt.value if image.alt else None for image in draft.images] == [None, "Third."]
    (draft2,) = read_all(calendar(tmp_path, "caption,image,alt,alt_2\nx,crew.png,One.,Two.\n"))
    assert isinstance(draft2, UnreadableDraft)
    assert "The column `alt_2` has no column `image` to go with." in str(draft2.problems[0])


def test_places_in_a_quoted_list_of_platforms(tmp_path: Path) -> None:
    (draft,) = rows(calendar(tmp_path, 'caption,platforms\nx,"face""book, mastodn"\n'))
    assert [one.whole().quote for one in draft.platforms] == ['face""book', "mastodn"]


def test_mapped_columns_and_spreadsheets_of_other_countries(tmp_path: Path) -> None:
    text = "Text;Bild 1;Bild 2;Alt 1;Alt 2;Tag;Zeit;Notiz\nHallo;crew.png;crew.png;Eins;;14.11.2026;08:00;egal\n"
    mapping = {
        "caption": "text", "image": ["Bild 1", "Bild 2"], "alt": ["Alt 1", "Alt 2"], "publish_at": ["Tag", "Zeit"],
        "date_format": "%d.%m.%Y %H:%M",
    }  # fmt: skip
    (draft,) = rows(calendar(tmp_path, text), Config(calendar=mapping, timezone="Europe/Berlin"))
    assert [image.alt.value if image.alt else None for image in draft.images] == ["Eins", None]
    assert draft.publish_at is not None
    assert draft.publish_at.when.isoformat() == "2026-11-14T08:00:00+01:00"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Caption,capton\na,b\n", ["1:9 Unknown column `capton`."]),
        ("alt,image\nA.,crew.png\n", ["1:1 No column holds the caption."]),
        (
            "caption,caption\na,b\n",
            ["1:1 The column `caption` is here more than once.", "1:9 The column `caption` is here more than once."],
        ),
        ("caption,image\na,no.png\n", ["2:3 The file `no.png` is not there."]),
        ("caption,image\na,../b.png\n", ["2:3 `../b.png` leaves the draft's folder."]),
        ("caption,publish_at\na,soon\n", ["2:3 `soon` is not a date and time."]),
        ("caption,alt,image\na,An alt,\n", ["2:3 An alt text without an image."]),
        ("caption\na,b\n", ["2:3 This row has more cells than the header."]),
        ('caption\n"open\n', ["2:1 A quotation mark is not closed, or text follows the closing one."]),
        ('caption\n"a"b\n', ["2:1 A quotation mark is not closed, or text follows the closing one."]),
    ],
)
def test_faults(tmp_path: Path, text: str, said: list[str]) -> None:
    drafts = read_all(calendar(tmp_path, text))
    found = [problem for draft in drafts if isinstance(draft, UnreadableDraft) for problem in draft.problems]
    assert [f"{one.line}:{one.column} {one.message}" for one in found] == said


def test_a_bad_row_does_not_hide_the_others(tmp_path: Path) -> None:
    drafts = read_all(calendar(tmp_path, "caption,image\na,no.png\nb,crew.png\n"))
    assert [type(draft) for draft in drafts] == [UnreadableDraft, Draft]


@pytest.mark.parametrize(
    "mapping",
    [
        {"captoin": "a"},
        {"caption": ["a", "b"]},
        {"caption": 1},
        {"caption": "a", "date_format": "%q"},
        {"caption": "a", "date_format": "%m/%d %H:%M"},
    ],
)
def test_a_wrong_map_is_an_error_of_the_config(tmp_path: Path, mapping: dict[str, object]) -> None:
    with pytest.raises(ConfigError):
        read_all(calendar(tmp_path, "a,b\nc,d\n"), Config(calendar=mapping))


def test_utf16_is_refused(tmp_path: Path) -> None:
    (draft,) = read_all(calendar(tmp_path, "caption\nLeaf Day\n", "utf-16"))
    assert isinstance(draft, UnreadableDraft)
    assert "UTF-16" in draft.problems[0].message


def test_people_and_their_releases(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"x")
    text = 'caption,image,people\nLeaf Day,a.png,none\nLeaf Day,a.png,"volunteer (2026-118); bus driver"\nLeaf Day,a.png,\n'
    (tmp_path / "calendar.csv").write_text(text, encoding="utf-8")
    first, second, third = (draft.images[0].people for draft in rows(tmp_path / "calendar.csv"))
    assert first == ()
    assert third is None
    assert [(person.who and person.who.value, [one.id for one in person.releases]) for person in second or ()] == [
        ("volunteer", ["2026-118"]),
        ("bus driver", []),
    ]
    assert second is not None
    assert second[1].place.quote == "bus driver"
