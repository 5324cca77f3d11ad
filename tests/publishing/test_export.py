"""What whoever publishes is given."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from click.testing import CliRunner, Result

from postcheck.analysis.captions import captions
from postcheck.analysis.traces import stored_place
from postcheck.cli import main
from postcheck.config import load_config
from postcheck.engine import look_at
from postcheck.model import Asset
from postcheck.publishing.export import export
from postcheck.publishing.handoff import Handed, HandedPicture, Posting, Sheet, as_page, as_text
from tests.drafts import write_draft

TIME = "2027-01-12T09:00:00-08:00"
POST: Mapping[str, Any] = {
    "account": "parks",
    "author": "jo",
    "platforms": ["x", "facebook"],
    "caption": 'Leaf Day 🍁 is Saturday.\n\nBring “gloves”, a "rake" and https://example.gov/leaf.',
    "publish_at": TIME,
}
VTT = "WEBVTT\n\n00:01.000 --> 00:03.000\nLeaf Day is Saturday.\n"
SRT = "1\n00:00:01,000 --> 00:00:03,000\nLeaf Day is Saturday.\n"
PLAIN = ("--policy", "none", "--at", "2027-01-01T09:00-08:00")


def run(*arguments: object) -> Result:
    given = [str(argument) for argument in arguments]
    return CliRunner().invoke(main, ["export", *given, *PLAIN], catch_exceptions=False)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "postcheck.toml").write_text(
        'timezone = "America/Los_Angeles"\n[checks]\n"governance/schedule-in-the-past" = "warning"\n', encoding="utf-8"
    )
    return tmp_path


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_a_post_with_a_text_for_a_platform(home: Path) -> None:
    write_draft(home / "leaf-day", {**POST, "variants": {"X": "Leaf Day is Saturday."}})
    result = run(home / "leaf-day", "--to", home / "out")
    assert result.exit_code == 0, result.output
    assert "Not approved: there is no record of approvals here." in result.output
    assert rows(home / "out/hootsuite/parks-x.csv") == [["2027-01-12 09:00:00", "Leaf Day is Saturday.", ""]]
    assert rows(home / "out/hootsuite/parks-facebook.csv") == [["2027-01-12 09:00:00", POST["caption"], ""]]
    assert (home / "out/posts/001-leaf-day/facebook/text.txt").read_text(encoding="utf-8") == POST["caption"]
    sheet = (home / "out/hand-off.txt").read_text(encoding="utf-8")
    assert "Not approved" in sheet
    assert "Jan. 12, 2027, 9 a.m. (America/Los_Angeles)" in sheet
    assert "Link: https://example.gov/leaf\n" in sheet
    assert sheet.count("Hootsuite: hootsuite/parks-") == 2


def test_what_is_held_back_is_left_out(home: Path) -> None:
    write_draft(home / "good", POST)
    write_draft(home / "bad", {**POST, "images": [{"file": "a.png", "source": "city"}]})
    result = run(home / "good", home / "bad", "--to", home / "out")
    assert result.exit_code == 1
    assert "bad. The check holds it back" in result.output
    assert not list((home / "out/posts").glob("*bad*"))
    assert "Not handed over" in (home / "out/hand-off.txt").read_text(encoding="utf-8")
    assert run(home / "bad", "--to", home / "none").exit_code == 1
    assert not (home / "none").exists()
    (home / "bad/post.yaml").write_text("captoin: x\n", encoding="utf-8")
    assert run(home / "bad", "--to", home / "none").exit_code == 2
    assert not (home / "none").exists()


def test_nothing_is_written_over(home: Path) -> None:
    write_draft(home / "good", POST)
    for name, is_full in (("full", True), ("empty", False)):
        (home / name).mkdir()
        if is_full:
            (home / name / "mine.txt").write_text("mine", encoding="utf-8")
    assert run(home / "good", "--to", home / "empty").exit_code == 0
    assert run(home / "good", "--to", home / "full").exit_code == 2
    assert contents(home / "full") == {"mine.txt": b"mine"}
    assert run(home / "good", "--to", home / "postcheck.toml").exit_code == 2
    assert run(home / "good", "--to", home / "good/out").exit_code == 2
    assert not (home / "good/out").exists()
    assert not list(home.glob(".postcheck-*"))


def test_the_same_comes_of_the_same(home: Path) -> None:
    images = [{"file": "a b.png", "alt": "A crew rakes leaves.", "source": "city", "people": "none"}]
    write_draft(home / "one", {**POST, "platforms": ["x", "instagram"], "images": images})
    assert run(home / "one", "--to", home / "out").exit_code == 0
    assert run(home / "one", "--to", home / "again").exit_code == 0
    assert contents(home / "out") == contents(home / "again")


def test_why_a_post_is_not_in_the_file(home: Path) -> None:
    write_draft(home / "a", {**POST, "caption": "@parks asks: bring a rake."})
    write_draft(home / "b", {**POST, "publish_at": "2026-12-01T09:00:00-08:00"})
    write_draft(home / "c", {key: value for key, value in POST.items() if key != "publish_at"})
    write_draft(home / "d", {**POST, "platforms": ["bluesky"]})
    result = run(*(home / name for name in "abcd"), "--to", home / "out")
    assert not (home / "out/hootsuite").exists(), result.output
    sheet = (home / "out/hand-off.txt").read_text(encoding="utf-8")
    for said in ("formula", "has passed", "tells no time", "not for Bluesky"):
        assert said in sheet


def test_pictures_for_each_platform_and_alt_texts_to_paste(home: Path) -> None:
    alt = "A crew rakes “maple” leaves."
    images = [
        {"file": "crew.png", "alt": alt, "source": "city", "people": "none"},
        {"file": "line.png", "decorative": True, "source": "city", "people": "none"},
    ]
    draft = write_draft(home / "one", {**POST, "platforms": ["x", "instagram"], "images": images})
    assert run(draft, "--to", home / "out").exit_code == 0
    post = home / "out/posts/001-one"
    assert (post / "x/crew.png").read_bytes() == (draft / "crew.png").read_bytes()
    assert (post / "instagram/crew.jpg").read_bytes().startswith(b"\xff\xd8")
    assert (post / "x/crew.alt.txt").read_text(encoding="utf-8") == alt
    sheet = (home / "out/hand-off.txt").read_text(encoding="utf-8")
    assert "Made a JPEG of PNG" in sheet
    assert "It is decorative: no alt text." in sheet
    assert "add them before you schedule it" in sheet


def test_captions_files_by_platform(home: Path) -> None:
    clip = {
        "file": "clip.mp4",
        "captions": ["clip.en.vtt"],
        "source": "city",
        "people": "none",
        "music": "none",
        "audio_description": "not-needed",
        "render": {"tone": 0.1},
    }
    platforms = ["x", "facebook", "bluesky", "youtube"]
    files = {"clip.en.vtt": {"text": VTT}, "clip.en_US.srt": {"text": SRT}}
    draft = write_draft(home / "one", {**POST, "platforms": platforms, "videos": [clip], "files": files})
    result = run(draft, "--to", home / "out")
    assert result.exit_code == 0, result.output
    post = home / "out/posts/001-one"
    wanted = {"x": "clip.en_US.srt", "facebook": "clip.en_US.srt", "bluesky": "clip.en.vtt", "youtube": "clip.en.vtt"}
    listed = captions(Asset("", draft / "clip.en.vtt"), {})
    for platform, name in wanted.items():
        assert (post / platform / "clip.mp4").read_bytes() == (draft / "clip.mp4").read_bytes()
        given = captions(Asset("", post / platform / name), {})
        assert [(cue.start_ms, cue.end_ms, cue.lines) for cue in given.cues] == [
            (cue.start_ms, cue.end_ms, cue.lines) for cue in listed.cues
        ]


def test_without_ffmpeg_a_person_is_told(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("postcheck.publishing.burned.ffmpeg", lambda: "")
    clip = {
        "file": "clip.mp4",
        "captions": ["clip.en.vtt"],
        "source": "city",
        "people": "none",
        "music": "none",
        "audio_description": "not-needed",
        "render": {"tone": 0.1},
    }
    write_draft(
        home / "one", {**POST, "platforms": ["instagram"], "videos": [clip], "files": {"clip.en.vtt": {"text": VTT}}}
    )
    result = run(home / "one", "--to", home / "out")
    assert "Make a copy with the captions in the picture" in result.output
    assert "ffmpeg is not installed" in (home / "out/hand-off.txt").read_text(encoding="utf-8")
    assert (home / "out/posts/001-one/instagram/clip.mp4").is_file()


def test_a_calendar_in_a_zone_of_its_own(home: Path) -> None:
    (home / "postcheck.toml").write_text(
        'timezone = "America/Los_Angeles"\n[calendar]\ncaption = "Copy"\nplatforms = "Where"\naccount = "Who"\npublish_at = "When"\nauthor = "By"\n'
        '[hootsuite]\ndate_format = "%m/%d/%Y %H:%M"\ndelimiter = ";"\nencoding = "utf-8-sig"\n[hootsuite.timezones]\nparks = "America/New_York"\n',
        encoding="utf-8",
    )
    lines = ["Copy,Where,Who,When,By"]
    lines += [
        f"Leaf Day {number} is near.,linkedin,{who},2027-01-{number:02d}T09:00,jo"
        for number in range(10, 13)
        for who in ("parks", "water")
    ]
    (home / "calendar.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    result = run(home / "calendar.csv", "--to", home / "out")
    assert result.exit_code == 0, result.output
    content = (home / "out/hootsuite/parks-linkedin.csv").read_bytes()
    assert content.startswith(b'\xef\xbb\xbf"01/10/2027 12:00";"Leaf Day 10 is near.";""\r\n')
    assert b'"01/10/2027 09:00"' in (home / "out/hootsuite/water-linkedin.csv").read_bytes()


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ('date_format = "soon"', "does not tell a date"),
        ('date_format = "%Y-%m-%d"', "does not tell a date"),
        ('encoding = "latin-1"', "latin-1"),
        ('delimiter = "|"', "not known"),
        ('timezone = "Mars"', "not a time zone"),
        ("minute_step = 0", "from 1 to 60"),
        ('rows_with_media = "no"', "true or false"),
        ("dialect = 1", "Unknown key"),
    ],
)
def test_settings_that_cannot_be(home: Path, lines: str, said: str) -> None:
    (home / "postcheck.toml").write_text(f"[hootsuite]\n{lines}\n", encoding="utf-8")
    write_draft(home / "one", POST)
    result = run(home / "one", "--to", home / "out")
    assert result.exit_code == 2
    assert said in result.stderr
    assert "postcheck.toml:2" in result.stderr


HOSTILE = "<script>alert(1)</script>\u202e\n2. x\n\"'&\x1b[2J"


def test_the_sheet_takes_whatever_a_draft_says() -> None:
    posting = Posting(
        "X",
        HOSTILE,
        "now",
        HOSTILE,
        "posts/a/text.txt",
        (HOSTILE,),
        (HandedPicture("a.png", HOSTILE, "a.alt.txt", False, ()),),
        (),
        "",
        (HOSTILE,),
    )
    sheet = Sheet((Handed(HOSTILE, (posting,), (HOSTILE,)),), (), ((HOSTILE, HOSTILE),), (HOSTILE,), "Checked", 1)
    page, text = as_page(sheet), as_text(sheet)
    assert "<script" not in page
    assert "script-src" not in page
    assert re.search(r"default-src 'none'; img-src 'none'; style-src 'sha256-[\w+/=]+'", page)
    for made in (page, text):
        assert "\u202e" not in made
        assert "\x1b" not in made
        assert "copy it from the file" in made
    assert not [line for line in text.splitlines() if line.startswith("2. x")]


def test_a_file_that_changes_meanwhile_stops_it(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    draft = write_draft(home / "one", POST)

    def changing(*arguments: Any) -> Any:
        seen = look_at(*arguments)
        (draft / "post.yaml").write_text("caption: other words\n", encoding="utf-8")
        return seen

    monkeypatch.setattr("postcheck.publishing.export.look_at", changing)
    result = run(draft, "--to", home / "out")
    assert result.exit_code == 2
    assert "was changed while it was read" in result.stderr
    assert not (home / "out").exists()
    assert not list(home.glob(".postcheck-*"))


def test_the_moment_is_the_one_that_is_given(home: Path) -> None:
    write_draft(home / "one", POST)
    settings = load_config(home / "postcheck.toml")
    done = export([home / "one"], home / "out", config=settings, policy="", now=datetime(2028, 1, 1, tzinfo=UTC))
    assert done.handed
    assert not (home / "out/hootsuite").exists()


@pytest.mark.slow
def test_the_place_is_taken_out_where_fix_would(home: Path) -> None:
    exif = {
        "GPSLatitudeRef": "N",
        "GPSLatitude": [45, 31, 12.5],
        "GPSLongitudeRef": "W",
        "GPSLongitude": [122, 40, 30.25],
    }
    image = {
        "file": "a.jpg",
        "alt": "A crew rakes leaves.",
        "source": "city",
        "people": "none",
        "render": {"exif": exif},
    }
    settings = (home / "postcheck.toml").read_text(encoding="utf-8") + '"privacy/image-location" = "warning"\n'
    (home / "postcheck.toml").write_text(settings, encoding="utf-8")
    draft = write_draft(home / "one", {**POST, "platforms": ["x"], "images": [image]})
    assert run(draft, "--to", home / "out").exit_code == 0
    made = home / "out/posts/001-one/x/a.jpg"
    assert stored_place(draft / "a.jpg").blocks
    assert not stored_place(made).blocks
    assert "no longer tell where" in (home / "out/hand-off.txt").read_text(encoding="utf-8")


def test_a_zip(home: Path) -> None:
    image = {"file": "a.png", "alt": "A crew rakes leaves.", "source": "city", "people": "none"}
    draft = write_draft(home / "one", {**POST, "images": [image]})
    with ZipFile(home / "one.zip", "w") as archive:
        for path in draft.iterdir():
            archive.write(path, path.name)
    result = run(home / "one.zip", "--to", home / "out")
    assert result.exit_code == 0, result.output
    (made,) = (home / "out/posts").glob("*/x/a.png")
    assert made.read_bytes() == (draft / "a.png").read_bytes()


def test_half_a_character_is_refused(home: Path) -> None:
    (home / "one").mkdir()
    told = json.dumps({**POST, "caption": "Leaf Day \ud83c."})
    (home / "one/post.json").write_text(told, encoding="utf-8")
    result = run(home / "one", "--to", home / "out")
    assert result.exit_code in (1, 2)
    assert not (home / "out").exists()


def test_a_picture_that_is_not_listed_stays_behind(home: Path) -> None:
    (home / "postcheck.toml").write_text('[checks]\n"alt-text/missing" = "warning"\n', encoding="utf-8")
    draft = write_draft(home / "one", {**POST, "platforms": ["x"], "files": {"extra.png": {}}})
    result = run(draft, "--to", home / "out")
    assert result.exit_code == 0, result.output
    assert "extra.png: The draft does not list it" in result.output
    assert not list((home / "out").rglob("extra.png"))
