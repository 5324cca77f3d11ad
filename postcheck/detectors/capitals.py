"""Capitals for emphasis."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from postcheck.analysis.capitals import Run, runs
from postcheck.analysis.prose import Prose
from postcheck.detectors.writing import Hit
from postcheck.model import Context, Draft, Options

_VOWEL = re.compile("[AEIOUYÀ-Þ]")
_LONG = 6
"""Hardly a short form has so many letters with vowels among them."""


def capitals_run(prose: Prose, options: Options, draft: Draft, context: Context) -> Iterator[Hit]:
    """Options: `words`, ordinary words, of which two in a run show that it is no row of abbreviations; `names`, long
    short forms; `label`, so many words may stand before a colon; `long`, from so many words on it is told by the
    message `failed-long`. A text that is all in capitals is told once, by `failed-whole`."""
    everywhere = runs(prose.masked)
    if not everywhere:
        return
    every = [word for run in everywhere for _, _, word in run.words]
    if len(every) > 2 and _is_whole(prose.masked) and sum(_is_ordinary(word, options) for word in every) > 2:
        yield Hit(everywhere[0].start, everywhere[-1].end, message="failed-whole")
        return
    for run in everywhere:
        if _is_shouted(run, options):
            count = len(run.words)
            message = "failed-long" if count >= options["long"] else ""
            yield Hit(run.start, run.end, data={"count": count}, message=message)


def _is_shouted(run: Run, options: Options) -> bool:
    if len(run.words) < 2 or (run.is_label and len(run.words) <= options["label"]):
        return False
    plain = _words(options, "words")
    return sum(_is_ordinary(word, options) for _, _, word in run.words) >= 2 and any(
        word in plain for _, _, word in run.words
    )


def _is_ordinary(word: str, options: Options) -> bool:
    if word in _words(options, "words"):
        return True
    is_long = len(word) >= _LONG and word.isalpha() and len(_VOWEL.findall(word)) >= 2
    return is_long and word not in _words(options, "names")


def _is_whole(text: str) -> bool:
    """Is next to nothing in small letters?"""
    letters = [char for char in text if char.isalpha()]
    return len(letters) >= 15 and sum(char.isupper() for char in letters) >= 0.9 * len(letters)


def capitals_word(prose: Prose, options: Options, draft: Draft, context: Context) -> Iterator[Hit]:
    """Option `words`: the words that are told where one stands in capitals among small letters or abbreviations, and
    not as a label before a colon."""
    found = runs(prose.masked)
    if not found:
        return
    words = _words(options, "words")
    for run in found:
        shouted = [word for word in run.words if word[2] in words]
        if len(shouted) == 1 and not run.is_label and not _is_bracketed(prose.masked, run):
            start, end, word = shouted[0]
            lower = word.lower()
            yield Hit(start, end, lower.capitalize() if prose.begins_sentence(start) else lower)


def _is_bracketed(text: str, run: Run) -> bool:
    """A short form is given so: "Business Interruption Grants (BIG)"."""
    return text[max(run.start - 1, 0) : run.start] == "(" and text[run.end : run.end + 1] == ")"


@cache
def _words(options: Options, key: str) -> frozenset[str]:
    return frozenset(str(word).upper() for word in options[key])
