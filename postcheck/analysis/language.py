"""Which language a text is in. English beyond doubt is told by its small words; for the rest a library is asked."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

ENGLISH = "en"

_WORD = re.compile(r"[^\W\d_]{2,}")
# Small words of English that are no words of its neighbours in a city's posts; and of languages that cities write in.
_ENGLISH = """
    the and of for with your you our this that to is are was will be have has from at by or not we they their it its
    what when where who how can all more get if about today please here been but out up may should would could there
    which
"""
_OTHER = """
    el la los las de del y que en una para por con su sus es se lo al como más este esta está son le les des et est
    pour dans vous nous avec sur votre und der die das ist für mit von zu wir não são uma você seu com os dos ang ng
    mga sa ay sa inyong và của cho là các không có với waa iyo ee ka ku nan ak pou yon na ya wa kwa
"""
_ENGLISH_WORDS = frozenset(_ENGLISH.split())
_OTHER_WORDS = frozenset(_OTHER.split())
_FEWEST = 3
"""A text with fewer words tells too little."""
_LIKELY = (ENGLISH, "es", "fr", "pt", "tl", "vi")
"""Rows of names and times are Dutch or Danish to the library: without a small word or an accent to show for it, only
what cities do write in is believed."""


def language_of(text: str) -> str:
    """The ISO 639-1 code; "" where the text is too short to tell. Links and hashtags should be masked."""
    words = _WORD.findall(text)
    if len(words) < _FEWEST:
        return ""
    lower = {word.lower() for word in words}
    small = len(lower & _ENGLISH_WORDS)
    plain = " ".join(words)
    likely_english = lower.isdisjoint(_OTHER_WORDS) and plain.isascii()
    if likely_english and small and small * 12 >= len(lower):
        return ENGLISH
    language = _detected(plain.lower() if plain.isupper() else plain)
    return language if language in _LIKELY or not likely_english else ""


def may_be_mixed(words: frozenset[str]) -> bool:
    """Is there a small word of another language among `words` (in lower case)?"""
    return not words.isdisjoint(_OTHER_WORDS)


def has_small_words(text: str) -> bool:
    """Has it one of the small words without which hardly an English sentence is made?"""
    return any(word.lower() in _ENGLISH_WORDS for word in _WORD.findall(text))


@lru_cache(maxsize=4096)
def _detected(text: str) -> str:
    return str(_detector().detect(text).language or "")


@lru_cache(maxsize=1)
def _detector() -> Any:
    from eld import LanguageDetector

    return LanguageDetector()
