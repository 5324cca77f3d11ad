"""Scanning for all checks together spares work; it must never change an answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from postcheck.detectors import FINDERS
from postcheck.detectors.scan import Scan
from postcheck.model import Check, Example
from tests.test_examples import CHECKS, outcome_of, run

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
    with_it = outcome_of(run(check, example, tmp_path / "with"), check.id)
    monkeypatch.setattr(Scan, "_triggered", lambda self, _: set(self._checks))
    assert outcome_of(run(check, example, tmp_path / "without"), check.id) == with_it
