"""The report as JSON, to the schema that `postcheck schema` prints."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from postcheck.errors import Problem
from postcheck.model import DraftReport, Finding, Fix, PolicyInForce, Report, Result
from postcheck.reporters.counts import summary
from postcheck.source import Location


def render(report: Report) -> str:
    """A draft to each line: a calendar has thousands, and so a person can still find one."""
    data = as_data(report)
    parts = ["{"]
    for key, value in data.items():
        parts += ["\n " if key == "schema" else ",\n ", f'"{key}": ']
        if key != "drafts":
            parts.append(_line(value))
            continue
        parts.append("[")
        for number, draft in enumerate(value):
            parts += [",\n  " if number else "\n  ", _line(draft)]
        parts.append("\n ]")
    parts.append("\n}\n")
    return "".join(parts)


_line = json.JSONEncoder(ensure_ascii=False).encode


def as_data(report: Report) -> dict[str, Any]:
    return {
        "schema": "postcheck-report/1",
        "tool": {"name": "postcheck", "version": report.version, "catalog": report.catalog},
        "policy": _policy(report.policy) if report.policy else None,
        "disabled": list(report.disabled),
        "drafts": [_draft(draft) for draft in report.drafts],
        "summary": summary(report),
    }


def _policy(policy: PolicyInForce) -> dict[str, Any]:
    questions = [{"clause": clause, "ask": question} for clause, question in policy.questions]
    return {"id": policy.id, "title": policy.title, "digest": policy.digest, "questions": questions}


def _draft(draft: DraftReport) -> dict[str, Any]:
    data: dict[str, Any] = {
        "path": draft.path,
        "digest": draft.digest or None,
        "outcome": draft.outcome.value,
        "results": [_result(result) for result in draft.results],
        "passed": list(draft.passed),
        "inapplicable": list(draft.inapplicable),
    }
    if draft.problems:
        data["problems"] = [_problem(problem) for problem in draft.problems]
    return data


def _problem(problem: Problem) -> dict[str, Any]:
    return {name: getattr(problem, name) for name in ("message", "advice", "path", "line", "column")}


def _result(result: Result) -> dict[str, Any]:
    data: dict[str, Any] = {
        "check": result.check,
        "outcome": result.outcome.value,
        "severity": result.severity.value,
        "clauses": list(result.clauses),
        "findings": [_finding(finding) for finding in result.findings],
    }
    if result.waiver:
        data["waiver"] = {"reason": result.waiver.reason, "by": result.waiver.by, "holds": result.waived}
        if result.waiver_refused:
            data["waiver"]["refused"] = result.waiver_refused
    return data


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "outcome": finding.outcome.value,
        "severity": finding.severity.value,
        "message": finding.message,
        "advice": finding.advice,
        "location": _location(finding.location) if finding.location else None,
        "data": dict(finding.data),
        "fix": _fix(finding.fix) if finding.fix else None,
    }


def _fix(fix: Fix) -> dict[str, Any]:
    edit = {"asset": fix.edit.asset, "span": list(fix.edit.span), "text": fix.edit.text} if fix.edit else None
    return {"applicability": fix.applicability.value, "replacement": fix.replacement, "edit": edit}


_LOCATION_KEYS = ("asset", "field", "span", "line", "column", "quote", "box", "interval")


def _location(location: Location) -> dict[str, Any]:
    values = {name: getattr(location, name) for name in _LOCATION_KEYS}
    return {
        name: list(value) if isinstance(value, tuple) else value for name, value in values.items() if value is not None
    }


def schema_text() -> str:
    """The JSON Schema (draft 2020-12) of what `render` writes."""
    return (Path(__file__).parent / "report.schema.json").read_text(encoding="utf-8")
