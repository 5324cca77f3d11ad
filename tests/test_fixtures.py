"""Each fixture reports exactly what its expect.yaml says, and the whole report is what the schema promises."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

import postcheck
from postcheck.catalog import load_catalog
from postcheck.model import DraftReport, Report
from postcheck.reporters.json import render, schema_text
from postcheck.reporters.words import place_of

FIXTURES = Path(__file__).parent.parent / "fixtures"
EXPECTED = {path.parent.name: path for path in FIXTURES.glob("*/expect.yaml")}


@pytest.fixture(scope="module")
def report() -> Report:
    return postcheck.check([FIXTURES])


def said(draft: DraftReport) -> dict[str, Any]:
    """A draft's report in the form of expect.yaml."""
    if draft.problems:
        return {"problems": [f"{problem.line}:{problem.column} {problem.message}" for problem in draft.problems]}
    data: dict[str, Any] = {
        "findings": [
            f"{finding.outcome} {finding.severity} {result.check} {place_of(finding.location)}"
            for result in draft.results
            for finding in result.findings
            if not result.waived
        ]
    }
    waived = [result.check for result in draft.results if result.waived]
    return {**data, "waived": waived} if waived else data


def test_every_fixture_says_what_it_must_report() -> None:
    assert set(EXPECTED) == {path.name for path in FIXTURES.iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert len(EXPECTED) >= 12


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_fixture(name: str, report: Report) -> None:
    paths = {Path(draft.path).absolute().relative_to(FIXTURES): draft for draft in report.drafts}
    drafts = {path.as_posix(): said(draft) for path, draft in paths.items() if path.parts[0] == name}
    assert drafts == yaml.safe_load(EXPECTED[name].read_text(encoding="utf-8"))


TWO_CITIES = FIXTURES / "two-cities"
AT = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.mark.parametrize("path", sorted(TWO_CITIES.glob("expect-*.yaml")), ids=lambda path: path.stem)
def test_the_same_draft_under_another_city(path: Path) -> None:
    """What each city asks differs, and so do the answers; the report says what was left out or taken otherwise, and
    why."""
    report = postcheck.check(TWO_CITIES, policy=path.stem.removeprefix("expect-"), now=AT)
    (draft,) = report.drafts
    assert report.policy is not None
    changes = [
        f"{check} {kind}: {why}" for check, kind, why in report.policy.changes if kind in ("left out", "options")
    ]
    findings = [
        f"{finding.outcome} {finding.severity} {result.check}: {finding.message}"
        for result in draft.results
        for finding in result.findings
    ]
    found = {"outcome": str(draft.outcome), "findings": findings, "changes": changes}
    assert found == yaml.safe_load(path.read_text(encoding="utf-8"))
    schema = json.loads(schema_text())
    jsonschema.Draft202012Validator(schema).validate(json.loads(render(report)))


def test_the_report_keeps_its_schema(report: Report) -> None:
    schema = json.loads(schema_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(json.loads(render(report)))


def test_every_enabled_check_is_accounted_for_once(report: Report) -> None:
    enabled = sorted(set(load_catalog().checks) - set(report.disabled))
    for draft in json.loads(render(report))["drafts"]:
        accounted = [*(result["check"] for result in draft["results"]), *draft["passed"], *draft["inapplicable"]]
        of_checks = [name for name in accounted if not name.startswith("portland:")]  # the others are its questions
        assert sorted(of_checks) == enabled, draft["path"]


def test_spans_quote_the_file(report: Report) -> None:
    """A span cut out of the file, byte order mark and line ends as they are, is what is quoted."""
    found = 0
    for draft in report.drafts:
        folder = Path(draft.path.partition("#")[0])
        folder = folder.parent if folder.suffix == ".csv" else folder
        for place in (finding.location for result in draft.results for finding in result.findings):
            if place is None or place.span is None or not folder.is_dir():
                continue
            text = (folder / place.asset).read_bytes().decode("utf-8")
            assert text[place.span[0] : place.span[1]] == place.quote
            found += 1
    assert found >= 30


def test_clauses_are_filled_from_the_policy(report: Report) -> None:
    clauses = {result.check: result.clauses for draft in report.drafts for result in draft.results}
    assert clauses["alt-text/missing"] == ("portland:accessibility-1",)
    assert clauses["platform/text-too-long"] == ()
