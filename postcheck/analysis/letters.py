"""Letters that only look like letters: bold and script from the mathematical block, small capitals, letters turned
upside down, flags that spell a word; and the plain letters they stand for."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

SMALL_CAPITALS = dict(zip("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘꞯʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnopqrstuvwyz", strict=True))
"""NFKC does not know them. They stand for small letters, since the tools that make them leave s and x as they are."""
UPSIDE_DOWN = dict(zip("ɐɔǝɟƃɥᴉɾʞɯɹʇʌʍʎ⅄∀Ɔ⅁Ԁ¿¡", "acefghijkmrtvwyYACGP?!", strict=True))
_TURNED_ALONE = dict(zip("bdpqnu", "qpdbun", strict=True))
"""Plain letters that are another letter upside down."""
NEGATIVE = {
    **{chr(0x1F150 + index): chr(0x41 + index) for index in range(26)},
    **{chr(0x1F170 + index): chr(0x41 + index) for index in range(26)},
}
"""White letters on a black circle or square."""
CIRCLED_DIGITS = {
    **{chr(first + index): str(index + 1) for first in (0x2776, 0x2780, 0x278A) for index in range(10)},
    "⓿": "0",
    **{chr(0x24EB + index): str(index + 11) for index in range(10)},
    **{chr(0x24F5 + index): str(index + 1) for index in range(10)},
}
_TABLE = str.maketrans({**SMALL_CAPITALS, **NEGATIVE, **CIRCLED_DIGITS, "ǫ": "q"})

_MATH = "\U0001d400-\U0001d7ff"
_LETTERLIKE = "ℂℊℋℌℍℎℐℑℒℓℕℙℚℛℜℝℤℨℬℭℯℰℱℳℴℹⅅⅆⅇⅈⅉ"
_ENCLOSED = "Ⓐ-ⓩ⒜-⒵\U0001f110-\U0001f129\U0001f130-\U0001f149\U0001f150-\U0001f169\U0001f170-\U0001f189"
_FULLWIDTH = "Ａ-Ｚａ-ｚ０-９"
_RAISED = "ᴬ-ᵡᶛ-ᶿʰ-ʸˡ-ˣⁱⁿⱽ"
_LOWERED = "ₐ-ₜᵢ-ᵥ"
_DIGITS = "①-⑳❶-➓⓫-⓾"

# One pass finds every text that could hold any of them.
_MAY_BE = re.compile(
    f"[{_MATH}{_LETTERLIKE}{_ENCLOSED}{_FULLWIDTH}{_RAISED}{_LOWERED}{_DIGITS}{''.join(SMALL_CAPITALS)}ɐɟƃɥᴉɾʞɯɹʇʌʍʎ]"
)
_STYLED = re.compile(
    f"[{_MATH}][{_MATH}{_LETTERLIKE}]*|[{_LETTERLIKE}]+[{_MATH}][{_MATH}{_LETTERLIKE}]*|[{_LETTERLIKE}]{{2,}}"
    f"|[Ⓐ-ⓩ⒜-⒵\U0001f110-\U0001f129\U0001f130-\U0001f149\U0001f150-\U0001f169]{{2,}}"
    f"|[\U0001f170-\U0001f189]{{3,}}"
    f"|[{_FULLWIDTH}]+"
    f"|(?!ᵀᴹ|ˢᴹ)[{_RAISED}]{{2,}}|[{_LOWERED}]{{3,}}"
    f"|[{_DIGITS}]{{2,}}|[{_DIGITS}](?=[ ][a-z])"
    rf"|(?<![\w])[{''.join(SMALL_CAPITALS)}sxqzvwocǫ]*[{''.join(SMALL_CAPITALS)}]{{2}}[{''.join(SMALL_CAPITALS)}sxqzvwocǫ]*(?!\w)"
)
_TURNED = re.compile(r"(?<!\w)[\w'˙]*[ɐɟƃᴉɾʞɯɹʇʌʍʎɥ][\w'˙]*(?!\w)")
_TURNED_ONLY = frozenset("ɐɟƃᴉɾʞɯɹʇʌʍʎɥ")
_BETWEEN = re.compile(r"(?:[ \u00a0]|[-–,.:/&'’!?@#])*")
_CJK = re.compile("[\u1100-\u11ff\u2e80-\u2fdf\u3041-\u30ff\u3130-\u318f\u31f0-\u9fff\uac00-\ud7af\uff66-\uff9f]")


@dataclass(frozen=True, slots=True)
class Styled:
    """A stretch of styled letters, with the spaces and marks between them."""

    start: int
    end: int
    plain: str
    turned: bool = False
    """Upside down, and so written from the end."""


def styled(text: str) -> list[Styled]:
    """Every stretch of letters that only look like letters, and what they say."""
    if text.isascii() or not _MAY_BE.search(text):
        return []
    spans: list[tuple[int, int]] = []
    for match in _STYLED.finditer(text):
        start, end = match.span()
        if _is_fullwidth(match[0]) and _CJK.search(*_line(text, start)):
            continue
        if spans and _BETWEEN.fullmatch(text, spans[-1][1], start):
            spans[-1] = spans[-1][0], end
        else:
            spans.append((start, end))
    found = [Styled(start, end, plain(text[start:end])) for start, end in spans]
    return sorted([*found, *_turned(text)], key=lambda one: one.start)


def _is_fullwidth(found: str) -> bool:
    return "\uff10" <= found[0] <= "\uff5a"


def _line(text: str, position: int) -> tuple[str, int, int]:
    """The text, and where the line of `position` begins and ends in it."""
    end = text.find("\n", position)
    return text, text.rfind("\n", 0, position) + 1, end if end >= 0 else len(text)


def plain(letters: str) -> str:
    """The same in plain letters."""
    return unicodedata.normalize("NFKC", re.sub("[⒜-⒵\U0001f110-\U0001f129]", _unbracketed, letters.translate(_TABLE)))


def _unbracketed(match: re.Match[str]) -> str:
    return unicodedata.normalize("NFKC", match[0]).strip("()")


def _turned(text: str) -> list[Styled]:
    """Words upside down: at least two letters that occur in no other way."""
    words = [match.span() for match in _TURNED.finditer(text) if len(_TURNED_ONLY & set(match[0])) >= 2]
    if not words:
        return []
    start, end = words[0][0], words[-1][1]
    turned = {**UPSIDE_DOWN, **_TURNED_ALONE, "˙": "."}
    return [Styled(start, end, "".join(turned.get(char, char) for char in reversed(text[start:end])), turned=True)]


# ------------------------------------------------------------------------------------------------ flags

_FLAG_LETTERS = re.compile("[\U0001f1e6-\U0001f1ff](?:[ \u200b\u200c\u2060]?[\U0001f1e6-\U0001f1ff])*")
_FLAG = re.compile("[\U0001f1e6-\U0001f1ff]")
_PARTED = re.compile("[ \u200b\u200c\u2060]")
# ISO 3166-1, and EU, UN, XK and the islands that have a flag among the emoji.
_REGIONS = """
    AC AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ
    CA CC CD CF CG CH CI CK CL CM CN CO CP CR CU CV CW CX CY CZ DE DG DJ DK DM DO DZ EA EC EE EG EH ER ES ET EU FI FJ FK
    FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU IC ID IE IL IM IN IO IQ IR IS IT
    JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP
    MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE
    RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TA TC TD TF TG TH TJ TK TL TM TN TO TR TT
    TV TW TZ UA UG UM UN US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW
