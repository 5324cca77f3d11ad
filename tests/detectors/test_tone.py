"""The classifier as a witness: alone it asks, and it does not count twice what an expression has seen."""

from __future__ import annotations

from pathlib import Path

import pytest

from postcheck.detectors import tone
from postcheck.model import Example, Outcome
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
    monkeypatch.setattr(tone, "may_read_as", lambda *_: True)
    monkeypatch.setattr(tone, "scores", lambda *_: {"threat": threat, "harassment": harassment})
    caption = f"This is a sentence of more than ten words, for which {threat} and {harassment} are said."
    example = Example(name="", outcome=Outcome.CANT_TELL, draft={"caption": caption})
    for check in ("prohibited/reads-as-threat", "prohibited/reads-as-harassment"):
        defaults()[1].scan.forget()
        outcome, _ = outcome_of(run(CHECKS[check], example, tmp_path / check.replace("/", "-")), check)
        assert (outcome is Outcome.CANT_TELL) == (check in asked)
    defaults()[1].scan.forget()
