"""The classifier as a witness: alone it asks, and it does not count twice what an expression has seen."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest

from postcheck.analysis import classifier
from postcheck.analysis.prose import prose
from postcheck.detectors import tone
from postcheck.model import Example, Options, Outcome
from tests.test_examples import CHECKS, defaults, outcome_of, run


@pytest.mark.parametrize(
    ("rest", "outcome"),
    [
        ("Chip in today and help us win this election against our opponents!", Outcome.FAILED),
        ("Pick up recycling bins at the hall on Tuesday from 8 a.m. to noon.", Outcome.CANT_TELL),
    ],
)
def test_two_witnesses_fail_a_post(rest: str, outcome: Outcome, tmp_path: Path) -> None:
    check = CHECKS["political/campaign-support"]
    example = Example(name="", outcome=outcome, draft={"caption": f"Sign the petition. {rest}"})
    assert outcome_of(run(check, example, tmp_path), check.id)[0] is outcome


def test_the_score_is_that_of_the_rest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def scores(pipeline: str, text: str, politicians: object) -> dict[str, float]:
        asked.append(text)
        return {"campaign": 0.0, "advocacy": 0.0, "promotion": 0.0}

    monkeypatch.setattr(tone, "scores", scores)
    defaults()[1].scan.forget()
    caption = "Bring a pen and a friend. Sign the petition before Friday."
    example = Example(name="", outcome=Outcome.CANT_TELL, draft={"caption": caption})
    check = CHECKS["political/campaign-support"]
    assert outcome_of(run(check, example, tmp_path), check.id)[0] is Outcome.CANT_TELL
    defaults()[1].scan.forget()
    assert any("Bring a pen" in text and "Sign the petition" not in text for text in asked)


def test_a_hashtag_is_read_as_words(tmp_path: Path) -> None:
    check = CHECKS["political/vote-appeal"]
    for tag in ("#ElectRivers", "#electrivers"):
        example = Example(name="", outcome=Outcome.FAILED, draft={"caption": f"The pool opens at noon. {tag}"})
        outcome, result = outcome_of(run(check, example, tmp_path / tag[1:]), check.id)
        assert outcome is Outcome.FAILED and result
        assert [finding.location and finding.location.quote for finding in result.findings] == [tag]


@pytest.mark.parametrize(
    ("threat", "harassment", "asked"),
    [
        (0.9, 0.3, ["prohibited/reads-as-threat"]),
        (0.9, 0.7, ["prohibited/reads-as-threat"]),  # likely, and nine times less so
        (0.9, 0.85, ["prohibited/reads-as-threat", "prohibited/reads-as-harassment"]),
        (1.0, 0.99, ["prohibited/reads-as-threat"]),
        (0.1, 0.2, []),
    ],
)
def test_of_two_kinds_the_likelier_is_asked_about(
    threat: float, harassment: float, asked: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tone, "is_worth_asking", lambda *_: True)
    monkeypatch.setattr(tone, "scores", lambda *_: {"threat": threat, "harassment": harassment})
    caption = f"This is a sentence of more than ten words, for which {threat} and {harassment} are said."
    example = Example(name="", outcome=Outcome.CANT_TELL, draft={"caption": caption})
    for check in ("prohibited/reads-as-threat", "prohibited/reads-as-harassment"):
        defaults()[1].scan.forget()
        outcome, _ = outcome_of(run(CHECKS[check], example, tmp_path / check.replace("/", "-")), check)
        assert (outcome is Outcome.CANT_TELL) == (check in asked)
    defaults()[1].scan.forget()


HARMLESS, DOUBTFUL, LIKELY = 0.01, 0.1, 0.5
SENTENCE = "Ask Dana Ruiz of the mock council."
LONG = f"The library is open on Saturday and on Sunday from nine to five. {SENTENCE} Bring a friend and a chair."


def told(
    text: str, scored: dict[str, float], monkeypatch: pytest.MonkeyPatch, **options: list[str]
) -> list[tuple[str, str]]:
    """What is found of it, where the classifier says of each text what `scored` does."""
    monkeypatch.setattr(tone, "scores", lambda _, text, __: {"threat": 0.0, "harassment": scored.get(text, HARMLESS)})
    both = Options({"pipeline": "conduct", "likely": 0.2, "parts": {"politician": []}, **options})
    hits = tone.doubted_pattern(prose(text), both, cast(Any, None), cast(Any, None))
    return [(text[hit.start : hit.end], (hit.outcome or Outcome.CANT_TELL).value) for hit in hits]


@pytest.mark.parametrize(
    ("scored", "found"),
    [
        ({}, []),
        ({LONG: DOUBTFUL, SENTENCE: DOUBTFUL}, []),
        ({LONG: LIKELY}, [("mock", "cantTell")]),
        ({SENTENCE: LIKELY}, [("mock", "cantTell")]),  # in a long text, one sentence weighs little
        ({"Bring a friend and a chair.": LIKELY}, []),
    ],
)
def test_what_is_suspected_is_told_where_it_is_likely(
    scored: dict[str, float], found: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert told(LONG, scored, monkeypatch, suspected=[r"\bmock\b"]) == found


@pytest.mark.parametrize(
    ("key", "score", "outcome"),
    [
        ("failed", LIKELY, "failed"),
        ("failed", DOUBTFUL, "failed"),
        ("failed", HARMLESS, "cantTell"),
        ("cant_tell", HARMLESS, "cantTell"),
    ],
)
def test_what_is_not_suspected_is_always_told(
    key: str, score: float, outcome: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And it fails only where the classifier sees something too."""
    assert told(LONG, {LONG: score}, monkeypatch, **{key: [r"\bmock\b"]}) == [("mock", outcome)]


@pytest.mark.parametrize(
    "text",
    [
        "Don't mock Dana!",
        "La biblioteca abre el sábado y el domingo, y habrá un mock juicio para los niños de la escuela.",
    ],
)
def test_where_the_classifier_cannot_read_everything_is_told(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(text, {}, monkeypatch, suspected=[r"\bmock\b"]) == [("mock", "cantTell")]


def test_a_suspected_hashtag_is_judged_by_its_post(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = prose("The council meets on Monday at seven in the evening. #MockTheMayor")
    (tag,) = whole.tags
    monkeypatch.setattr(tone, "scores", lambda _, text, __: {"threat": LIKELY if text == whole.value else HARMLESS})
    options = Options({"pipeline": "conduct", "likely": 0.04, "parts": {"politician": []}, "suspected": [r"\bmock\b"]})
    assert len(list(tone.doubted_pattern(tag, options, cast(Any, None), cast(Any, None)))) == 1
    monkeypatch.setattr(tone, "scores", lambda *_: {"threat": HARMLESS})
    assert not list(tone.doubted_pattern(tag, options, cast(Any, None), cast(Any, None)))


def test_without_its_classifier_what_is_suspected_is_not_passed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(classifier.FOLDERS, "conduct", tmp_path / "gone")
    defaults()[1].scan.forget()
    check = CHECKS["prohibited/threat"]
    example = Example(
        name="",
        outcome=Outcome.UNTESTED,
        draft={"caption": "The council has a gallows for the mayor and all of us know it."},
    )
    outcome, _ = outcome_of(run(check, example, tmp_path / "draft"), check.id)
    defaults()[1].scan.forget()
    assert outcome is Outcome.UNTESTED
