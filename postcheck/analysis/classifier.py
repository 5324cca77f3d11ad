"""What a text reads like, by the classifiers in models/.

They are spaCy pipelines over words, pieces of words and the shape of a text, trained on real posts and on our own
(models/README.md). spaCy is imported when a text is first scored, and one that is plainly harmless never is.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from postcheck.analysis.hashtag import spoken
from postcheck.analysis.text import MASK, hashtags, masked
from postcheck.errors import CannotTest
from postcheck.resources import data_folder

_STATE = (
    "Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Georgia|Hawaii|Idaho|Illinois|"
    "Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota|Mississippi|Missouri|"
    "Montana|Nebraska|Nevada|New Hampshire|New Jersey|New Mexico|New York|North Carolina|North Dakota|Ohio|Oklahoma|"
    "Oregon|Pennsylvania|Rhode Island|South Carolina|South Dakota|Tennessee|Texas|Utah|Vermont|Virginia|Washington|"
    "West Virginia|Wisconsin|Wyoming"
)
# Without those that are words in capitals: HI, IN, ME, OH, OK, OR.
_STATE_CODE = (
    "AL|AK|AZ|AR|CA|CO|CT|DE|FL|GA|ID|IL|IA|KS|KY|LA|MD|MA|MI|MN|MS|MO|MT|NE|NV|NH|NJ|NM|NY|NC|ND|PA|RI|SC|SD|TN|TX|UT|"
    "VT|VA|WA|WV|WI|WY"
)
_PLACE = re.compile(
    rf"\b(?:{_STATE})(?:ians|ian|ns|ans|n|an)?\b|\b(?:{_STATE_CODE})\b"
    r"|\b(?:San|Santa|Los|El|St\.|Fort|Lake) [A-Z][a-z]+\b"
)
_ADDRESS = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w.-]+\.(?:(?P<office>gov|us|mil)|[A-Za-z]{2,})\b")
_ACCOUNT = re.compile(r"[@＠]\w+")
_SAMPLE = re.compile(
    r"(?<![\w-])(?:(?:0000[ -]?){3}0000|000-00-0000|123-45-6789|00-0000000|12-3456789)\b"
    r"|(?<![\w-])(?:0?[01]/0?[01]/[01]900|00/00/0000)\b"
    r"|(?<![\w*#•])[Xx*#•]{3}-[Xx*#•]{2}-(?:[Xx*#•]{4}|0000|1234)(?!\w)"
    r"|(?<![\w*#•])(?:[Xx*#•]{4}[ -]?){3}(?:[Xx*#•]{4}|0000|1234)(?!\w)"
    r"|\b(?:ABC|XYZ)[- ]?1234?\b|\b(?:MM/DD|DD/MM)/YY(?:YY)?\b"
    r"|\b(?:your\.?name|name|you|first(?:name)?\.last(?:name)?|user(?:name)?|someone)@[\w.-]+\.[a-z]{2,}\b"
)
"""A number or address that is nobody's, and only shows how one is written."""
_LONG_AGO = re.compile(r"(?<![\w#$.,-])(?:1[5-8]\d\d|190\d|191[0-5])(?:s|[’']s)?(?![\w-]|[.,:]\d| [A-Z])")
"""A year whose people have died, and not the number of a house."""
_SIGNS = re.compile(r"(?<=[^\w\s]{20})[^\w\s]+")
"""What goes on after twenty signs: spaCy takes the square of their number."""


def prepared(text: str, politicians: Sequence[str]) -> str:
    """The text as the classifier is trained on it and reads it: it must learn how people ask for votes, not for whom,
    and so names of politicians, states and accounts and e-mail addresses are put alike, links go, and hashtags are
    words. To it all numbers of one build are alike, and so those that are only samples, and years long ago, are words
    too."""
    return _prepared(text, tuple(politicians))


