"""Words that must not be there, plainly written or in disguise: f**k, sh!t, fuuuck, f u c k, ｆｕｃｋ."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import groupby

from postcheck.analysis.prose import Prose
from postcheck.analysis.text import MASK
from postcheck.detectors.writing import Hit
from postcheck.model import Context, Draft, Options, Outcome

_OUTCOMES = {"never": Outcome.FAILED, "doubtful": Outcome.CANT_TELL, "in_disguise": Outcome.CANT_TELL}
_LOOKALIKES = {
    "a": "@4", "b": "8", "e": "3", "g": "9", "i": "1!|", "l": "1|", "o": "0", "s": "$5z", "t": "7+", "u": "v",
}  # fmt: skip
"""What is written for a letter."""
_MASKS = "*#@%&_-"
"""What stands for any letter within a word of at least four."""
_SHORTEST_MASKED = 4
_STARRED = re.compile(r"(?<![\w*])[a-z@$0-9]{1,12}\*{1,12}[a-z@$0-9]{0,12}(?:\*{1,12}[a-z@$0-9]{0,12})?(?![\w*])")
_DASHED = re.compile(r"(?<![\w*-])[a-z@$0-9]{1,12}(?:-{2,8}|_{2,8}|[—–]{1,3})[a-z@$0-9]{1,6}(?![\w-])")
"""f---ing, f—ing. A dash may as well stand between two words, so these are asked about."""
_NO_WORD = re.compile(
    r"(?<![^\s\"“(])(?=[*@#$%&!?]{0,7}[@#$%&])[*@#$%&!?]{4,8}(?![^\s\"”).,])|(?<=[a-z,] )\*{4,12}(?= [a-z]|[.!?]|$)"
)
"""Signs where a word is wanted: “what the @#$%!”."""
_LEAST_KINDS = 3
_ENDINGS = ("", "s", "er", "ers", "ed", "ing", "in")
"""Of a word that may be part of a longer one."""
_DISGUISES = re.compile(r"[^a-z'\s]|([a-z])\1\1")


def disguised_words(prose: Prose, options: Options, draft: Draft, context: Context) -> Iterator[Hit]:
    """Options: `never` and `doubtful`, lists of words in small letters that fail and that are asked about; one between
    stars may be part of a longer word. `in_disguise`: words that are asked about only where they are not written
    plainly. `run_of_signs`: also a run of signs that stands for a word.

    Seen through are styled letters, letters of other scripts that look alike, accents and invisible characters; signs
    and digits for letters; letters drawn out, parted or starred out.
    """
    folded, places = _fold(prose.value)
    if not _DISGUISE.search(folded) and not _holds_one(folded, options):
        return
    found = [*_words(folded, options), *_starred(folded, options)]
    if options.get("run_of_signs"):
        found += [
            (*match.span(), Outcome.CANT_TELL) for match in _NO_WORD.finditer(folded) if _is_word_of_signs(match[0])
        ]
    last = -1
    for start, end, outcome in sorted(found, key=lambda one: (one[0], -one[1])):
        if start < last or _goes_on(folded, start, end):
            continue
        first, beyond = places[start], places[end - 1] + 1
        if _is_prose(prose, first, beyond):
            last = end
            yield Hit(first, beyond, None, outcome)


_DISGUISE = re.compile(
    r"[a-z][@$|*#%&_~0-9]|[@$|*#%&_~0-9][a-z]|[a-z]!+[a-z]|([a-vx-z])\1\1|[a-z]-[a-z]-|\b[a-z](?:[ ./~]{1,3}[a-z]\b){2}"
    r"|[*@#$%&!?]{4}|[a-z](?:--|__|[—–])"
)
"""Without one of these, and without one of the words, a text need not be searched: the expressions that see through
disguises are long, and to compile them takes longer than to check a caption for all else."""


def _holds_one(folded: str, options: Options) -> bool:
    words, parts = _plain_words(options)
    return not words.isdisjoint(_TOKEN.findall(folded)) or any(part in folded for part in parts)


_TOKEN = re.compile(r"[a-z]+")


@cache
def _plain_words(options: Options) -> tuple[frozenset[str], list[str]]:
    """The words that stand alone, and what may be anywhere."""
    words = [word for key in _OUTCOMES for word in options.get(key, ())]
    alone = frozenset(word for word in words if _TOKEN.fullmatch(word))
    return alone, [word.strip("*") for word in words if word not in alone]


def _goes_on(folded: str, start: int, end: int) -> bool:
    """Is it a piece of something longer that is spelled with marks: F.A.S.T., C-o-n-g-r-a-t-s?"""
    if not _MARK_WITHIN.search(folded, start, end):
        return False
    return bool(_MARK_AND_LETTER.match(folded, end) or _LETTER_AND_MARK.search(folded, max(start - 2, 0), start))


_MARK_WITHIN = re.compile(r"[a-z][._~-][a-z]")
_MARK_AND_LETTER = re.compile(r"[._~-][a-z]")
_LETTER_AND_MARK = re.compile(r"[a-z][._~-]$")


def _is_prose(prose: Prose, start: int, end: int) -> bool:
    """Not within a link, a hashtag or an address. “@ss” looks like a mention and “f@ck” like an address, so those count
    that are hidden from end to end and no more."""
    hidden = prose.masked[start:end]
    if MASK not in hidden:
        return True
    value = prose.value
    around = prose.masked[max(start - 1, 0) : start] + prose.masked[end : end + 1]
    return "@" in value[start:end] and MASK not in around


