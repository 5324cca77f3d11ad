"""How hard a text is to read."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

_WORD = re.compile(r"[^\W_]+(?:['’.,-][^\W_]+)*")


def words_of(text: str) -> list[str]:
    return _WORD.findall(text)


def may_reach(sentences: list[str], grade: float) -> bool:
    """Could `grade_of` come near `grade`? An estimate of our own, since the library takes its time to load."""
    words = [word for sentence in sentences for word in words_of(sentence)]
    if not words:
        return False
    letters = sum(map(len, words)) / len(words)
    return 4.71 * (letters + 0.5) + 0.5 * len(words) / len(sentences) - 21.43 >= grade - 1


def grade_of(sentences: list[str]) -> float:
    """The school grade that a reader needs: the milder of two measures, which look at the length of words and
    sentences and need no dictionary."""
    text = " ".join(sentence.rstrip(" .!?:;,") + "." for sentence in sentences)
    library = _textstat()
    return float(min(library.automated_readability_index(text), library.coleman_liau_index(text)))


@lru_cache(maxsize=1)
def _textstat() -> Any:
    """Of textstat, only what needs no dictionary may be asked: for syllables it downloads one."""
    from textstat import textstat

    return textstat
