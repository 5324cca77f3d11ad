"""Every example of every check, run through the whole engine; and the coverage of checks by their examples."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from itertools import count
from pathlib import Path

import pytest

from postcheck import engine
from postcheck.api import settle
from postcheck.catalog import check_path, load_catalog, read_check
from postcheck.config import CheckSetting, Config
from postcheck.draft import find_drafts, read_drafts
from postcheck.engine import check_drafts
from postcheck.lists import make_lists
from postcheck.model import Check, DraftReport, Example, Finding, Observation, Outcome, Result
from tests.drafts import write_draft

CHECKS: dict[str, Check] = {check_id: read_check(check_path(check_id)) for check_id in load_catalog().checks}
EACH = pytest.mark.parametrize("check", CHECKS.values(), ids=list(CHECKS))
DECODING = {
    "alt_misses_text", "captions_missing", "extended_flashing", "flashing", "gap_with_speech", "no_audio", "out_of_sync",
    "past_the_end", "people_not_declared", "qr_code_alone", "sound_cut_off", "text_contrast", "text_heavy", "text_size",
    "video_codec", "video_location", "video_shape", "video_too_long", "video_unreadable",
}  # fmt: skip
"""Detectors that look at pixels or watch videos. Examples of other checks do without them, which would take minutes."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("examples")


_numbers = count()


def place_for(example: Example, folder: Path) -> Path:
    """A draft without files is written over the last one: making thousands of folders, and removing them, takes longer
    than the checks."""
    has_files = example.draft.keys() & {"images", "videos", "files", "profile"}
    return folder / (str(next(_numbers)) if has_files else "text")


def run(check: Check, example: Example, folder: Path) -> DraftReport:
    path = write_draft(place_for(example, folder), example.draft)
    own = check.id if check.detector in DECODING else ""
    if example.facts or example.lists or example.options or example.at:
        settings = {check.id: CheckSetting(options=example.options)} if example.options else {}
        now = datetime.fromisoformat(example.at) if example.at else None
        given = Config(facts=example.facts, lists=make_lists(example.lists), checks=settings)
        config, plan = settle(given, policy="", now=now, ignore=decoding(own))
    else:
        config, plan = defaults(own)
    found, _ = find_drafts([path], config)
    (report,) = check_drafts(read_drafts(found, config), plan)
    assert not report.problems, [str(problem) for problem in report.problems]
    return report


@cache
def defaults(own: str = "") -> tuple[Config, engine.Plan]:
    """Of most examples; made once, since the expressions of a plan are made ready as they are needed. With all checks
    but those that decode; and with `own`, though it does."""
    return settle(Config(), policy="", ignore=decoding(own))


def decoding(own: str = "") -> list[str]:
    """The checks that decode, but for `own`."""
    return [check.id for check in CHECKS.values() if check.detector in DECODING and check.id != own]


def outcome_of(report: DraftReport, check_id: str) -> tuple[Outcome, Result | None]:
    if check_id in report.passed:
        return Outcome.PASSED, None
    if check_id in report.inapplicable:
        return Outcome.INAPPLICABLE, None
    (result,) = (result for result in report.results if result.check == check_id)
    return result.outcome, result


@EACH
def test_examples(check: Check, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each says what it should, where it should; and every message is heard: one that no example fires may be false, or
    may never be said."""
    said: set[str] = set()
    finding = engine._finding

    def listen(planned: engine.PlannedCheck, observation: Observation) -> Finding:
        if planned.check.id == check.id:
            said.add(observation.message or observation.outcome.value)
        return finding(planned, observation)

    monkeypatch.setattr(engine, "_finding", listen)
    wrong = {example.name: fault for example in check.examples if (fault := fault_of(check, example, folder))}
    assert not wrong
    assert said == set(check.messages)


def fault_of(check: Check, example: Example, folder: Path) -> str:
    """What is said of it that should not be, or not what should be; "" where all is right."""
    outcome, result = outcome_of(run(check, example, folder), check.id)
    if outcome is not example.outcome:
        said = [finding.message for finding in result.findings] if result else []
        return f"{outcome.value}, not {example.outcome.value}: {said}"
    if example.places is None:
        return ""
    places = [finding.location for finding in result.findings] if result else []
    quoted = [place and (place.quote or place.asset) for place in places]
    return "" if quoted == list(example.places) else f"at {quoted}, not at {list(example.places)}"


@EACH
def test_coverage(check: Check) -> None:
    outcomes = {example.outcome for example in check.examples}
    assert Outcome.PASSED in outcomes, "no example passes"
    assert outcomes & {Outcome.FAILED, Outcome.CANT_TELL}, "no example makes it speak"
    if check.detector not in PLACELESS:
        assert any(example.places for example in check.examples), "no place is held"
    names = [example.name for example in check.examples]
    assert len(names) == len(set(names)), "two examples have one name"


@EACH
def test_both_sides_of_a_threshold(check: Check) -> None:
    has_threshold = check.detector in THRESHOLD_DETECTORS or any(
        isinstance(value, int | float) and not isinstance(value, bool) for value in check.options.values()
    )
    sides = {example.outcome for example in check.examples if example.boundary}
    if has_threshold and check.detector not in SCORED:
        assert Outcome.PASSED in sides, "mark an example just within the threshold with `boundary: true`"
        assert sides - {Outcome.PASSED}, "mark an example just beyond the threshold with `boundary: true`"


PLACELESS = {"field_missing", "nothing_to_post"}
"""What is missing stands nowhere."""
SCORED = {"doubted_pattern", "reads_as", "weighed_pattern"}
"""A score of the classifier moves a little with each training: its thresholds are held by benchmarks/accuracy.py."""
THRESHOLD_DETECTORS = {
    "image_too_large",
    "release_expired",
    "schedule_in_the_past",
    "text_too_long",
    "too_many_images",
    "too_many_in_text",
    "video_too_large",
}
"""Those whose threshold is a limit of a platform or the clock, not an option."""
