"""What postcheck says, in the reader's language: numbers and dates, plurals, translations that are good or broken."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from locales import make
from postcheck import messages
from postcheck.cli import main
from postcheck.errors import UsageError
from postcheck.messages import day, figure, fill, moment, say, say_count
from tests.drafts import write_draft

WHEN = datetime(2026, 11, 14, 9, 30, tzinfo=UTC)
HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Plural-Forms: {plurals}\\n"\n\n'
SPANISH = (
    HEAD.format(plurals="nplurals=2; plural=(n != 1);")
    + """\
msgid "{file} has no alt text."
msgstr "A {file} le falta el texto alternativo."

msgid "failed"
msgstr "no pasa"

msgid "error"
msgstr "error grave"

msgid "{number} error"
msgid_plural "{number} errors"
msgstr[0] "{number} error grave"
msgstr[1] "{number} errores graves"

msgid "Do the captions say what is said, word for word, and who says it?"
msgstr "¿Dicen los subtítulos lo que se dice?"

msgid "The alt text “{found}” is the name of a file."
msgstr "El texto «{fund}» es el nombre de un archivo."

msgid "{length} words"
msgstr "{length:,} palabras, {share:.1f} por ciento"

#, fuzzy
msgid "passed"
msgstr "quizá pasa"
"""
)
POLISH = (
    HEAD.format(plurals="nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);")
    + """\
msgid "{number} error"
msgid_plural "{number} errors"
msgstr[0] "{number} błąd"
msgstr[1] "{number} błędy"
msgstr[2] "{number} błędów"
"""
)


@pytest.fixture
def translated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of translations, in which there are a Spanish and a Polish one."""
    folder = tmp_path / "locales"
    for name, text in (("es", SPANISH), ("pl", POLISH)):
        (folder / name).mkdir(parents=True)
        (folder / name / "postcheck.po").write_text(text, encoding="utf-8")
    monkeypatch.setattr(messages, "data_folder", lambda _: folder)
    yield folder
    messages.choose("")


def check(folder: Path, *options: str) -> Result:
    return CliRunner().invoke(main, ["check", str(folder), *options], catch_exceptions=False)


BAD = {
    "account": "parks", "author": "jo", "platforms": ["x"],
    "images": [{"file": "a.png", "source": "city"}, {"file": "b.png", "source": "city", "alt": "IMG_2043"}],
}  # fmt: skip


def test_english() -> None:
    assert figure(1234.5, 1) == "1,234.5"
    assert [day(date(2026, month, 1)) for month in (1, 5, 9)] == ["Jan. 1, 2026", "May 1, 2026", "Sept. 1, 2026"]
    assert moment(WHEN) == "Nov. 14, 2026, 9:30 a.m."
    assert moment(WHEN.replace(hour=12, minute=0)) == "Nov. 14, 2026, 12 p.m."
    assert say("Braces {stay} without values.") == "Braces {stay} without values."
    assert say("{word} filled", word="is") == "is filled"
    assert [say_count("{number} leaf", "{number} leaves", number) for number in (0, 1, 2, 1000)] == [
        "0 leaves", "1 leaf", "2 leaves", "1,000 leaves",
    ]  # fmt: skip
    assert messages.chosen() == "en"
    for tag in ("", "en", "en-US", "EN_gb"):
        assert messages.translation(tag) is None


def test_numbers_and_dates_of_another_language(translated: Path) -> None:
    messages.choose("es")
    assert figure(1234567.5, 1) == "1.234.567,5"
    assert day(WHEN.date()) == "14 nov 2026"
    assert moment(WHEN).startswith("14 nov 2026, 9:30")
    values = {"length": 12345, "share": 2.5}
    assert fill("{length} words", values) == "12.345 palabras, 2,5 por ciento"
    assert fill(
        "{length:,} of {share:.2f}, {share:g}, {name} and {when}", {**values, "name": "1.5", "when": WHEN.date()}
    ) == ("12.345 of 2,50, 2,5, 1.5 and 14 nov 2026")
    assert fill("in {year}", {"year": 2026}) == "in 2026"
    assert fill("", {}) == say("") == ""


