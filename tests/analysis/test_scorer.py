"""What the classifiers see of a text, and that what was learned is kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy
import pytest
import spacy

from postcheck.analysis.scorer import FACTORY, features, weighed


def groups(text: str) -> list[Any]:
    return features(spacy.blank("en").make_doc(text))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Call Dana Ruiz at 503-555-0142.", "Call Sam Lee at 702-555-0199."),
        ("It is Otters4Ever.", "It is Winter7Night."),
        ("She met Maria de la Cruz.", "She met Jo de la Pena."),
    ],
)
def test_names_and_numbers_of_one_build_have_one_shape(one: str, other: str) -> None:
    assert groups(one)[2].tolist() == groups(other)[2].tolist()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Call 503-555-0142.", "Call 311."),
        ("It is Otters4Ever.", "It is Otters."),
        ("It is Otters4Ever.", "It is Otters4Ever$."),
        ("We met Dana.", "We met dana."),
    ],
)
def test_another_build_is_another_shape(one: str, other: str) -> None:
    assert groups(one)[2].tolist() != groups(other)[2].tolist()


def test_a_form_that_was_never_seen_shares_pieces() -> None:
    seen, never_seen, unlike = (set(groups(word)[1].tolist()) for word in ("harassing", "harasses", "bouquet"))
    assert len(seen & never_seen) > len(never_seen) / 3
    assert not seen & unlike


def test_a_text_of_nothing_known_counts_nothing() -> None:
    keys, rarity = numpy.zeros(0, dtype="uint64"), numpy.zeros(0, dtype="float16")
    for group in groups("Nothing of this is known."):
        rows, values = weighed(group, keys, rarity)
        assert len(rows) == len(values) == 0


@pytest.mark.parametrize("layers", [1, 2])
def test_what_was_learned_is_kept(layers: int, tmp_path: Path) -> None:
    nlp = spacy.blank("en")
    scorer: Any = nlp.add_pipe(FACTORY)
    text = "Move your car by 8 a.m."
    keys = numpy.unique(numpy.concatenate(groups(text)))
    chance = numpy.random.default_rng(1)
    scorer.labels, scorer.keys, scorer.rarity = ["a", "b"], keys, numpy.ones(len(keys), dtype="float16")
    units = 3 if layers > 1 else 2
    weights = [chance.normal(size=(len(keys), units)), chance.normal(size=(units, 2))][:layers]
    scorer.learned(weights, [numpy.zeros(units), numpy.ones(2)][:layers])
    scores = nlp(text).cats
    assert all(0 < score < 1 for score in scores.values())
    nlp.to_disk(tmp_path, exclude=["vocab"])
    assert spacy.load(tmp_path)(text).cats == scores

    exact = sum(
        weighed(group, keys, scorer.rarity)[1] @ weights[0][weighed(group, keys, scorer.rarity)[0]]
        for group in groups(text)
    )
    if layers > 1:
        exact = 1 + exact.clip(min=0) @ weights[1]
    assert list(scores.values()) == pytest.approx(list(1 / (1 + numpy.exp(-exact))), abs=0.02)
