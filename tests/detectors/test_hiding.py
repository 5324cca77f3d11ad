"""The name of a minor stands in a draft, and in nothing that postcheck writes of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from postcheck.catalog import load_catalog
from postcheck.cli import main
from postcheck.detectors.veil import Veil, name_words
from postcheck.reporters import REPORTERS
from tests.drafts import write_draft

FORMATS = sorted({"text", "json", *REPORTERS})
NAME = ("Zelda", "Quimby")
DECLARED = {
    "author": "jrivera",
    "caption": "ZELDA QUIMBY won the contest!! 9 A.M. Thanks to Zelda and zelda quimby #ZeldaQuimby #zeldaquimby",
    "title": "Zelda Quimby",
    "images": [
        {
            "file": "a.jpg",
            "alt": "Image of Zelda Quimby at 9 A.M.",
            "credit": "Zelda Quimby",
            "people": [{"who": "Zelda Quimby", "minor": True, "release": "zq.pdf", "release_by": "Zelda Quimby"}],
            "render": {"xmp": {"Iptc4xmpExt:PersonInImage": ["Zelda Quimby"], "dc:creator": ["Zelda Quimby"]}},
        },
        {"file": "b.png", "render": {"words": "Zelda Quimby\nage 9", "px": 60, "embedded_alt": "Zelda Quimby"}},
    ],
    "waive": [
        {
            "check": "alt-text/image-of",
            "reason": "Her parents, who know Zelda Quimby well, have asked for it to be written in this very way.",
            "by": "R. Reviewer",
        }
    ],
}
FOUND = {"caption": "Third-grader Zelda Quimby, 9, won!! Zelda met us at 9 A.M. and Quimby's poem hangs in City Hall."}
IN_ALT = {
    "caption": "A poem!!",
    "images": [{"file": "a.png", "alt": "Image of student Zelda Quimby of Example Elementary."}],
}


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("XDG_CACHE_HOME", "LOCALAPPDATA", "HOME"):
        monkeypatch.setenv(name, str(tmp_path / "cache"))
    load_catalog.cache_clear()
    return tmp_path / "cache"


def check(folder: Path, *options: str) -> Result:
    return CliRunner().invoke(main, ["check", str(folder), "--policy", "portland", *options])


def told(text: str) -> list[str]:
    return [word for word in NAME if word.lower() in text.lower()]


@pytest.mark.parametrize(
    "draft",
    [pytest.param(DECLARED, marks=pytest.mark.slow), FOUND, IN_ALT],
    ids=["declared", "found", "in an alt text"],
)
def test_in_no_report_and_no_cache(draft: dict[str, object], tmp_path: Path, cache: Path) -> None:
    folder = write_draft(tmp_path / "draft", draft)
    for format_ in FORMATS:
        for options in ([], ["--output", str(tmp_path / "report")], ["--select", "ap-style", "--select", "alt-text"]):
            result = check(folder, "--format", format_, *options)
            assert result.exit_code in (0, 1), result.output
            assert not told(result.output), [line for line in result.output.splitlines() if told(line)]
    assert not told((tmp_path / "report").read_text(encoding="utf-8"))
    kept = [path for path in cache.rglob("*") if path.is_file()]
    assert any(path.name == "measured.sqlite" for path in kept) == ("images" in draft)
    for path in kept:
        assert not told(path.read_bytes().decode("latin-1")), path


def test_the_places_are_told_all_the_same(tmp_path: Path) -> None:
    output = check(write_draft(tmp_path / "draft", FOUND)).output
    assert "Z… Q…" in output
    assert "post.yaml:1:" in output


def test_a_fix_writes_the_name_as_it_is_or_not_at_all(tmp_path: Path) -> None:
    folder = write_draft(tmp_path / "draft", FOUND)
    result = check(folder, "--fix")
    assert "…" not in (folder / "post.yaml").read_text(encoding="utf-8")
    assert not told(result.output)


def test_what_is_hidden() -> None:
    veil = Veil([["Ava", "Lee"]])
    assert veil.over("Ava Lee, AVA LEE, ava lee, #AvaLee #avalee, Ava's") == "A… L…, A… L…, a… l…, #A…L… #a…l…, A…'s"
    assert veil.over({"a": ["Ava"], "b": 3}) == {"a": ["A…"], "b": 3}
    assert veil.over("Available leeway, avail") == "Available leeway, avail"
    assert not Veil([])


def test_words_of_names() -> None:
    assert name_words("third-grader Ava Lee of Example School", ["School"]) == [["Ava", "Lee"], ["Example"]]
    assert name_words("student volunteer", []) == []


NAMED_FILES = {
    "caption": "Swim team wins!!",
    "images": [
        {
            "file": "zelda-quimby_2026.jpg",
            "alt": "Image of a swimmer.",
            "people": [{"who": "Zelda Quimby", "minor": True, "release": "releases/QuimbyZelda.pdf"}],
        },
        {"file": "quimby.png", "decorative": True},
    ],
    "videos": [{"file": "ZeldaQuimby.mp4", "captions": "zeldaQuimby.en.vtt"}],
    "files": {
        "releases/QuimbyZelda.pdf": {},
        "zeldaQuimby.en.vtt": {"text": "WEBVTT\n\n00:01.000 --> 00:02.000\nZelda?? wins\n"},
        "more/Zelda Quimby.jpg": {"keep": 0.5},
        "ZELDA.png": {"render": {"words": "Leaf Day", "px": 60, "fg": "#707070", "bg": "#808080"}},
    },
    "waive": [
        {
            "check": "alt-text/image-of",
            "by": "Ramona Quimby",
            "reason": "one two three four five six seven eight nine ten",
        }
    ],
}


@pytest.mark.parametrize(
    "draft", [NAMED_FILES, {**NAMED_FILES, "author": 3, "publish_at": "Zelda"}], ids=["", "unread"]
)
@pytest.mark.slow
def test_in_no_name_of_a_file_or_folder(draft: dict[str, object], tmp_path: Path) -> None:
    folder = write_draft(tmp_path / "2026-zelda-quimby", draft)
    for format_ in FORMATS:
        result = check(folder, "--format", format_)
        assert "2026-z…-q…" in result.output
        assert not told(result.output), [line for line in result.output.splitlines() if told(line)]
    if draft is NAMED_FILES:
        assert "z…-q…_2026.jpg" in result.output
        assert "more/Z… Q….jpg" in result.output


@pytest.mark.slow
def test_a_file_named_after_a_child_that_a_text_names(tmp_path: Path) -> None:
    folder = write_draft(tmp_path / "zelda-quimby", {**FOUND, "images": [{"file": "zelda_quimby.png", "alt": ""}]})
    assert not told(check(folder).output)


def test_a_folder_named_after_a_school_keeps_its_name(tmp_path: Path) -> None:
    draft = {"caption": "Sellwood Elementary third-grader Zelda Quimby won."}
    result = check(write_draft(tmp_path / "sellwood-elementary", draft))
    assert "sellwood-elementary" in result.output
    assert not told(result.output)


@pytest.mark.slow
def test_in_no_diff(tmp_path: Path) -> None:
    draft = {**DECLARED, "caption": "Thanks to Zelda, zelda quimby and Ramona Quimby. It is 9 A.M. now."}
    folder = write_draft(tmp_path / "zelda-quimby", draft)
    result = check(folder, "--diff")
    assert "+caption: Thanks to Z…, z… q… and Ramona Q…. It is 9 a.m. now." in result.output
    assert "names of minors are hidden" in result.output
    assert not told(result.output)


@pytest.mark.parametrize(
    "text",
    [
        "---\nimages:\n  - file: a.png\n    people:\n      - who: Zelda Quimby\n        minor: true\n        age: 9\n    by: Zelda\n---\n",
        "---\nimages:\n  - {file: zelda_quimby.png, people: [{who: 'Zelda Quimby', minor: true}]}\n---\n",
        "---\nplatforms: Zelda Quimby\n---\nThird-grader Zelda Quimby, 9, won.\n",
        '---\nwaive:\n- {check: Zelda Quimby, by: x, reason: "a b c d e f g h i j"}\ntitle: 9-year-old Zelda Quimby\n---\n',
        '---\ntitle: "9-year-old Zelda Quimby"\ncategory: [Quimby: Zelda]\n---\n',
    ],
    ids=["key", "file", "caption", "waiver", "title"],
)
def test_in_no_problem_of_a_draft_that_cannot_be_read(text: str, tmp_path: Path) -> None:
    (tmp_path / "post.md").write_text(text, encoding="utf-8")
    for format_ in FORMATS:
        result = check(tmp_path, "--format", format_)
        assert result.exit_code == 2, result.output
        assert not told(result.output), result.output


def test_in_no_row_of_a_calendar(tmp_path: Path) -> None:
    path = tmp_path / "calendar.csv"
    path.write_text("caption,image\nThird-grader Zelda Quimby won!!,Zelda_Quimby.png\n", encoding="utf-8")
    result = check(path)
    assert result.exit_code == 2
    assert not told(result.output), result.output


@pytest.mark.slow
def test_whose_release_the_register_has(tmp_path: Path) -> None:
    (tmp_path / "releases.csv").write_text("id,subject,minor\n2026-118,Zelda Quimby,yes\n", encoding="utf-8")
    (tmp_path / "postcheck.toml").write_text('[releases]\nfile = "releases.csv"\n', encoding="utf-8")
    people = [{"who": "volunteer", "release": "2026-118", "release_by": "Zelda Quimby"}]
    folder = write_draft(tmp_path / "draft", {"caption": "Zelda Quimby won.", "images": [{"people": people}]})
    result = check(folder, "--format", "json")
    assert "Z… Q…" in result.output
    assert not told(result.output)


@pytest.mark.slow
def test_in_no_words_of_a_fault_of_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_draft(tmp_path / "draft", DECLARED)

    def broken(*_: object) -> None:
        raise KeyError(" ".join(NAME))

    monkeypatch.setattr("postcheck.api.make_report", broken)
    result = check(folder)
    assert result.exit_code == 3
    assert "KeyError" in result.output
    assert not told(result.output)


def test_what_is_hidden_in_other_scripts() -> None:
    assert name_words("Żaneta Łukasz, Ян Петров", []) == [["Żaneta", "Łukasz"], ["Ян", "Петров"]]
    assert name_words("王小明", [], without_case=True) == [["王小明"]]
    assert Veil([["Zoë", "Żak"]]).over("Zoe\u0308 Żak, zoë-żak, ZOË") == "Z… Ż…, z…-ż…, Z…"
    veil = Veil([["Rose", "Lee"]], [["Rose", "Lee"]])
    assert veil.over_path("posts/rose-lee/Lee.jpg") == "posts/r…-l…/L….jpg"
    assert veil.over_path("posts/primrose-sleet.jpg") == "posts/primrose-sleet.jpg"
    assert veil.over("The rose garden") == "The rose garden"
