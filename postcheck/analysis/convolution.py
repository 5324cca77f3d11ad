"""The second component of a pipeline in models/: a small convolutional network, which reads the words in their order.

The first, `scorer.py`, knows more words and pairs; this one learns which words are alike and what stands three words
apart. Each is wrong about other texts, and both together are right more often (models/README.md). It is trained by
models/networks.py with jax, which is not needed to use it: here it is a dozen lines of numpy. Importing this makes it
known to spaCy.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import numpy
from spacy.language import Language
from spacy.strings import hash_string  # type: ignore[attr-defined]  # its stub leaves it out
from spacy.tokens import Doc

from postcheck.analysis.classifier import log_odds
from postcheck.analysis.scorer import Array, pieces_of

FACTORY = "postcheck_convolution"
SHARE = 0.25
"""Of this component in the log odds of the pipeline."""
BUCKETS = 1 << 15
"""Pieces of words are told apart only as far as this."""
PIECES = 24
"""Of a word that are looked at: all of one of nine letters."""
KINDS = 32
"""Builds of words, as `_kind` numbers them."""
_VECTORS = ("of_words", "of_pieces", "of_kinds")
_LONGEST = 512
"""Words of a text that are read: there is no longer post."""


@Language.factory(FACTORY)
class Convolution:
    """`words`: the known words, as `read` gives them, in ascending order; `of_words`, `of_pieces`, `of_kinds`: the
    vector of each in 8 bits, `steps` the size of a bit in each (the first word is any that is not known); the other
    tables: layers of the network."""

    def __init__(self, nlp: Language, name: str) -> None:
        self.tables: dict[str, Array] = {}

    def __call__(self, doc: Doc) -> Doc:
        """Move the scores that the component before gave. A text without words keeps them."""
        words, pieces, kinds = read(doc)
        if len(words):
            own = forward(self.tables, self._embedded(words, pieces, kinds))
            for label, odd in zip(list(doc.cats), own, strict=True):
                mixed = (1 - SHARE) * log_odds(doc.cats[label]) + SHARE * float(odd)
                doc.cats[label] = float(1 / (1 + numpy.exp(-mixed)))
        return doc

    def _embedded(self, words: Array, pieces: list[Array], kinds: Array) -> Array:
        tables = self.tables
        places = numpy.searchsorted(tables["words"], words).clip(max=len(tables["words"]) - 1)
        rows = numpy.where(tables["words"][places] == words, places + 1, 0)
        of_pieces = [tables["of_pieces"][its].sum(axis=0, dtype="float32") / numpy.sqrt(len(its)) for its in pieces]
        found = (tables["of_words"][rows], numpy.array(of_pieces), tables["of_kinds"][kinds])  # as in _VECTORS
        return sum(table * step for table, step in zip(found, tables["steps"], strict=True))

    def learned(self, tables: dict[str, Array]) -> None:
        """Take what was learned, with the vectors in 8 bits."""
        steps = [abs(tables[name]).max() / 127 for name in _VECTORS]
        vectors = {
            name: numpy.rint(tables[name] / step).astype("int8") for name, step in zip(_VECTORS, steps, strict=True)
        }
        self.tables = {**tables, **vectors, "steps": numpy.array(steps, dtype="float32")}

    def to_disk(self, path: Path, exclude: Iterable[str] = ()) -> None:
        path.mkdir(parents=True, exist_ok=True)
        numpy.savez_compressed(path / "weights.npz", **self.tables)

    def from_disk(self, path: Path, exclude: Iterable[str] = ()) -> Convolution:
        with numpy.load(path / "weights.npz", allow_pickle=False) as kept:
            self.tables = {name: kept[name] for name in kept.files}
        return self


def read(doc: Doc) -> tuple[Array, list[Array], Array]:
    """What the network sees of each word of the text: the word, its pieces of three to five letters, and its build. All
    digits are alike."""
    texts = [_DIGIT.sub("0", token.text) for token in doc if not token.is_space][:_LONGEST]
    words = numpy.array([hash_string(text.lower()) for text in texts], dtype="uint64")
    pieces = [numpy.array(pieces_of(text.lower())[:PIECES], dtype="uint64") % BUCKETS for text in texts]
    return words, pieces, numpy.array([_kind(text) for text in texts], dtype="int64")


_DIGIT = re.compile(r"\d")
_MANY = 12
_BEYOND_NUMBERS = 2 * _MANY + 1


def _kind(word: str) -> int:
    """A number of so many digits, with letters or without; a word in capitals, with a first capital, or without; a
    sign."""
    digits = min(word.count("0"), _MANY)
    if digits:
        return digits + _MANY * any(map(str.isalpha, word))
    if word.isupper() and len(word) > 1:
        return _BEYOND_NUMBERS
    if word[0].isupper():
        return _BEYOND_NUMBERS + 1
    return _BEYOND_NUMBERS + (2 if word.isalpha() else 3)


def forward(tables: dict[str, Array], found: Array) -> Array:
    """The log odds of each label for the vectors of a text's words."""
    found = _even(found)
    found = _even(_beside(found) @ tables["near"] + tables["near_bias"], positive=True)
    found = found + _even(_beside(found) @ tables["far"] + tables["far_bias"], positive=True)
    heed = found @ tables["heed"]
    heed = numpy.exp(heed - heed.max(axis=0))
    heeded = (heed / heed.sum(axis=0)).T @ found
    whole = numpy.concatenate([heeded.ravel(), found.max(axis=0), found.mean(axis=0)])
    units = (whole @ tables["whole"] + tables["whole_bias"]).clip(min=0)
    return units @ tables["labels"] + tables["labels_bias"]


def _even(found: Array, *, positive: bool = False) -> Array:
    """Each word's vector with mean 0 and variance 1; where `positive`, what is below 0 is 0 before that."""
    if positive:
        found = found.clip(min=0)
    return (found - found.mean(axis=1, keepdims=True)) / numpy.sqrt(found.var(axis=1, keepdims=True) + 1e-5)


def _beside(found: Array) -> Array:
    """Each word's vector between those of its neighbors."""
    none = numpy.zeros((1, found.shape[1]), dtype="float32")
    padded = numpy.concatenate([none, found, none])
    return numpy.concatenate([padded[:-2], padded[1:-1], padded[2:]], axis=1)
