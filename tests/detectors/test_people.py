"""Words of people raise a question only where there is a picture; an emergency is held back by errors alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import postcheck
from postcheck import Severity
from postcheck.cli import main
from postcheck.model import Outcome
from tests.drafts import write_draft

WORDS = "Students from Example Elementary planted trees with Officer Example Person. From left: Ana Diaz and Ben Wu."


def found(folder: Path, draft: dict[str, Any]) -> dict[str, list[str]]:
    (report,) = postcheck.check(write_draft(folder, draft), policy="", select=["consent"]).drafts
    return {result.check: [finding.message for finding in result.findings] for result in report.results}


def test_no_picture_no_question(tmp_path: Path) -> None:
    assert found(tmp_path, {"caption": WORDS}) == {}


def test_with_a_picture_each_is_asked_once(tmp_path: Path) -> None:
    said = found(tmp_path, {"caption": WORDS, "images": [{}, {}]})
    assert {check: len(messages) for check, messages in said.items()} == {
        "consent/minor-without-consent": 1,
        "consent/people-not-declared": 1,
        "consent/police-without-permission": 1,
    }


def test_not_where_the_alt_text_tells_of_nobody_or_the_draft_says_who(tmp_path: Path) -> None:
    for number, image in enumerate(({"alt": "A map of the route."}, {"people": "none"}, {"decorative": True})):
        said = found(tmp_path / str(number), {"caption": WORDS, "images": [image]})
        assert "consent/minor-without-consent" not in said


def test_of_one_alt_text_two_checks_do_not_speak(tmp_path: Path) -> None:
    said = found(tmp_path, {"images": [{"alt": "Two students and a volunteer plant a tree."}]})
    assert list(said) == ["consent/minor-without-consent"]


@pytest.mark.parametrize(("category", "blocks"), [("emergency", False), ("announcement", True)])
def test_an_emergency_is_held_back_by_errors_alone(tmp_path: Path, category: str, blocks: bool) -> None:
    draft = {
        "account": "a", "author": "a", "publisher": "b", "platforms": ["x"], "category": category,
        "caption": "Leave now!!! The bridge is closed.", "images": [{"alt": "A closed bridge.", "people": "none"}],
        "waive": [
            {"check": "governance/emergency-release", "by": "B", "reason": "b is the incident's own public officer " * 2}
        ],
    }  # fmt: skip
    report = postcheck.check(write_draft(tmp_path, draft), policy="", now=None)
    (checked,) = report.drafts
    assert checked.outcome is Outcome.FAILED  # rights/source-undeclared, a warning
    assert report.blocks(Severity.WARNING) is blocks
    output = CliRunner().invoke(main, ["check", str(tmp_path), "--policy", "none"]).output
    assert ("To be mended once it is out" in output) is not blocks
