"""What the second component sees of a text, how it moves the scores of the first, and that what was learned is kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy
import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc

from postcheck.analysis.convolution import BUCKETS, FACTORY, KINDS, PIECES, SHARE, forward, read

TEXT = "Move your car by 8 a.m. or we will tow it."
WIDTH, UNITS, LAST = 3, 4, 5


def seen(text: str) -> tuple[Any, list[Any], Any]:
    return read(spacy.blank("en").make_doc(text))


def learned(words: Any, labels: int = 2) -> dict[str, Any]:
    """Tables of chance for a small network that knows `words`."""
    chance = numpy.random.default_rng(1)
    shapes = {
        "of_words": (len(words) + 1, WIDTH),
        "of_pieces": (BUCKETS, WIDTH),
        "of_kinds": (KINDS, WIDTH),
        "near": (3 * WIDTH, UNITS),
        "near_bias": (UNITS,),
        "far": (3 * UNITS, UNITS),
        "far_bias": (UNITS,),
        "heed": (UNITS, 2),
        "whole": (4 * UNITS, LAST),
        "whole_bias": (LAST,),
        "labels": (LAST, labels),
        "labels_bias": (labels,),
    }
    return {"words": words, **{name: chance.normal(size=shape).astype("float32") for name, shape in shapes.items()}}


def pipeline(known: str = TEXT) -> Any:
    """What is before it says .2 and .7 of every text."""
    nlp = spacy.blank("en")
    nlp.add_pipe("told")
    component: Any = nlp.add_pipe(FACTORY)
    component.learned(learned(numpy.unique(seen(known)[0])))
    return nlp


@Language.component("told")
def told(doc: Doc) -> Doc:
    doc.cats = {"a": 0.2, "b": 0.7}
    return doc


@pytest.mark.parametrize(
    ("one", "other"),
    [("Room 412", "Room 907"), ("Call 503-555-0142", "Call 702-555-0199"), ("Code 8842B", "Code 1234B")],
)
def test_all_digits_are_alike(one: str, other: str) -> None:
    assert [part.tolist() for part in seen(one)[::2]] == [part.tolist() for part in seen(other)[::2]]


def test_builds_of_words_are_told_apart() -> None:
    _, _, kinds = seen("park Park PARK 12 123 B12 !")
    assert len(set(kinds.tolist())) == 7
    assert max(kinds) < KINDS


def test_capitals_do_not_make_another_word() -> None:
    words, _, _ = seen("park Park PARK")
    assert len(set(words.tolist())) == 1


@pytest.mark.parametrize("text", ["a", "x" * 100_000, "👩🏽‍🚒 🎉", "١٢٣ ½ ²", "\u200b\u0301", "straße İstanbul"])
def test_pieces_of_any_word(text: str) -> None:
    words, pieces, kinds = seen(text)
    assert len(words) == len(pieces) == len(kinds) > 0
    assert all(0 < len(its) <= PIECES and its.max() < BUCKETS for its in pieces)


def test_only_the_first_words_of_a_long_text_are_read() -> None:
    assert len(seen("word " * 10_000)[0]) == 512


@pytest.mark.parametrize("text", ["", " \n "])
def test_a_text_without_words_keeps_its_scores(text: str) -> None:
    assert pipeline()(text).cats == {"a": 0.2, "b": 0.7}


def test_scores_are_moved_by_its_share() -> None:
    nlp = pipeline()
    component: Any = nlp.get_pipe(FACTORY)
    doc = nlp.make_doc(TEXT)
    own = forward(component.tables, component._embedded(*read(doc)))
    before = numpy.log([0.2 / 0.8, 0.7 / 0.3])
    expected = 1 / (1 + numpy.exp(-((1 - SHARE) * before + SHARE * own)))
    assert list(nlp(TEXT).cats.values()) == pytest.approx(expected.tolist(), abs=1e-6)


def test_the_order_of_words_counts() -> None:
    nlp = pipeline()
    assert nlp("we will tow your car").cats != nlp("your car will tow we").cats


def test_words_that_are_not_known_are_one_word_beside_their_pieces() -> None:
    nlp = pipeline(known="tow")
    component: Any = nlp.get_pipe(FACTORY)
    words, pieces, kinds = seen("zebra quartz")
    alike = component._embedded(words, [pieces[0], pieces[0]], kinds)
    assert (alike[0] == alike[1]).all()


def test_vectors_are_rounded_to_little() -> None:
    exact = learned(numpy.unique(seen(TEXT)[0]))
    nlp = pipeline()
    component: Any = nlp.get_pipe(FACTORY)
    words, pieces, kinds = seen(TEXT)
    rows = [numpy.flatnonzero(exact["words"] == word)[0] + 1 for word in words]
    of_pieces = [exact["of_pieces"][its].sum(axis=0) / numpy.sqrt(len(its)) for its in pieces]
    expected = exact["of_words"][rows] + of_pieces + exact["of_kinds"][kinds]
    assert component._embedded(words, pieces, kinds) == pytest.approx(expected, abs=0.1)


def test_what_was_learned_is_kept(tmp_path: Path) -> None:
    nlp = pipeline()
    scores = nlp(TEXT).cats
    nlp.to_disk(tmp_path, exclude=["vocab"])
    assert spacy.load(tmp_path)(TEXT).cats == scores
