"""Captions files of every format: read in full, with every fault, and written in another form without loss."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from postcheck.analysis import captions as reading
from postcheck.analysis.captions import captions, cues, rewritten
from postcheck.analysis.cues import Captions
from postcheck.analysis.spoken import has_sound, kind_of, language_in_name, spoken
from postcheck.errors import CannotTest
from postcheck.model import Asset


def read(text: str, name: str = "a.srt") -> Captions:
    path = Path("/nowhere") / name
    return captions(Asset(name, path), {path: text})


def kinds(text: str, name: str = "a.srt") -> list[str]:
    return [f"{'~' if fault.forgiven else ''}{fault.kind}" for fault in read(text, name).faults]


A = "1\n00:00:01,000 --> 00:00:02,000\nHi\n"
B = "2\n00:00:03,000 --> 00:00:04,500\nYou\nall\n"

SRT = [
    (f"{A}\n{B}", []),
    (f"\ufeff{A}\n{B}".replace("\n", "\r\n"), []),
    (f"{A}\n\n\n{B}\n\n", []),
    (f"{A}{B}", ["no-blank-line"]),
    (f"{A}\n{B}".replace("2\n00", "00"), ["~number-missing"]),
    (f"{A}\n{B}".replace("2\n00", "7\n00"), ["~number-order"]),
    (f"{A}\n{B}".replace("1\n00", "0\n00").replace("2\n00", "1\n00"), []),
    (A.replace(",", "."), ["~dot"]),
    (A.replace("00:00:01", "0:00:01"), ["~short-hours"]),
    (A.replace(" --> ", "-->"), ["~srt-arrow-spaces"]),
    (A.replace("02,000\n", "02,000 align:start\n"), ["~srt-settings"]),
    (A.replace("02,000\n", "02,000 X1:40 X2:600 Y1:20 Y2:50\n"), []),
    (A.replace("-->", "->"), ["arrow"]),
    (A.replace("00:00:01,000", "00:01,000"), ["srt-time"]),
    (A.replace("01,000", "01,00"), ["srt-time"]),
    (A.replace("00:00:01", "00:61:01"), ["srt-time"]),
    (A.replace("00:00:02", "00:00:01"), ["ends-first"]),
    (A.replace("Hi", "Hi\n\nthere"), ["after-blank"]),
    (f"Title\n\n{A}", ["before-first"]),
    (A.replace("Hi", "<i>Hi"), ["~srt-tag"]),
    (A.replace("Hi", "{\\an8}<i>Hi</i> <3"), []),
    ("Just words\n", ["no-times-at-all"]),
    (A.replace("Hi", "H\0i"), ["nul"]),
    ("WEBVTT\n\n00:01.000 --> 00:02.000\nHi\n", ["other-format"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), SRT)
def test_subrip(text: str, expected: list[str]) -> None:
    assert kinds(text) == expected


def test_words_of_subrip() -> None:
    first, second = read(A.replace("Hi", "{\\an8}<i>Hi</i>  there") + "\n" + B).cues
    assert (first.lines, first.settings, second.lines) == (("Hi there",), "line:0", ("You", "all"))
    assert (second.start_ms, second.end_ms, second.number) == (3000, 4500, 2)


SBV = "0:00:01.000,0:00:02.000\nHi[br]you\n\n0:00:02.000,0:00:03.500\nAll\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (SBV, []),
        (SBV.replace("3.500", "3.5"), ["sbv-time"]),
        (SBV.replace("3.500", "1.500"), ["ends-first"]),
        (SBV.replace("\n\n", "\n"), ["no-blank-line"]),
        (SBV + "\nlost\n", ["sbv-no-times"]),
    ],
)
def test_subviewer(text: str, expected: list[str]) -> None:
    assert kinds(text, "a.sbv") == expected
    assert read(text, "a.sbv").cues[0].lines == ("Hi", "you")


def tt(body: str, attributes: str = "") -> str:
    space = 'xmlns="http://www.w3.org/ns/ttml" xmlns:ttp="http://www.w3.org/ns/ttml#parameter"'
    return f"<tt {space} xmlns:ttm='http://www.w3.org/ns/ttml#metadata' xml:lang='en' {attributes}>{body}</tt>"


TTML = [
    ('<body><div><p begin="00:00:01.5" end="00:00:03">Hi</p></div></body>', "", [(1500, 3000)]),
    ('<body begin="10s"><div begin="1s"><p begin="1s" dur="500ms">Hi</p></div></body>', "", [(12000, 12500)]),
    ('<body><div><p begin="1s" end="9s" dur="2s">Hi</p></div></body>', "", [(1000, 3000)]),
    ('<body end="2s"><div><p begin="1s">Hi</p></div></body>', "", [(1000, 2000)]),
    ('<body><div begin="1s" end="2s"><p>Hi</p></div></body>', "", [(1000, 2000)]),
    ('<body><div timeContainer="seq"><p dur="1s">A</p><p begin="1s" dur="1s">B</p></div></body>', "", [(0, 1000), (2000, 3000)]),
    ('<body><p begin="00:00:01:05" end="50f">Hi</p></body>', 'ttp:frameRate="25"', [(1200, 2000)]),
    ('<body><p begin="10t" end="20t">Hi</p></body>', 'ttp:tickRate="10"', [(1000, 2000)]),
    ('<body><p begin="0s" end="0.1h">Hi</p></body>', "", [(0, 360000)]),
    ('<body><p begin="30f" end="1m">Hi</p></body>', 'ttp:frameRate="30" ttp:frameRateMultiplier="1000 1001"', [(1001, 60000)]),
    ('<body><p begin="00:01:00:02" end="00:10:00:00">Hi</p></body>', 'ttp:timeBase="smpte" ttp:frameRate="30" ttp:frameRateMultiplier="1000 1001" ttp:dropMode="dropNTSC"', [(60060, 599999)]),
    ('<body><p><span begin="1s" end="2s">A</span><span begin="2s" end="3s">B</span></p></body>', "", [(1000, 2000), (2000, 3000)]),
    ('<body><p begin="1s" end="3s"><span begin="0s">A</span> <span begin="1s">B</span></p></body>', "", [(1000, 3000)]),
]  # fmt: skip


@pytest.mark.parametrize(("body", "attributes", "times"), TTML)
def test_times_of_ttml(body: str, attributes: str, times: list[tuple[int, int]]) -> None:
    found = read(tt(body, attributes), "a.ttml")
    assert [(cue.start_ms, cue.end_ms) for cue in found.cues] == times
    assert not found.faults


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (tt('<body><p begin="1s" end="oops">Hi</p></body>'), ["ttml-time"]),
        (tt('<body><p begin="1s">Hi</p></body>'), ["ttml-no-end"]),
        (tt("<body><p>Hi</p></body>"), ["ttml-no-times"]),
        (tt('<body><p begin="2s" end="1s">Hi</p></body>'), ["ends-first"]),
        (tt("<body><p>Hi</body>"), ["xml"]),
        ('<!DOCTYPE tt [<!ENTITY a "b">]><tt>&a;</tt>', ["xml-dtd"]),
        ("<html><p>Hi</p></html>", ["not-ttml", "ttml-no-times"]),
        (tt("<body>" + "<div>" * 200), ["xml"]),
    ],
)
def test_faults_of_ttml(text: str, expected: list[str]) -> None:
    assert kinds(text, "a.ttml") == expected


def test_words_of_ttml() -> None:
    head = '<head><ttm:agent xml:id="a"><ttm:name>Ana Diaz</ttm:name></ttm:agent></head>'
    body = '<body><p\nbegin="1s" end="2s" ttm:agent="a" region="top">é🍁 <span>Hi</span><br/>\n  you &amp; all<!-- no --></p></body>'
    text = '\ufeff<?xml version="1.0" encoding="UTF-16"?>\r\n' + tt(head + body)
    found = read(text, "a.dfxp")
    (cue,) = found.cues
    assert (cue.lines, cue.speaker, cue.settings) == (("é🍁 Hi", "you & all"), "Ana Diaz", "top")
    assert text[cue.payload.start : cue.payload.end].startswith("é🍁 <span>")
    assert found.language == "en"


def test_what_cannot_be_read_says_why(tmp_path: Path) -> None:
    def said(name: str, content: bytes) -> str:
        (tmp_path / name).write_bytes(content)
        with pytest.raises(CannotTest) as error:
            captions(Asset(name, tmp_path / name), {})
        return str(error.value)

    assert "is empty" in said("a.vtt", b"")
    assert "is empty" in said("a.vtt", b"\xef\xbb\xbf \r\n")
    assert "not UTF-8" in said("a.vtt", "WEBVTT\n".encode("utf-16"))
    assert "not UTF-8" in said("a.srt", "1\n".encode("utf-16-be"))
    assert "not UTF-8" in said("a.srt", f"{A}café".encode("latin-1"))
    assert "more than 4 MB" in said("a.vtt", b"WEBVTT\n\n" + b"\n" * 4_000_000)
    assert ".ttml" in said("a.txt", b"Hi")
    with pytest.raises(CannotTest, match="cannot be read"):
        captions(Asset("b.vtt", tmp_path / "b.vtt"), {})


def test_a_file_that_changes_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "a.srt"
    path.write_text(A, encoding="utf-8")
    assert len(cues(Asset("a.srt", path), {})) == 1
    path.write_text(f"{A}\n{B}", encoding="utf-8")
    assert len(cues(Asset("a.srt", path), {})) == 2


WORDS = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"], exclude_characters="\ufeff"),
    min_size=1,
    max_size=12,
)
LINES = st.lists(st.lists(WORDS, min_size=1, max_size=4).map(" ".join), min_size=1, max_size=3)
CUES = st.lists(st.tuples(st.integers(0, 10**8), st.integers(1, 10**5), LINES), min_size=1, max_size=5)


@given(CUES)
@settings(max_examples=200, deadline=None)
def test_from_one_form_to_the_other_and_back(made: list[tuple[int, int, list[str]]]) -> None:
    """Whatever is written has every cue; where that cannot be, nothing is written."""
    from html import escape

    from postcheck.analysis.cues import written_time

    blocks = [
        f"{written_time(start)} --> {written_time(start + length)}\n"
        + "\n".join(escape(line, quote=False) for line in lines)
        for start, length, lines in made
    ]
    first = read("WEBVTT\n\n" + "\n\n".join(blocks) + "\n", "a.vtt")
    assert [(cue.start_ms, cue.end_ms, list(cue.lines)) for cue in first.cues] == [
        (start, start + length, lines) for start, length, lines in made
    ]
    subrip = rewritten(first, "srt")
    if subrip is None:
        assert any(sign in " ".join(lines) for _, _, lines in made for sign in ("<", "{", "-->", "→", ">"))
        return
    second = read(subrip)
    back = rewritten(second, "vtt")
    assert back is not None
    third = read(back, "a.vtt")
    for one, two, three in zip(first.cues, second.cues, third.cues, strict=True):
        assert (one.start_ms, one.end_ms, one.lines) == (two.start_ms, two.end_ms, two.lines)
        assert (one.start_ms, one.end_ms, one.lines) == (three.start_ms, three.end_ms, three.lines)


@pytest.mark.parametrize(
    "text",
    [
        "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ana>Hi\n",  # who speaks would be lost
        "WEBVTT\n\n00:01.000 --> 00:02.000\n&lt;i&gt; is a tag\n",  # it would become one
        "WEBVTT\n\n00:01.000 --> 00:02.000\nHi\n\nlost\n",
        "WEBVTT\n\n00:01,000 --> 00:02.000\nHi\n",
        "WEBVTT\n\n",
    ],
)
def test_nothing_is_written_where_something_would_be_lost(text: str) -> None:
    assert rewritten(read(text, "a.vtt"), "srt") is None


PIECES = st.lists(
    st.sampled_from(
        ["WEBVTT", "\n", "\r", "\r\n", "00:00:01,000", "00:01.000", " --> ", "-->", "<b>", "</b>", "<v ", "&amp;", "&", "<",
         ">", "1", " ", "\t", "NOTE", "STYLE", "REGION", "align:start", ":", "\0", "\ufeff", "🍁", "{\\an8}", "<tt>", "<p>",
         "</p>", '<p begin="1s" end="2s">', "</tt>", "<br/>", "0:00:01.000,0:00:02.000", "<00:00.500>", "%", "[", "("]
    ),
    max_size=40,
).map("".join)  # fmt: skip


@given(
    st.one_of(PIECES, st.text(st.characters(exclude_categories=["Cs"]))),
    st.sampled_from([".vtt", ".srt", ".sbv", ".ttml"]),
)
@settings(max_examples=1500, deadline=None)
def test_nothing_breaks_the_reader(text: str, ending: str) -> None:
    try:
        found = read(text, f"a{ending}")
    except CannotTest:
        return
    for fault in found.faults:
        assert 0 <= fault.start <= fault.end <= len(text)
    for one in found.texts():
        assert one.value == "" or text[one.start : one.end].replace("\r\n", "\n").replace("\r", "\n") == one.value
    for cue in found.cues:
        assert "\n" not in "".join(spoken(cue))
        has_sound(cue)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("clip.en.vtt", ("en", "")),
        ("clip.en_US.srt", ("en", "US")),
        ("clip_captions_es-MX.vtt", ("es", "MX")),
        ("clip.zh-Hans.vtt", ("zh", "HANS")),
        ("pick_it.vtt", ("", "")),
        ("v1.2.vtt", ("", "")),
        ("clip.vtt", ("", "")),
    ],
)
def test_the_language_in_a_name(name: str, expected: tuple[str, str]) -> None:
    assert language_in_name(name) == expected


def test_the_kind_of_a_file() -> None:
    assert kind_of("a_chapters_en.vtt", read(A)) == "chapters"
    assert kind_of("a-descriptions.en.vtt", read(A)) == "descriptions"
    assert kind_of("chapters-of-portland.vtt", read(A)) == "captions"
    assert kind_of("a.vtt", read("WEBVTT\nKind: metadata\n\n", "a.vtt")) == "metadata"


@pytest.mark.parametrize(
    ("words", "expected", "sound"),
    [
        ("MAYOR WHEELER: Good morning.", ("Good morning.",), False),
        ("- Good morning.\n- Hello.", ("Good morning.", "Hello."), False),
        (">> Ana Diaz: Hello.", ("Hello.",), False),
        ("[applause] Thank you.", ("Thank you.",), True),
        ("(laughter)", (), True),
        ("Call (503) 823-4000.", ("Call (503) 823-4000.",), False),
        ("♪ Leaves are falling ♪", ("Leaves are falling",), True),
        ("We start at 8:30 sharp.", ("We start at 8:30 sharp.",), False),
    ],
)
def test_what_is_read_aloud(words: str, expected: tuple[str, ...], sound: bool) -> None:
    (cue,) = read(A.replace("Hi", words)).cues
    assert (spoken(cue), has_sound(cue)) == (expected, sound)


def test_the_parsers_are_imported_when_they_are_needed() -> None:
    import subprocess
    import sys

    code = "import sys, postcheck.analysis.captions; print([one for one in sys.modules if one.endswith(('webvtt', 'ttml', 'xml.sax'))])"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )
    assert reading.FORMATS[".dfxp"] == "ttml"