"""
REGIONS = frozenset(_REGIONS.split())


def flag_words(text: str) -> list[Styled]:
    """Flag letters that are no flags, and so stand for letters."""
    if text.isascii() or not _FLAG.search(text):
        return []
    found = []
    for match in _FLAG_LETTERS.finditer(text):
        letters = ["".join(chr(ord(char) - 0x1F1E6 + 0x41) for char in part) for part in _PARTED.split(match[0])]
        pairs = [part[index : index + 2] for part in letters for index in range(0, len(part), 2)]
        if sum(map(len, letters)) > 2 and not all(pair in REGIONS for pair in pairs):
            found.append(Styled(*match.span(), "".join(letters)))
    return found


# ------------------------------------------------------------------------------------------------ marks

_MARK = "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20dc\u20e1-\u20f0\ufe20-\ufe2f"
_PILE = re.compile(rf"\w[{_MARK}]{{4,}}(?:[\w \u00a0]?[{_MARK}]+)*")
_HAS_PILE = re.compile(f"[{_MARK}]{{4}}")
_STROKES = "\u0332\u0333\u0334-\u0338\u0305\u033f\u20d2\u20d3\u20e5\u20e6\u20eb"
_STRUCK = re.compile(rf"(?:[^\W_][{_STROKES}]+[ \u00a0{_STROKES}]*){{3,}}")
_HAS_STROKE = re.compile(f"[{_STROKES}]")
_ANY_MARK = re.compile(f"[{_MARK}]+")


def piled(text: str) -> list[Styled]:
    """Letters under four marks and more; no language sets so many."""
    if text.isascii() or not _HAS_PILE.search(text):
        return []
    return [Styled(*match.span(), _unmarked(match[0])) for match in _PILE.finditer(text)]


def struck(text: str) -> list[Styled]:
    """Three letters and more in a row that are struck through or underlined by a mark each."""
    if text.isascii() or not _HAS_STROKE.search(text):
        return []
    return [
        Styled(match.start(), match.start() + len(match[0].rstrip()), _unmarked(match[0].rstrip()))
        for match in _STRUCK.finditer(text)
    ]


def _unmarked(text: str) -> str:
    return _ANY_MARK.sub("", text)


# ------------------------------------------------------------------------------------------------ nothing to see

FILLERS = {
    "\u2800": "blank braille pattern",
    **dict.fromkeys("\u3164\u115f\u1160\uffa0", "Hangul filler"),
}
"""Blanks that are no white space, so that platforms keep them."""
_HIDDEN = "\u00ad\u034f\u180e\u200b\u200c\u200d\u2060-\u2064\ufeff"
_DIRECTIONS = "\u200e\u200f\u202a-\u202e\u2066-\u2069"
_INVISIBLE = re.compile(f"[{''.join(FILLERS)}{_HIDDEN}{_DIRECTIONS}]+")
_PLAIN_NEIGHBOR = re.compile(r"[\s\u0021-\u024f\u2010-\u2027\ufffc]")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")


def invisible(text: str) -> list[tuple[int, int]]:
    """The spans of characters that nobody sees and that do nothing where they stand: between Latin letters, digits,
    marks and white space. Between the letters of other scripts, in emoji and beside text from right to left they have
    their work to do."""
    if text.isascii():
        return []
    found = []
    right_to_left = None
    for match in _INVISIBLE.finditer(text):
        start, end = match.span()
        if right_to_left is None:
            right_to_left = bool(_RIGHT_TO_LEFT.search(text))
        if right_to_left and not any(char in FILLERS for char in match[0]):
            continue
        if all(
            not neighbor or _PLAIN_NEIGHBOR.match(neighbor) or neighbor in FILLERS
            for neighbor in (text[start - 1 : start] if start else "", text[end : end + 1])
        ):
            found.append((start, end))
    return found