def _fold(text: str) -> tuple[str, Sequence[int]]:
    """The text in plain small letters, and where each of its characters stands in `text`."""
    if text.isascii():
        return text.lower(), range(len(text))
    letters: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        for letter in char.lower() if char.isascii() else _plain(char):
            letters.append(letter)
            places.append(place)
    return "".join(letters), places


@lru_cache(maxsize=4096)
def _plain(char: str) -> str:
    """What one character stands for; nothing for what is not seen."""
    from postcheck.analysis.letters import FILLERS, plain

    if char in FILLERS:
        return ""
    return "".join(
        _ALIKE.get(letter, letter)
        for letter in unicodedata.normalize("NFKD", plain(char)).lower()
        if unicodedata.category(letter) not in ("Mn", "Me", "Cf")
    )


_ALIKE = dict(zip("аеорсухіѕјһкԁցοανικρτυ’‘ı", "aeopcyxisjhkdgoavikptu''i", strict=True))
"""Letters of Cyrillic and Greek that look like Latin ones."""


def _words(folded: str, options: Options) -> Iterator[tuple[int, int, Outcome]]:
    for key, outcome in _OUTCOMES.items():
        for expression in _expressions(options, key):
            for match in expression.finditer(folded):
                found = match[0]
                letters = sum("a" <= char <= "z" for char in found)
                disguised = _DISGUISES.search(found) is not None
                if key == "in_disguise" and not disguised:
                    continue
                # A55 is a road or a telephone; a$$ is neither.
                if (
                    letters * 2 >= len(found) - found.count(" ") - found.count(".")
                    or "$" in found
                    or letters == len(found)
                ):
                    yield *match.span(), outcome


@cache
def _expressions(options: Options, key: str) -> list[re.Pattern[str]]:
    words = sorted(options.get(key, ()), key=len, reverse=True)
    if not words:
        return []
    starts = "".join(sorted({word.strip("*")[0] for word in words if word[0] != "*"}))
    signs = "".join(_LOOKALIKES.get(letter, "") for letter in starts)
    closed = "|".join(_closed(word) for word in words if "*" not in word)
    one = [re.compile(rf"(?<![a-z0-9])(?=[{starts}{re.escape(signs)}])(?:{closed})(?![a-z0-9])")] if closed else []
    within = "|".join(_closed(word.strip("*")) for word in words if "*" in word)
    if within:
        one.append(re.compile(rf"(?<![a-z0-9])[a-z]{{0,12}}?(?:{within})[a-z]{{0,20}}(?![a-z0-9])"))
    whole = [word.strip("*") + ending for word in words for ending in (_ENDINGS if "*" in word else ("",))]
    parted = "|".join(
        r"[ ._*~/-]{1,3}".join(word) for word in sorted(whole, key=len, reverse=True) if len(word) >= _SHORTEST_MASKED
    )
    if parted and key == "never":
        one.append(re.compile(rf"(?<![\w'&])(?:{parted})(?![\w'&])"))
    return one


def _closed(word: str) -> str:
    """The expression for a word: each letter drawn out, or what looks like it; within, a mask or a mark between."""
    runs = [(letter, len(list(run))) for letter, run in groupby(word)]
    parts = []
    for index, (letter, count) in enumerate(runs):
        signs = _LOOKALIKES.get(letter, "")
        if 0 < index < len(runs) - 1 and len(word) >= _SHORTEST_MASKED and letter.isalpha():
            signs += _MASKS
        more = f"{{{count},9}}"
        drawn = re.escape(letter) + more
        one = f"(?:{drawn}|[{re.escape(letter + signs)}]{{{count}}})" if signs else drawn
        parts.append(one)
    between = r"[._~-]?" if len(word) >= _SHORTEST_MASKED and word.isalpha() else ""
    return between.join(parts)


def _starred(folded: str, options: Options) -> Iterator[tuple[int, int, Outcome]]:
    if "*" in folded:
        for match in _STARRED.finditer(folded):
            outcome = _meant(match[0], options)
            if outcome:
                yield *match.span(), outcome
    for match in _DASHED.finditer(folded):
        if _meant(_DASHES.sub("***", match[0]), options):
            yield *match.span(), Outcome.CANT_TELL


_DASHES = re.compile(r"[—–_-]+")


@lru_cache(maxsize=1024)
def _meant(token: str, options: Options) -> Outcome | None:
    """What a word with stars in it comes to, if it may stand for one of ours."""
    visible = sum(char != "*" for char in token)
    tail = len(token) - len(token.rstrip("*"))
    if token.count("*") < 2 and (visible < 2 or tail):  # free*: a footnote
        known = {word.strip("*") for key in _OUTCOMES for word in options.get(key, ())}
        if visible < _SHORTEST_MASKED - 1 or not any(
            len(word) == len(token) for word in known if word[:visible] == token[:-1]
        ):
            return None
    expression = re.compile("".join(_visible(kind, list(run)) for kind, run in groupby(token, key="*".__eq__)))
    for key, outcome in _OUTCOMES.items():
        for word in options.get(key, ()):
            plain = word.strip("*")
            if any(expression.fullmatch(plain + ending) for ending in (_ENDINGS if word != plain else ("",))):
                return outcome if visible > 1 else Outcome.CANT_TELL
    return None


def _visible(is_star: bool, run: list[str]) -> str:
    if is_star:
        return f"[a-z]{{{max(len(run) - 2, 1)},{len(run) + 3}}}"
    return "".join(
        f"[{re.escape(char)}{''.join(letter for letter, signs in _LOOKALIKES.items() if char in signs)}]"
        for char in run
    )


def _is_word_of_signs(found: str) -> bool:
    return (found[0] == "*" and set(found) == {"*"}) or len(set(found)) >= _LEAST_KINDS
