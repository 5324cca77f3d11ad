"""Pictures that cannot be looked at are untested, and leave the others their findings."""

from __future__ import annotations

from pathlib import Path

import pytest

import postcheck
from postcheck.analysis import faces
from postcheck.model import DraftReport, Outcome, Result
from tests.drafts import write_draft

CHECKS = ("consent/people-not-declared", "image/qr-code-alone", "image/too-small")


def results(folder: Path, draft: dict[str, object]) -> tuple[DraftReport, dict[str, Result]]:
    (report,) = postcheck.check([write_draft(folder / "draft", draft)], policy="").drafts
    return report, {result.check: result for result in report.results}


def test_a_broken_picture_is_untested(tmp_path: Path) -> None:
    code = {"qr": "https://www.portland.gov/leaf-day", "size": [300, 300]}
    _, found = results(tmp_path, {"images": [{"file": "a.png", "render": code}, {"file": "b.png", "keep": 0.5}]})
    for check in CHECKS:
        findings = found[check].findings
        assert findings[-1].outcome is Outcome.UNTESTED
        assert findings[-1].message == "b.png cannot be read as a picture."
        assert findings[-1].location is not None
    assert found["image/qr-code-alone"].findings[0].outcome is Outcome.FAILED


def test_where_opencv_has_no_cascades(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import cv2

    faces._cascade.cache_clear()
    monkeypatch.delattr(cv2, "CascadeClassifier")
    _, found = results(tmp_path, {"images": [{"file": "a.png", "render": {"face": 101}}]})
    (finding,) = found["consent/people-not-declared"].findings
    assert finding.outcome is Outcome.UNTESTED
    assert "has no cascades" in finding.message


def test_a_code_and_a_face_are_shown_in_the_picture(tmp_path: Path) -> None:
    _, found = results(tmp_path, {"images": [{"file": "a.png", "render": {"face": 160}}]})
    (finding,) = found["consent/people-not-declared"].findings
    assert finding.location is not None
    assert finding.location.asset == "a.png"
    assert finding.location.box is not None
    assert finding.data["faces"] == 1
