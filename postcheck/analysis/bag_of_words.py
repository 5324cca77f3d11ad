"""The classifier's model: spaCy's bag of words and word pairs, of unit length.

spaCy's own TextCatBOW sums the weights of all words, so that a post of six words hardly counts beside one of sixty.
Here each post is a vector of length 1 times `scale` (what that gains: models/README.md).

Importing this registers the architecture with spaCy.
"""

from __future__ import annotations

from typing import Any

import numpy
from spacy.attrs import ORTH
from spacy.ml.extract_ngrams import extract_ngrams
from spacy.util import registry
from thinc.api import Logistic, Model, SparseLinear_v2, chain


def unit_bag_of_words(ngram_size: int, length: int, scale: float, nO: int | None = None) -> Model[Any, Any]:  # noqa: N803
    """`ngram_size`: the longest run of words; `length`: rows of the table of weights, a power of two; `scale`: of the
    vectors; `nO`: the number of labels, filled in by spaCy."""
    linear: Model[Any, Any] = SparseLinear_v2(nO=nO, length=length)
    model: Model[Any, Any] = chain(extract_ngrams(ngram_size, attr=ORTH), _of_length(scale), linear, Logistic())
    if nO is not None:
        model.set_dim("nO", nO)
    model.set_ref("output_layer", linear)
    model.attrs["multi_label"] = True
    return model


def _of_length(scale: float) -> Model[Any, Any]:
    return Model("of_length", _forward, attrs={"scale": scale})


def _forward(model: Model[Any, Any], found: Any, is_train: bool) -> Any:
    keys, counts, lengths = found
    values = 1 + numpy.log(counts)
    starts = numpy.concatenate([[0], numpy.cumsum(lengths)[:-1]]).astype(int)
    for start, length in zip(starts, lengths, strict=True):
        part = values[start : start + length]
        if length:
            part *= model.attrs["scale"] / numpy.sqrt((part * part).sum())
    return (keys, values.astype("f"), lengths), lambda _: []


registry.architectures("postcheck.UnitBagOfWords.v1", func=unit_bag_of_words)