def test_plurals_go_by_the_languages_own_rule(translated: Path) -> None:
    messages.choose("pl")
    told = [say_count("{number} error", "{number} errors", number) for number in (1, 2, 5, 22, 12)]
    assert told == ["1 błąd", "2 błędy", "5 błędów", "22 błędy", "12 błędów"]
    assert say_count("{number} leaf", "{number} leaves", 2) == "2 leaves"


def test_a_region_speaks_its_language(translated: Path) -> None:
    messages.choose("es-MX")
    assert messages.chosen() == "es-MX"
    assert say("failed") == "no pasa"
    assert figure(1234.5, 1) == "1,234.5"  # as it is written in Mexico


def test_what_nobody_confirmed_is_said_in_english(translated: Path) -> None:
    messages.choose("es")
    assert say("passed") == "passed"


def test_the_terminal_and_json_speak_it(translated: Path, tmp_path: Path) -> None:
    folder = write_draft(tmp_path / "draft", BAD)
    output = check(folder, "--language", "es").output
    assert "draft: no pasa" in output
    assert "error grave  alt-text/missing\n    A a.png le falta el texto alternativo." in output
    assert "2 errores graves" in output
    assert "Write under the picture's `alt`" in output  # not translated
    report = json.loads(check(folder, "--language", "es", "--format", "json").output)
    said = {result["check"]: result["findings"][0]["message"] for result in report["drafts"][0]["results"]}
    assert said["alt-text/missing"] == "A a.png le falta el texto alternativo."
    assert json.loads(check(folder, "--language", "es", "--format", "sarif").output)["runs"][0]["language"] == "es"
    assert "a.png has no alt text." in check(folder).output  # the next run speaks English again


def test_the_policys_questions_too(translated: Path, tmp_path: Path) -> None:
    draft = {
        **BAD,
        "images": [],
        "videos": [{"file": "a.mp4", "captions": "a.vtt"}],
        "files": {"a.vtt": {"text": "WEBVTT\n"}},
    }
    output = check(write_draft(tmp_path / "draft", draft), "--language", "es", "--policy", "portland").output
    assert "¿Dicen los subtítulos lo que se dice?" in output


def test_a_broken_place_loses_no_finding(translated: Path, tmp_path: Path) -> None:
    output = check(write_draft(tmp_path / "draft", BAD), "--language", "es").output
    assert "The alt text “IMG_2043” is the name of a file." in output
    messages.choose("es")
    with pytest.raises(KeyError):
        fill("{nowhere} in English", {})
    for broken in ("{found", "{0}", "{found.__class__.x}", "{found:q}", "{found[x]}"):
        translation = messages.translation("es")
        assert translation
        assert translation.filled(broken, "{found}", {"found": "leaf"}) == "leaf"


def test_settings_name_the_language(translated: Path, tmp_path: Path) -> None:
    folder = write_draft(tmp_path / "draft", BAD)
    (tmp_path / "postcheck.toml").write_text('language = "es"\n', encoding="utf-8")
    assert "draft: no pasa" in check(folder).output
    assert "draft: failed" in check(folder, "--language", "en").output
    (tmp_path / "postcheck.toml").write_text('language = "xx"\n', encoding="utf-8")
    result = check(folder)
    assert result.exit_code == 2
    assert "postcheck.toml:1:" in result.stderr


@pytest.mark.parametrize("tag", ["fr", "not a language", "../../es", "e", "es_" * 50])
def test_a_language_without_a_translation(translated: Path, tmp_path: Path, tag: str) -> None:
    with pytest.raises(UsageError):
        messages.choose(tag)
    assert check(write_draft(tmp_path / "draft", BAD), "--language", tag).exit_code == 2


def test_a_catalogue_that_cannot_be_read(translated: Path) -> None:
    (translated / "de").mkdir()
    (translated / "de" / "postcheck.po").write_bytes(b'msgid "a\nmsgstr \xff')
    with pytest.raises(UsageError):
        messages.choose("de")


def test_the_catalogue_holds_all_that_is_said_now() -> None:
    """`python -m locales.make` writes it again."""
    assert make.TEMPLATE.read_text(encoding="utf-8") == make.template()


def test_the_catalogue_knows_code_checks_and_policies() -> None:
    text = make.template()
    for said in (
        'msgid "{number} draft"\nmsgid_plural "{number} drafts"',
        'msgid "{file} has no alt text."',
        "#: checks/policies/portland.yaml\n",
        "#: postcheck/engine.py\n",
    ):
        assert said in text
