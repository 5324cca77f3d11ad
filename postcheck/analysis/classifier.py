"""What a post reads like, by the text classifier in models/policy.

The pipeline is spaCy's bag of words and word pairs, trained on real posts (models/README.md). spaCy is imported when a
text is first scored, and the checks ask for a score only where a word of theirs stands in the text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
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
_NUMBER = re.compile(r"\d+")


def prepared(text: str, politicians: Sequence[str]) -> str:
    """The text as the classifier is trained on it and reads it: it must learn how people ask for votes, not for whom,
    and so names of politicians, states and accounts, numbers and links are put alike, and hashtags are words."""
    pieces = []
    at = 0
    for tag in hashtags(text):
        pieces += [text[at : tag.start()], "# ", spoken(tag[0])]
        at = tag.end()
    text = "".join([*pieces, text[at:]])
    text = masked(re.sub(r"[@＠]\w+", "someone", text)).replace(MASK, " ")
    text = _PLACE.sub("Place", _politician(tuple(politicians)).sub("Politician", text))
    return " ".join(_NUMBER.sub("0", text).lower().split())


@cache
def _politician(names: tuple[str, ...]) -> re.Pattern[str]:
    surnames = "|".join(names)
    return (
        re.compile(rf"\b(?:[A-Z][a-z]+ )?(?:{surnames})\b|\b(?:{surnames.lower()})\b") if names else re.compile(r"(?!)")
    )


def scores(text: str, politicians: Sequence[str]) -> Mapping[str, float]:
    """How much the text reads like each kind of post that the model knows, from 0 to 1.

    Raises:
        CannotTest: the model is not there or cannot be read.
    """
    return _scores(prepared(text, politicians), _folder())


FOLDER: Path | None = None
"""Where the pipeline lies; None is the one that comes with postcheck. benchmarks/ sets others."""


def _folder() -> Path:
    return FOLDER or data_folder("models") / "policy"


@lru_cache(maxsize=4096)
def _scores(text: str, folder: Path) -> Mapping[str, float]:
    cats: dict[str, float] = _pipeline(folder)(text).cats
    return cats


@cache
def _pipeline(folder: Path) -> Any:
    import spacy

    import postcheck.analysis.bag_of_words  # registers the model's architecture  # noqa: F401

    try:
        return spacy.load(folder)
    except (OSError, ValueError) as error:
        raise CannotTest(f"The text classifier in {folder} cannot be read: {error}") from None
