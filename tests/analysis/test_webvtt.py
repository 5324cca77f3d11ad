"""The WebVTT validator, by the productions of the grammar; and what players read of faulty files."""

from __future__ import annotations

import pytest

from postcheck.analysis.cues import Captions
from postcheck.analysis.webvtt import parse, write
from postcheck.source import Source

HEAD = "WEBVTT\n\n"
TIMES = "00:00.000 --> 00:02.000"


def read(text: str) -> Captions:
    return parse(Source("a.vtt", text))


def kinds(text: str) -> list[str]:
    """Those that players forgive with a ~."""
    return [f"{'~' if fault.forgiven else ''}{fault.kind}" for fault in read(text).faults]


FILES = [
    # The signature and what is below it.
    ("WEBVTT\n\n", []),
    ("\ufeffWEBVTT\r\n\r\n", []),
    ("WEBVTT a title\n\n", []),
    ("WEBVTT\ta title\n\n", []),
    ("WEBVTTx\n\n", ["signature"]),
    ("webvtt\n\n", ["signature"]),
    (" WEBVTT\n\n", ["signature"]),
    ("\nWEBVTT\n\n", ["signature"]),
    ("Hello", ["signature"]),
    (f"WEBVTT\nKind: captions\nLanguage: en\n\n{TIMES}\nHi\n", ["~header"]),
    (f"WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:0\n\n{TIMES}\nHi\n", ["~timestamp-map"]),
    (f"WEBVTT\n{TIMES}\nHi\n", ["~header"]),
    # Blocks.
    (f"{HEAD}NOTE a comment\nof two lines\n\n{TIMES}\nHi\n\nNOTE\n\n", []),
    (f"{HEAD}NOTEBOOK\n\n", ["no-times"]),
    (f"{HEAD}STYLE\n::cue {{color: red}}\n\n{TIMES}\nHi\n", []),
    (f"{HEAD}{TIMES}\nHi\n\nSTYLE\n::cue {{color: red}}\n", ["block-late"]),
    (f"{HEAD}REGION\nid:a width:50% lines:3\nregionanchor:0%,100% viewportanchor:10%,90%\nscroll:up\n", []),
    (f"{HEAD}REGION\nid:a width:101% lines:x\n", ["setting-value", "setting-value"]),
    (f"{HEAD}REGION\nid:a\nid:b\n", ["setting-twice"]),
    (f"{HEAD}REGION\nwidht:50%\n", ["setting-unknown"]),
    (f"{HEAD}Words without times\n\n", ["no-times"]),
    (f"{HEAD}00:00.000 00:02.000\nHi\n", ["no-arrow"]),
    (f"{HEAD}intro\n{TIMES}\nHi\n", []),
    (f"{HEAD}a\n{TIMES}\nHi\n\na\n00:02.000 --> 00:03.000\nYou\n", ["~identifier-twice"]),
    (f"{HEAD}{TIMES}\nHi\n00:02.000 --> 00:03.000\nYou\n", ["no-blank-line"]),
    (f"{HEAD}{TIMES}\nHi\n \n00:02.000 --> 00:03.000\nYou\n", ["blank-line-spaces"]),
    (f"{HEAD}{TIMES}\nH\0i\n", ["nul"]),
    # Times.
    (f"{HEAD}00:00:00.000 --> 100:00:00.000\nHi\n", []),
    (f"{HEAD}00:00.000\t-->\t00:02.000\nHi\n", []),
    (f"{HEAD}00:00.000-->00:02.000\nHi\n", ["arrow-spaces"]),
    (f"{HEAD}00:00,000 --> 00:02.000\nHi\n", ["time"]),
    (f"{HEAD}0:00.000 --> 00:02.000\nHi\n", ["time"]),
    (f"{HEAD}00:00.00 --> 00:02.000\nHi\n", ["time"]),
    (f"{HEAD}00:60.000 --> 02:00.000\nHi\n", ["time"]),
    (f"{HEAD}0\u0660:00.000 --> 00:02.000\nHi\n", ["time"]),
    (f"{HEAD}--> 00:02.000\nHi\n", ["no-time"]),
    (f"{HEAD}00:02.000 --> 00:02.000\nHi\n", ["ends-first"]),
    (f"{HEAD} {TIMES}\nHi\n", ["~indented"]),
    # Settings.
    (f"{HEAD}{TIMES} vertical:rl line:-1,end position:50%,line-left size:33.3% align:start\nHi\n", []),
    (f"{HEAD}{TIMES}align:start\nHi\n", ["settings-glued"]),
    (f"{HEAD}{TIMES} align:start align:end\nHi\n", ["setting-twice"]),
    (f"{HEAD}{TIMES} algin:start\nHi\n", ["setting-unknown"]),
    (f"{HEAD}{TIMES} align;start\nHi\n", ["setting-colon"]),
    (f"{HEAD}{TIMES} align: start size :50%\nHi\n", ["setting-spaces", "setting-spaces"]),
    (f"{HEAD}{TIMES} align:middle\nHi\n", ["~setting-old"]),
    (f"{HEAD}{TIMES} size:100% line:100%\nHi\n", []),
    (f"{HEAD}{TIMES} size:100.1%\nHi\n", ["setting-value"]),
    (f"{HEAD}{TIMES} position:50\nHi\n", ["setting-value"]),
]  # fmt: skip
PAYLOADS = [
    ("plain > words", []),
    ("<b><i>Hi</i></b> <u.a.b>you</u> <c>all</c>", []),
    ("<v Ana Diaz>Hi, all", []),
    ("<v Ana>Hi</v> <v Ben>You</v>", []),
    ("<v Ana>Hi\n<v Ben>You", ["~voice-open"]),
    ("<v>Hi</v>", ["annotation-missing"]),
    ("<lang es>Hola</lang>", []),
    ("<lang>Hola</lang>", ["annotation-missing"]),
    ("<b loud>Hi</b>", ["annotation"]),
    ("<ruby>a<rt>b</rt>c<rt>d</ruby>", []),
    ("<rt>b</rt>", ["rt-alone"]),
    ("<b>Hi", ["tag-open"]),
    ("Hi</b>", ["tag-unstarted"]),
    ("<b><i>Hi</b></i>", ["tag-order", "tag-unstarted"]),
    ("<font color=red>Hi</font>", ["tag-unknown", "tag-unknown"]),
    ("<b>Hi</b.loud>", ["end-tag"]),
    ("<b>Hi</b", ["tag-open", "tag-unended"]),
    ("we <3 leaves", ["tag-unended"]),
    ("<c.>Hi</c>", ["tag-class"]),
    ("a<00:00.500>b<00:01.000>c", []),
    ("a<00:01.000>b<00:00.500>c", ["inner-time-order"]),
    ("a<00:02.000>b", ["inner-time-order"]),
    ("a<00:01>b", ["inner-time"]),
    ("&amp; &lt; &gt; &nbsp; &lrm; &rlm; &#233; &#xe9; &eacute;", []),
    ("Parks & Recreation, AT&T", ["~ampersand", "~ampersand"]),
    ("&bogus;", ["escape"]),
    ("&amp 7", ["escape-unended"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), FILES)
def test_files(text: str, expected: list[str]) -> None:
    assert kinds(text) == expected
    assert kinds(text.replace("\r\n", "\n").replace("\n", "\r\n")) == expected
    assert kinds(text.replace("\r\n", "\n").replace("\n", "\r")) == expected


@pytest.mark.parametrize(("payload", "expected"), PAYLOADS)
def test_payloads(payload: str, expected: list[str]) -> None:
    assert kinds(f"{HEAD}{TIMES}\n{payload}\n") == expected


def test_a_fault_has_its_place() -> None:
    text = f"{HEAD}{TIMES}\r\n🍁 Hi\r\nyou &bogus; all\r\n"
    (fault,) = read(text).faults
    assert text[fault.start : fault.end] == "&bogus;"
    assert read(text).source.line_and_column(fault.start) == (5, 5)
    text = f"\ufeff{HEAD}a\n00:00,500 --> 00:02.000\nHi\n\n{TIMES} algin:start\nHi\n"
    first, second = read(text).faults
    assert (text[first.start : first.end], first.data["write"]) == ("00:00,500", "00:00:00.500")
    assert read(text).source.line_and_column(first.start) == (4, 1)
    assert (text[second.start : second.end], second.data["hint"]) == ("algin:start", "Did you mean `align`?")


def test_words_are_those_that_are_shown() -> None:
    text = f"{HEAD}intro\n{TIMES} line:0\n<v Ana Diaz>Parks &amp;  <b>Rec</b>\n\u00a0\nSee you</v>\n"
    (cue,) = read(text).cues
    assert cue.lines == ("Parks & Rec", "See you")
    assert (cue.speaker, cue.identifier, cue.settings) == ("Ana Diaz", "intro", "line:0")
    assert (cue.start, cue.end, cue.duration) == (0.0, 2.0, 2.0)
    assert text[cue.payload.start : cue.payload.end] == cue.payload.value
    assert cue.payload.value.startswith("<v Ana Diaz>")


@pytest.mark.parametrize(
    ("text", "count", "unread"),
    [
        (f"{HEAD}00:00.000-->00:02.000\nHi\n", 1, 0),  # players read it
        (f"{HEAD}00:00,000 --> 00:02.000\nHi\n", 0, 1),
        (f"{HEAD}-->\n{TIMES}\nHi\n", 1, 0),
        (f"{HEAD}{TIMES}\nHi\n\nlost words\n", 1, 1),
        (f" {HEAD}{TIMES}\nHi\n", 1, 1),
    ],
)
def test_words_without_times_are_kept_apart(text: str, count: int, unread: int) -> None:
    found = read(text)
    assert (len(found.cues), len(found.unread)) == (count, unread)
    assert len(found.texts()) == count + unread


def test_the_header_is_read() -> None:
    found = read(f"WEBVTT\nKind: captions\nLanguage: es-MX\n\n{TIMES}\nHola\n")
    assert (found.kind, found.language) == ("captions", "es-MX")


def test_faults_beyond_a_thousand_are_counted() -> None:
    found = read(HEAD + f"{TIMES} a:b\nHi\n\n" * 1500)
    assert (len(found.faults), found.counts) == (1000, {False: 1500, True: 0})


def test_what_is_written_has_no_fault() -> None:
    found = read(f"{HEAD}{TIMES}\n<b>Tom &amp; 5 &lt; 6</b>\nyou\n")
    text = write(found.cues)
    assert text == "WEBVTT\n\n00:00:00.000 --> 00:00:02.000\nTom &amp; 5 &lt; 6\nyou\n"
    assert not read(text).faults
