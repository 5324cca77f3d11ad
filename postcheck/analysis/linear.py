"""The component of the pipelines in models/: logistic regression over the words and word pairs of a text.

spaCy's own text classifiers were tried first; this finds more at the same number of false alarms (models/README.md). It
is trained by scikit-learn in models/train.py, which is not needed to use it. Importing this makes it known to spaCy.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy
from spacy.attrs import ORTH
from spacy.language import Language
from spacy.tokens import Doc

Array = Any
"""numpy's arrays, whose types its stubs and spaCy's give differently."""

FACTORY = "postcheck_linear"


@Language.factory(FACTORY)
class Linear:
    """`keys`: the known words and pairs, as `keys_of` gives them, in ascending order; `weights`: what each says of each
    label, already times how rare it is; `rarity`: how rare it is; `bias`: one number a label."""

    def __init__(self, nlp: Language, name: str) -> None:
        self.labels: list[str] = []
        self.keys: Array = numpy.zeros(0, dtype="uint64")
        self.rarity: Array = numpy.zeros(0, dtype="float32")
        self.weights: Array = numpy.zeros((0, 0), dtype="float32")
        self.bias: Array = numpy.zeros(0, dtype="float32")

    def __call__(self, doc: Doc) -> Doc:
        found, counts = numpy.unique(keys_of(doc), return_counts=True)
        rows = numpy.searchsorted(self.keys, found)
        known = rows < len(self.keys)
        known[known] = self.keys[rows[known]] == found[known]
        rows, counts = rows[known], 1 + numpy.log(counts[known])
        length = numpy.sqrt(((counts * self.rarity[rows]) ** 2).sum()) or 1.0
        odds = self.bias + (counts / length) @ self.weights[rows]
        doc.cats = {label: float(1 / (1 + numpy.exp(-odd))) for label, odd in zip(self.labels, odds, strict=True)}
        return doc

    def to_disk(self, path: Path, exclude: Iterable[str] = ()) -> None:
        path.mkdir(parents=True, exist_ok=True)
        (path / "labels.json").write_text(json.dumps(self.labels) + "\n", encoding="utf-8")
        numpy.savez_compressed(
            path / "weights.npz", keys=self.keys, rarity=self.rarity, weights=self.weights, bias=self.bias
        )

    def from_disk(self, path: Path, exclude: Iterable[str] = ()) -> Linear:
        self.labels = json.loads((path / "labels.json").read_text(encoding="utf-8"))
        with numpy.load(path / "weights.npz", allow_pickle=False) as kept:
            self.keys, self.rarity, self.weights, self.bias = (
                kept[name] for name in ("keys", "rarity", "weights", "bias")
            )
        return self


def keys_of(doc: Doc) -> Array:
    """A number for each word and each pair of neighbors."""
    words = doc.to_array(ORTH).astype("uint64")
    with numpy.errstate(over="ignore"):
        pairs = (words[:-1] * numpy.uint64(0x9E3779B97F4A7C15)) ^ (words[1:] + numpy.uint64(0x632BE59BD9B4E019))
    return numpy.concatenate([words, pairs])
