"""The first component of the pipelines in models/: a small network, or a single layer of it, over the words, pieces and
shape of a text.

spaCy's own text classifiers were tried first; this finds more at the same number of false alarms (models/README.md). It
is trained in models/, by scikit-learn or jax, neither of which is needed to use it. Importing this makes it known to
spaCy.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy
from spacy.language import Language
from spacy.strings import hash_string  # type: ignore[attr-defined]  # its stub leaves it out
from spacy.tokens import Doc

Array = Any
"""numpy's arrays, whose types its stubs and spaCy's give differently."""

FACTORY = "postcheck_scorer"


@Language.factory(FACTORY)
class Scorer:
    """`keys`: the known features, as `features` gives them, in ascending order; `rarity`: how rare each is; `first`,
    times `steps`: what each adds to each unit, in 8 bits; `second`: what the units, where they are above 0, add to the
    labels (without rows, the units are the labels); `biases`: of the units and of the labels."""

    def __init__(self, nlp: Language, name: str) -> None:
        self.labels: list[str] = []
        self.keys: Array = numpy.zeros(0, dtype="uint64")
        self.rarity: Array = numpy.zeros(0, dtype="float16")
        self.first: Array = numpy.zeros((0, 0), dtype="int8")
        self.steps: Array = numpy.zeros(0, dtype="float32")
        self.second: Array = numpy.zeros((0, 0), dtype="float32")
        self.biases: list[Array] = []

    def __call__(self, doc: Doc) -> Doc:
        odds = self.biases[0]
        for found in features(doc):
            rows, values = weighed(found, self.keys, self.rarity)
            odds = odds + values @ self.first[rows] * self.steps
        if len(self.second):
            odds = self.biases[1] + odds.clip(min=0) @ self.second
        doc.cats = {label: float(1 / (1 + numpy.exp(-odd))) for label, odd in zip(self.labels, odds, strict=True)}
        return doc

    def learned(self, layers: list[Array], biases: list[Array]) -> None:
        """Take what was learned: a layer or two, and their biases."""
        self.steps = (abs(layers[0]).max(axis=0) / 127).astype("float32")
        self.first = numpy.rint(layers[0] / self.steps).astype("int8")
        self.second = layers[1].astype("float32") if len(layers) > 1 else numpy.zeros((0, 0), dtype="float32")
        self.biases = [bias.astype("float32") for bias in biases]

    def to_disk(self, path: Path, exclude: Iterable[str] = ()) -> None:
        path.mkdir(parents=True, exist_ok=True)
        (path / "labels.json").write_text(json.dumps(self.labels) + "\n", encoding="utf-8")
        numpy.savez_compressed(
            path / "weights.npz",
            **{name: getattr(self, name) for name in _KEPT},
            **{f"bias_{number}": bias for number, bias in enumerate(self.biases)},
        )

    def from_disk(self, path: Path, exclude: Iterable[str] = ()) -> Scorer:
        self.labels = json.loads((path / "labels.json").read_text(encoding="utf-8"))
        with numpy.load(path / "weights.npz", allow_pickle=False) as kept:
            for name in _KEPT:
                setattr(self, name, kept[name])
            self.biases = [kept[name] for name in sorted(kept.files) if name.startswith("bias_")]
        return self


_KEPT = ("keys", "rarity", "first", "steps", "second")


def weighed(found: Array, keys: Array, rarity: Array) -> tuple[Array, Array]:
    """The rows of `keys` that stand among the features of one group, and how much each counts: TF-IDF with the
    logarithm of the count, the group made 1 long."""
    names, counts = numpy.unique(found, return_counts=True)
    rows = numpy.searchsorted(keys, names)
    known = rows < len(keys)
    known[known] = keys[rows[known]] == names[known]
    rows = rows[known]
    values = (1 + numpy.log(counts[known])) * rarity[rows].astype("float32")
    return rows, values / (numpy.sqrt((values**2).sum()) or 1.0)


def features(doc: Doc) -> list[Array]:
    """Numbers for what stands in the text, in three groups of equal weight: its words and pairs of neighbors; pieces of
    three to five letters of its words, by which a form that was never seen is like those that were; and its shape, one
    to three steps at a time, in which all names are alike and all numbers of one build."""
    words = [_NUMBER.sub("0", token.lower_) for token in doc if not token.is_space]
    hashes = [hash_string(word) for word in words]
    pairs = [hash_string(f"{first} {second}") for first, second in pairwise(words)]
    steps = list(_shape(doc.text))
    shape = [
        hash_string("\t".join(("", *steps[start : start + length])))
        for length in (1, 2, 3)
        for start in range(len(steps) - length + 1)
    ]
    pieces = [piece for word in words for piece in pieces_of(word)]
    return [numpy.array(group, dtype="uint64") for group in ([*hashes, *pairs], pieces, shape)]


_NUMBER = re.compile(r"\d+")
_LONGEST = 64
"""Letters of a word that are taken to pieces: there is no longer word."""


@lru_cache(maxsize=10_000)
def pieces_of(word: str) -> tuple[int, ...]:
    """Of three to five letters, the short ones first; its begin and end are letters too."""
    edged = f"\n{word[:_LONGEST]}\n"
    lengths = range(3, min(5, len(edged)) + 1)
    return tuple(
        hash_string(edged[start : start + length]) for length in lengths for start in range(len(edged) - length + 1)
    )


_STEP = re.compile(r"\d[\d().\- ]*\d|[\w@.$!#%*+-]{0,40}\d[\w@.$!#%*+-]{0,40}|[^\W\d_]+(?:[’'][a-z]+)?|[^\w\s]")
_MANY = 16
"""Digits: a longer number is built like one of so many."""


def _shape(text: str) -> Iterator[str]:
    begins, named = True, False
    for step in _STEP.finditer(text):
        word = step[0]
        name = word[0].isupper() and len(word) > 1 and not begins
        if any(map(str.isdigit, word)):
            yield _build(word)
        elif not name or word in _PLACEHOLDERS:
            yield word.lower()
        elif not named:
            yield "<name>"
        begins, named = word in '.!?:"“', name


_PLACEHOLDERS = ("Place", "Politician", "Sample", "Longago")


def _build(number: str) -> str:
    """How many digits, in how many groups, and whether letters or signs are among them."""
    digits = min(sum(map(str.isdigit, number)), _MANY)
    groups = min(len(_NUMBER.findall(number)), 4)
    letters = "a" if any(map(str.isalpha, number)) else ""
    return f"<{digits} {groups}{letters}{'!' if _SIGN.search(number) else ''}>"


_SIGN = re.compile(r"[^\w\s.,()-]")