@lru_cache(maxsize=64)
def _prepared(text: str, politicians: tuple[str, ...]) -> str:
    """Kept for a moment: many checks ask about one text."""
    pieces = []
    at = 0
    for tag in hashtags(text):
        pieces += [text[at : tag.start()], "# ", spoken(tag[0])]
        at = tag.end()
    text = "".join([*pieces, text[at:]])
    text = _LONG_AGO.sub("Longago", _SAMPLE.sub("Sample", text))
    text = _ADDRESS.sub(lambda found: "officeaddress" if found["office"] else "mailaddress", text)
    text = masked(_ACCOUNT.sub("someone", text)).replace(MASK, " ")
    text = _PLACE.sub("Place", _politician(politicians).sub("Politician", text))
    return _SIGNS.sub("", " ".join(text.split()))


@cache
def _politician(names: tuple[str, ...]) -> re.Pattern[str]:
    surnames = "|".join(names)
    return (
        re.compile(rf"\b(?:[A-Z][a-z]+ )?(?:{surnames})\b|\b(?:{surnames.lower()})\b") if names else re.compile(r"(?!)")
    )


def scores(pipeline: str, text: str, politicians: Sequence[str]) -> Mapping[str, float]:
    """How much the text reads like each kind of post that the pipeline knows, from 0 to 1.

    Raises:
        CannotTest: the pipeline is not there or cannot be read.
    """
    return _scores(prepared(text, politicians), folder_of(pipeline))


def log_odds(score: float) -> float:
    """The logarithm of a score's odds; of one that is rounded to 0 or 1, a large one."""
    score = min(max(score, 1e-7), 1 - 1e-7)
    return math.log(score / (1 - score))


def is_worth_asking(pipeline: str, text: str, politicians: Sequence[str]) -> bool:
    """May the text be of any kind that the pipeline knows? A small table of its words says so: of the texts that score
    GATED or more, 98 in 100 pass by it, and of harmless ones few. Without it, every caption would wait for spaCy.

    Raises:
        CannotTest: as for `scores`.
    """
    return _is_worth_asking(words_of(prepared(text, politicians)), folder_of(pipeline))


@lru_cache(maxsize=64)
def _is_worth_asking(words: frozenset[str], folder: Path) -> bool:
    gate = _gates(folder)
    return any(weigh(words, gate["rarity"], gate["weights"][label]) >= least for label, least in gate["least"].items())


GATED = 0.19
"""Where a check asks at a lower score than this, the table may keep texts from it."""


def weigh(words: Iterable[str], rarity: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """What single words make of the score, in the way of `analysis.scorer`."""
    total = 0.0
    length = 0.0
    for word in words:
        length += rarity.get(word, 0.0) ** 2
        total += weights.get(word, 0.0)
    return total / math.sqrt(length or 1.0)


@lru_cache(maxsize=64)
def words_of(text: str) -> frozenset[str]:
    """As the table knows them."""
    return frozenset(_WORD.findall(text.lower()))


_WORD = re.compile(r"[^\W\d_]+")

FOLDERS: dict[str, Path] = {}
"""Pipelines that lie elsewhere than those that come with postcheck. benchmarks/ sets them."""


def folder_of(pipeline: str) -> Path:
    return FOLDERS.get(pipeline) or data_folder("models") / pipeline


@lru_cache(maxsize=4096)
def _scores(text: str, folder: Path) -> Mapping[str, float]:
    cats: dict[str, float] = load(folder)(text).cats
    return cats


@cache
def load(folder: Path) -> Any:
    """The spaCy pipeline in the folder.

    Raises:
        CannotTest: it is not there or cannot be read.
    """
    import spacy

    import postcheck.analysis.convolution  # noqa: F401  # makes it and the scorer known to spaCy

    try:
        return spacy.load(folder)
    except (OSError, ValueError) as error:
        raise CannotTest(f"The text classifier in {folder} cannot be read: {error}") from None


@cache
def _gates(folder: Path) -> Any:
    try:
        return json.loads((folder / GATE).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CannotTest(f"The words of the text classifier in {folder} cannot be read: {error}") from None


GATE = "words.json"
