"""A hashtag in small letters taken apart into its words, where that can be done without doubt."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Any

LONGEST = 60
"""Letters of the longest tag that is looked at."""
_ONE_CASE = re.compile(r"[A-Za-z][a-z0-9]{4,}|[A-Z][A-Z0-9]{8,}")
_PIECE = re.compile(r"\d+(?:st|nd|rd|th)?|[a-z]+")
_KNOWN = 1e8
"""How often a word that the library is told of is taken to occur: as often as a plain word."""
# Counts in a corpus of 10^12 words.
_PLAIN_WORD = 10**5.2
_PLAIN_SHORT_WORD = 10**6.6
_COMMON_WORD = 10**7
_FEWEST_LETTERS = 8
_FEWEST_LETTERS_OF_COMMON_WORDS = 7
"""A shorter tag may be a name by chance ("fitbit"): it is taken apart only where its words go together."""


class Tags:
    """Takes tags apart. `words`: those that the library does not know, and as they are written ("covid": "COVID").
    `short`: words of one or two letters. `edges`: two letters that are in capitals, first or last in a tag ("sw").
    `leave`: words of other languages, at which a tag is left alone."""

    def __init__(
        self, words: Mapping[str, str], short: Iterable[str], edges: Iterable[str], leave: Iterable[str]
    ) -> None:
        self._words = words
        self._short = frozenset(short)
        self._edges = frozenset(edges)
        self._leave = frozenset(leave)
        self._written: dict[str, str] = {}

    @cached_property
    def _library(self) -> Any:
        return _library(frozenset(self._words))

    def written(self, tag: str) -> str:
        """The tag with a capital at each word ("leafday": "LeafDay"); "" where it is one word, where it has capitals
        already, or where its words are not clear."""
        if not _ONE_CASE.fullmatch(tag) or len(tag) > LONGEST:
            return ""
        lower = tag.lower()
        if lower not in self._written:
            self._written[lower] = self._work_out(lower)
        return self._written[lower]

    def _work_out(self, tag: str) -> str:
        if tag in self._words:
            return ""
        pieces = [word for piece in _PIECE.findall(tag) for word in self._pieces(piece)]
        words = [piece for piece in pieces if piece.isalpha()]
        if len(words) < 2 or not self._is_sure(words):
            return ""
        return "".join(self._cased(piece) for piece in pieces)

    def _pieces(self, piece: str) -> list[str]:
        if piece[0].isdigit() or piece in self._words:
            return [piece]
        return [str(word) for word in self._library.segment(piece)]

    def _cased(self, word: str) -> str:
        if word in self._words:
            return self._words[word]
        return word.upper() if word in self._edges and word not in self._short else word.capitalize()

    def _is_sure(self, words: list[str]) -> bool:
        if any(word in self._leave for word in words) or len(words[-1]) == 1:
            return False
        if not all(self._is_plain(word, at_edge=index in (0, len(words) - 1)) for index, word in enumerate(words)):
            return False
        pairs = list(pairwise(words))
        if any(self._is_chance(one, other) for one, other in pairs):
            return False
        letters = sum(map(len, words))
        if letters >= _FEWEST_LETTERS or all(self._go_together(*pair) for pair in pairs):
            return True
        return letters >= _FEWEST_LETTERS_OF_COMMON_WORDS and min(map(self._count, words)) >= _COMMON_WORD

    def _is_plain(self, word: str, *, at_edge: bool) -> bool:
        if word in self._words or word in self._short:
            return True
        if len(word) <= 2:
            return at_edge and word in self._edges
        least = _PLAIN_SHORT_WORD if len(word) == 3 else _PLAIN_WORD
        return self._count(word) >= least and any(letter in "aeiouy" for letter in word)

    def _is_chance(self, one: str, other: str) -> bool:
        """Two short words that nobody sets beside each other: more likely a part of a longer word."""
        return (
            len(one) <= 3
            and len(other) <= 3
            and not {one, other} & (self._short | self._words.keys())
            and not self._is_pair(one, other)
        )

    def _go_together(self, one: str, other: str) -> bool:
        if one in self._words or other in self._words or self._is_pair(one, other):
            return True
        if one in self._short or other in self._short:
            return min(self._count(one), self._count(other)) >= _COMMON_WORD
        return False

    def _is_pair(self, one: str, other: str) -> bool:
        return f"{one} {other}" in self._library.bigrams

    def _count(self, word: str) -> float:
        return float(self._library.unigrams.get(word, 0.0))


_HUMPS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^\W\d_]+|\d+")


@lru_cache(maxsize=4096)
def spoken(tag: str) -> str:
    """The words of a tag as they would be said, in lower case ("#VoteYesOn5" and "#voteyeson5": "vote yes on 5"): a
    best guess, good enough to look for words in it."""
    pieces = _HUMPS.findall(tag.lstrip("#＃"))
    words: list[str] = []
    for piece in pieces:
        if len(piece) > _LONGEST_WORD_IN_ONE_CASE and piece.isascii() and piece.isalpha() and len(piece) <= LONGEST:
            words += map(str, _library(frozenset()).segment(piece.lower()))
        else:
            words.append(piece.lower())
    return " ".join(words)


_LONGEST_WORD_IN_ONE_CASE = 5
"""A longer piece may be several words. ("Vote" is one; "VOTEYES" is two.)"""


@lru_cache(maxsize=4)
def _library(words: frozenset[str]) -> Any:
    """The segmenter of `wordsegment`, told of `words`."""
    from wordsegment import Segmenter

    segmenter = Segmenter()
    segmenter.load()
    segmenter.unigrams.update(dict.fromkeys(words, _KNOWN))
    return segmenter
