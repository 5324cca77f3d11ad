"""The edges of what the text-access finders see: emoji of several code points, and places after them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from postcheck.analysis.emoji import emoji_groups, emoji_spans
from postcheck.analysis.prose import Prose
from postcheck.catalog import check_path, read_check
from postcheck.detectors import FINDERS
from postcheck.detectors.writing import COMMON_OPTIONS
from postcheck.model import Context, Draft, Options
from postcheck.source import Location, Source, Text


def found(check: str, text: str) -> list[str]:
    """What the finder of `check` hits in `text`, with the options of the check's file."""
    file = read_check(check_path(f"text-access/{check}"))
    source = Source("post.md", text)
    draft = Draft("p", source, Text(text, source, "caption", 0, len(text)), Location("post.md"))
    options = Options({**COMMON_OPTIONS, **file.options})
    hits = FINDERS[file.detector](Prose(text), options, draft, Context(datetime.now(UTC), {}))
    return [text[hit.start : hit.end] for hit in hits]


def test_emoji_of_several_code_points_count_once() -> None:
    text = "👩‍👩‍👧‍👦 👍🏽 🇺🇸 1️⃣ 🏳️‍🌈 🏴󠁧󠁢󠁳󠁣󠁴󠁿 ❤️"
    assert [text[slice(*span)] for span in emoji_spans(text)] == text.split()
    (group,) = emoji_groups(text)
    assert (group.start, group.end, group.count) == (0, len(text), 7)


@pytest.mark.parametrize("text", ["Leaf Day", "“Leaf” — 5° ™ © ½ • → ✓ №", "", "1 # *"])
def test_no_emoji(text: str) -> None:
    assert emoji_spans(text) == ()


@pytest.mark.parametrize(
    ("check", "text", "hits"),
    [
        ("emoji-run", "👍🏽👍🏾👍🏿 three", []),
        ("emoji-run", "go 👩‍👩‍👧‍👦👍🏽🇺🇸1️⃣ now", ["👩‍👩‍👧‍👦👍🏽🇺🇸1️⃣"]),
        ("emoji-in-sentence", "שלום 🍁 עולם", ["🍁"]),
        ("emoji-in-sentence", "Call ☎️ us. Walk 👟 in.", ["☎️", "👟"]),
        ("emoji-in-sentence", "Rake. 🍁 Sweep. 🧹\nDone 🎉\nand dusted", []),
        ("emoji-for-word", "I ❤️ PDX and we 💚 #LeafDay", ["❤️", "💚"]),
        ("emoji-for-word", "Thank you ❤️ https://www.portland.gov", []),
        ("emoji-for-word", "🆓 Free compost", []),
        ("emoji-for-word", "4️⃣ a.m. or 5️⃣ a.m.", []),
        ("emoji-as-bullet", "• one\n• two\n• three", []),
        ("emoji-as-bullet", "Get ready! 🎉 We open. We are glad! 🎉 Come by. 🍁 Bye", []),
        ("emoji-as-bullet", "🎉 Leaf Day 🎉 Come by", []),
        ("emoji-as-bullet", "👩‍👩‍👧 Families\n👍🏽 Friends\n🇺🇸 Everyone", ["👩‍👩‍👧"]),
        ("capitals", "ÁRBOLES PARA TODOS LOS VECINOS, DETAILS TODAY", ["ÁRBOLES PARA TODOS LOS VECINOS, DETAILS TODAY"]),
        ("capitals", "🍁👩‍👩‍👧 Please DO NOT rake", ["DO NOT"]),
        ("capitals", "A.B. JONES-SMITH and AT&T of the U.S. NWS", []),
        ("capitals-word", "Bikes are NOT allowed. NOTE: not here. (ALL)", ["NOT"]),
        ("hashtag-capitals", "👩‍👩‍👧 ＃leafday #LeafDay", ["＃leafday"]),
        ("cut-hashtag", "#COVID-19, #COVID–19 and #Leaf-Day #1-2 #A1-2", ["#COVID-19", "#COVID–19"]),
        ("hashtags-in-sentence", "#A b #C d #E's f", ["#E"]),
        ("short-link", "https://bit.ly/a(b) orbit.ly/x me@bit.ly/x BIT.LY/Ab.", ["https://bit.ly/a(b", "BIT.LY/Ab"]),
        ("link-alone", "7/4 https://t.co/x", []),
        ("ascii-art", "╔════╗\n║ Hi ║\n╚════╝", ["╔════╗\n║ Hi ║\n╚════╝"]),
        ("ascii-art", "- one\n- two\n(1) (2)\n$5/$6", []),
        ("repeated-letters", "WELCOMEEEE to soooo COOOL AAA www III", ["WELCOMEEEE", "soooo"]),
        ("repeated-letters", "IEEE and World War III", []),
        ("spaced-letters", "W E L C O M E to A B C", ["W E L C O M E"]),
    ],
)  # fmt: skip
def test_found(check: str, text: str, hits: list[str]) -> None:
    assert found(check, text) == hits
