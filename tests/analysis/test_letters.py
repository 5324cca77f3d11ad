"""Letters that only look like letters, flags that spell a word, marks in piles, and what nobody sees."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postcheck.analysis import letters
from postcheck.analysis.letters import flag_words, invisible, piled, struck, styled


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("𝐋𝐞𝐚𝐟 𝐃𝐚𝐲", "Leaf Day"),
        ("𝑳𝒆𝒂𝒇", "Leaf"),
        ("𝓛𝓮𝓪𝓯", "Leaf"),
        ("𝔏𝔢𝔞𝔣", "Leaf"),
        ("𝕃𝕖𝕒𝕗 ℂ𝕚𝕥𝕪", "Leaf City"),
        ("𝖫𝖾𝖺𝖿", "Leaf"),
        ("𝙻𝚎𝚊𝚏 𝟷𝟺", "Leaf 14"),
        ("Ｌｅａｆ　", "Leaf"),
        ("Ⓛⓔⓐⓕ", "Leaf"),
        ("🅻🅴🅰🅵", "LEAF"),
        ("🄻🄴🄰🄵", "LEAF"),
        ("🅛🅔🅐🅕", "LEAF"),
        ("⒧⒠⒜⒡", "leaf"),
        ("ʟᴇᴀꜰ ᴅᴀʏs", "leaf days"),
        ("ᴸᵉᵃᶠ", "Leaf"),
        ("➐➊ trees", "71"),
        ("➍ trees", "4"),
        ("ɟɐǝן ʎɐp ɟo ǝʌᴉʇ", "tive of day ןeaf"),
    ],
)
def test_plain_letters(text: str, plain: str) -> None:
    (found,) = styled(text)
    assert found.plain == plain


@pytest.mark.parametrize(
    "text",
    [
        "Leaf Day",
        "Łódź, Ångström, señor, Straße, ﬁne",
        "Добро пожаловать, Ελλάδα, שלום, مرحبا, नमस्ते",
        "東京ＰＤＸ１２３。ＮＨＫのＴシャツ",
        "価格は１，０００円です",
        "™ ® © № ½ ² ³ ℃ ℉ ℠ Å ℓ π Ω µ ª º 1º",
        "Selectionᵀᴹ, Brandˢᴹ",
        "x² + y³ = CO₂, m⁻¹",
        "① First ② Second",
        "🅿️ parking, 🅰️ and 🅱️, 🆎, 🆗, Ⓜ️",
        "Ɔkuapem ɛyɛ, Ewe ɖɔ, Hawaiʻi, ʻokina",
        "pronounced [ˈwɪləmɪt]",
        "👩‍👩‍👧‍👦 🇺🇸 1️⃣ 👍🏽",
    ],
)
def test_letters_of_their_own_right(text: str) -> None:
    assert styled(text) == []


def test_full_width_beside_japanese_in_another_line() -> None:
    assert [found.plain for found in styled("ＬＥＡＦ ＤＡＹ\nようこそ、ＰＤＸへ")] == ["LEAF DAY"]


def test_the_place_is_right_after_emoji() -> None:
    text = "👩‍👩‍👧 🇺🇸 See 𝐋𝐞𝐚𝐟 𝐃𝐚𝐲!"
    (found,) = styled(text)
    assert text[found.start : found.end] == "𝐋𝐞𝐚𝐟 𝐃𝐚𝐲"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("🇴🇵🇪🇳", ["OPEN"]),
        ("🇫 🇷 🇪 🇪", ["FREE"]),
        ("🇫\u200b🇷\u200b🇪\u200b🇪", ["FREE"]),
        ("🇼🇴🇼", ["WOW"]),
        ("🇺🇸🇲🇽🇨🇦", []),
        ("🇺🇸 🇲🇽 🇨🇦", []),
        ("🇺🇸", []),
        ("🏴󠁧󠁢󠁳󠁣󠁴󠁿 🏳️‍🌈", []),
    ],
)
def test_flags(text: str, words: list[str]) -> None:
    assert [found.plain for found in flag_words(text)] == words


def test_marks() -> None:
    assert [found.plain for found in piled("b̷̢̛̗o̵̧̨̮͓o̶̡̱̲̗!")] == ["boo"]
    assert [found.plain for found in struck("on F̶r̶i̶d̶a̶y̶ now")] == ["Friday"]
    for fine in (
        "Tie\u0302\u0301ng Vie\u0323\u0302t",
        "cafe\u0301",
        "Sḵwx̱wú7mesh",
        "x̲ and y̶",
        "שָׁלוֹם",
        "العَرَبِيَّة",
        "हिन्दी",
    ):
        assert piled(fine) == struck(fine) == []


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Leaf\u200bDay", 1),
        ("Leaf\n\u2800\nDay", 1),
        ("\ufeffLeaf", 1),
        ("\u202aLeaf\u202c Day", 2),
        ("Leaf\u2060 Day \u2060", 2),
        ("soft\u00adhyphen", 1),
        ("👩‍👩‍👧 🏳️‍🌈 🤸‍♀️", 0),
        ("می‌خواهیم", 0),
        ("שלום\u200f 503", 0),
        ("क्‍ष", 0),
        ("ภาษา\u200bไทย", 0),
        ("9\u202fa.m.\u00a0Saturday", 0),
    ],
)
def test_invisible_characters(text: str, count: int) -> None:
    assert len(invisible(text)) == count


@given(st.text(max_size=40))
def test_every_place_lies_in_the_text(text: str) -> None:
    for find in (styled, flag_words, piled, struck):
        for found in find(text):
            assert 0 <= found.start < found.end <= len(text)
    assert all(0 <= start < end <= len(text) for start, end in invisible(text))


@pytest.mark.parametrize("piece", ["ᴀs", "sx", "𝐀 ", "a\u0336", "a\u0300\u0301\u0302\u0303", "🇦 ", "ɐa", "\u200b", "x"])
def test_long_texts_take_no_time(piece: str) -> None:
    text = piece * 10_000 + "ᴀ"
    start = time.perf_counter()
    for find in (styled, flag_words, piled, struck, invisible):
        find(text)
    assert time.perf_counter() - start < 2


def test_the_tables_name_plain_letters() -> None:
    for table in (letters.SMALL_CAPITALS, letters.NEGATIVE, letters.CIRCLED_DIGITS):
        assert all(value.isascii() and value.isalnum() for value in table.values())
    assert len(letters.REGIONS) > 250
