"""Scanning for all checks together spares work; it must never change an answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from postcheck.detectors import FINDERS
from postcheck.detectors.scan import Scan
from postcheck.model import Check, Example, Outcome
from tests.test_examples import CHECKS, defaults, outcome_of, run

EXAMPLES = [
    pytest.param(check, example, id=f"{check.id}: {example.name}")
    for check in CHECKS.values()
    if check.detector in FINDERS
    for example in check.examples
]


@pytest.mark.parametrize(("check", "example"), EXAMPLES)
def test_the_answers_are_the_same_without_it(
    check: Check, example: Example, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_it = outcome_of(run(check, example, tmp_path), check.id)
    defaults()[1].scan.forget()
    monkeypatch.setattr(Scan, "_triggered", lambda self, _: set(self._checks))
    assert outcome_of(run(check, example, tmp_path), check.id) == with_it


def test_what_is_kept_does_not_leak_from_one_draft_to_another(tmp_path: Path) -> None:
    """The same words, but another day of publication and another language."""
    check = CHECKS["ap-style/date-weekday-disagrees"]
    caption = "Leaf Day is Friday, Nov. 13, at noon."
    for year, language, outcome in (
        (2026, "en", Outcome.PASSED),
        (2027, "en", Outcome.FAILED),
        (2027, "es", Outcome.INAPPLICABLE),
        (2026, "en", Outcome.PASSED),
    ):
        draft = {"caption": caption, "language": language, "publish_at": f"{year}-11-01T09:00:00-08:00"}
        example = Example(name="", outcome=outcome, draft=draft)
        assert outcome_of(run(check, example, tmp_path / f"{year}{language}{outcome}"), check.id)[0] is outcome


def test_captions_of_every_format_are_read(tmp_path: Path) -> None:
    files = {
        "a.vtt": "WEBVTT\n\n00:01.000 --> 00:02.000\nWe open at 9am.\n",
        "a.srt": "1\n00:00:01,000 --> 00:00:02,000\nWe open at 9am.\n",
        "a.sbv": "0:00:01.000,0:00:02.000\nWe open at 9am.\n",
        "a.ttml": '<tt><body><div><p begin="1s" end="2s">We open at 9am.</p></div></body></tt>',
    }
    for name, text in files.items():
        draft = {"caption": "Leaf Day.", "videos": [{"captions": name}], "files": {name: {"text": text}}}
        report = run(
            CHECKS["ap-style/time-am-pm"], Example(name="", outcome=Outcome.FAILED, draft=draft), tmp_path / name
        )
        outcome, result = outcome_of(report, "ap-style/time-am-pm")
        assert outcome is Outcome.FAILED
        assert result and result.findings[0].location
        start, end = result.findings[0].location.span or (0, 0)
        assert text[start:end] == "9am."  # the mend takes the full stop in


def test_captions_that_cannot_be_read_are_untested(tmp_path: Path) -> None:
    draft = {
        "caption": "Leaf Day.",
        "videos": [{"captions": "v.vtt"}],
        "files": {"v.vtt": {"text": "9am", "encoding": "utf-16"}},
    }
    report = run(CHECKS["ap-style/time-am-pm"], Example(name="", outcome=Outcome.UNTESTED, draft=draft), tmp_path)
    outcome, result = outcome_of(report, "ap-style/time-am-pm")
    assert outcome is Outcome.UNTESTED
    assert result and "not UTF-8" in result.findings[0].message
    assert outcome_of(report, "ap-style/email")[0] is Outcome.PASSED  # it reads no captions
