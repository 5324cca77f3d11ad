"""The name of a minor stands in a draft, and in nothing that postcheck writes of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from postcheck.catalog import load_catalog
from postcheck.cli import main
from postcheck.detectors.hiding import Veil, name_words
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


@pytest.mark.parametrize("draft", [DECLARED, FOUND, IN_ALT], ids=["declared", "found", "in an alt text"])
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
    assert veil.over("Ava Lee, AVA LEE, ava lee, #AvaLee #avalee, Ava's") == "A… L…, A… L…, a… l…, #A…L… #a…, A…'s"
    assert veil.over({"a": ["Ava"], "b": 3}) == {"a": ["A…"], "b": 3}
    assert veil.over("Available leeway, avail") == "Available leeway, avail"
    assert not Veil([])


def test_words_of_names() -> None:
    assert name_words("third-grader Ava Lee of Example School", ["School"]) == [["Ava", "Lee"], ["Example"]]
    assert name_words("student volunteer", []) == []
