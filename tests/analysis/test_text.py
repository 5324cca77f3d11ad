"""Counting as the platforms count."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from postcheck.analysis import text as counting
from postcheck.analysis.text import LENGTHS, MASK, emoji, fits, hashtags, links, masked, mentions
from postcheck.analysis.twitter import twitter_text

FAMILY = "👩‍👩‍👧‍👦"


@pytest.mark.parametrize(
    ("text", "x", "graphemes", "size", "threads", "mastodon"),
    [
        ("Leaf Day", 8, 8, 8, 8, 8),
        ("🍁", 2, 1, 4, 4, 1),
        (FAMILY, 2, 1, 25, 25, 1),
        ("cafe\u0301", 4, 4, 6, 5, 4),
        ("落叶", 4, 2, 6, 2, 2),
        ("See https://www.portland.gov/leaf-day/2026/pickup", 27, 49, 49, 49, 27),
        ("See portland.gov.", 28, 17, 17, 17, 17),
        ("Hi @parks@social.example!", 25, 25, 25, 25, 10),
        ("1️⃣ ™ ©", 8, 5, 14, 11, 5),
    ],
)
def test_lengths(text: str, x: int, graphemes: int, size: int, threads: int, mastodon: int) -> None:
    found = {unit: LENGTHS[unit](text) for unit in ("x-weighted", "graphemes", "bytes", "threads", "mastodon")}
    assert found == {"x-weighted": x, "graphemes": graphemes, "bytes": size, "threads": threads, "mastodon": mastodon}


PIECES = [
    "https://", "HTTP://", "portland.gov", "t.co/abc", " ", "\n", "\r\n", "a", "é", "e\u0301", "🍁", "©", "1️⃣", "/x-y_", "?a=b",
    "#f", "@a", ".", "..com", "-.gov", "_a.com", "www.", "https://a-.gov ", "https://-x.com/ ", "https://x_y.gov ",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES) | st.characters(exclude_categories=["Cs"]), max_size=12).map("".join))
@example("https://portland.gov-.gov")
def test_the_short_ways_of_counting_agree_with_the_library(text: str) -> None:
    weighted = twitter_text().parse_tweet(text).weightedLength
    assert counting.x_weighted(text) == weighted
    assert counting._x_at_most(text) >= weighted


@given(st.text(max_size=20), st.sampled_from(sorted(LENGTHS)), st.integers(0, 40))
def test_fits_agrees_with_the_length(text: str, unit: str, most: int) -> None:
    text = text.encode("utf-8", "ignore").decode()
    assert fits(text, unit, most) == (LENGTHS[unit](text) <= most)


def test_what_stands_in_a_post() -> None:
    post = "Hi @parks, mail me@b.gov #LeafDay #1 https://x.gov/#frag?a=@b (#café) .@water a#b @bes_pdx."
    assert [match[0] for match in hashtags(post)] == ["#LeafDay", "#café"]
    assert [match[0] for match in mentions(post)] == ["@parks", "@water", "@bes_pdx"]
    assert [match[0] for match in links(post)] == ["https://x.gov/#frag?a=@b"]


def test_emoji() -> None:
    assert [match[0] for match in emoji(f"™ © 5 # → ❤ ❤️ {FAMILY} 🇺🇸🇲🇽 1️⃣ 👍🏽")] == [
        "❤️",
        FAMILY,
        "🇺🇸",
        "🇲🇽",
        "1️⃣",
        "👍🏽",
    ]


def test_the_library_does_not_need_pkg_resources() -> None:
    code = (
        "import sys\nsys.modules['pkg_resources'] = None\n"
        "from postcheck.analysis.text import x_weighted\nprint(x_weighted('See portland.gov 🍁'))\n"
        "assert sys.modules['pkg_resources'] is None"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout == "30\n", done.stderr


@pytest.mark.parametrize(
    "hidden",
    [
        "https://city.gov/e-mail", "www.city.gov/e-mail", "city.gov/e-mail", "CITY.GOV/e-mail", "city.gov:8443/e-mail",
        "city.org.uk/e-mail", "lnks.gd/l/e-mail", "city.gov?topic=e-mail", "ftp://city.gov/e-mail", "mailto:e-mail@city.gov",
        "e-mail@city.gov", "e-mail@localhost", "@e_mail", "#email", "e-mail.pdf", "C:\\e-mail\\list", "<v e-mail>",
    ],
)  # fmt: skip
def test_what_is_no_prose_is_masked(hidden: str) -> None:
    text = f"See {hidden} now."
    assert masked(text) == f"See {MASK * len(hidden)} now."


@pytest.mark.parametrize(
    "text", ["Come at 9 a.m. or p.m.", "Write and/or, he/she.", "We start.Then we go.", "It costs $5.00."]
)
def test_prose_is_not_masked(text: str) -> None:
    assert masked(text) == text
