"""The report as JSON, to the schema that `postcheck schema` prints."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from postcheck.errors import Problem
from postcheck.model import DraftReport, Finding, Fix, PolicyInForce, Report, Result
from postcheck.reporters.counts import summary
from postcheck.source import Location


def render(report: Report) -> str:
    """A draft to each line: a calendar has thousands, and so a person can still find one."""
    head = {
        "schema": "postcheck-report/1",
        "tool": {"name": "postcheck", "version": report.version, "catalog": report.catalog},
        "policy": _policy(report.policy) if report.policy else None,
        "disabled": list(report.disabled),
    }
    parts = ["{\n", *(f' "{key}": {_line(value)},\n' for key, value in head.items()), ' "drafts": [']
    for number, draft in enumerate(report.drafts):
        parts += [",\n  " if number else "\n  ", *_draft(draft)]
    parts.append(f'\n ],\n "summary": {_line(summary(report))}\n}}\n')
    return "".join(parts)


_line = json.JSONEncoder(ensure_ascii=False).encode


def _policy(policy: PolicyInForce) -> dict[str, Any]:
    questions = [{"clause": clause, "ask": question} for clause, question in policy.questions]
    changes = [{"check": check_id, "change": kind, "because": because} for check_id, kind, because in policy.changes]
    head = {"id": policy.id, "title": policy.title, "digest": policy.digest}
    return {**head, "questions": questions, "changes": changes}


def _draft(draft: DraftReport) -> Iterator[str]:
    """In pieces: the long lists of ids are the same for most drafts, and are written out once."""
    data = {
        "path": draft.path,
        "digest": draft.digest or None,
        "outcome": draft.outcome.value,
        "results": [_result(result) for result in draft.results],
    }
    yield _line(data)[:-1]
    yield f', "passed": {_ids(draft.passed)}, "inapplicable": {_ids(draft.inapplicable)}'
    if draft.emergency:
        yield ', "emergency": true'
    if draft.problems:
        yield f', "problems": {_line([_problem(problem) for problem in draft.problems])}'
    yield "}"


@lru_cache(maxsize=256)
def _ids(check_ids: tuple[str, ...]) -> str:
    return _line(check_ids)


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
    data: dict[str, Any] = {"applicability": fix.applicability.value, "replacement": fix.replacement, "edit": edit}
    if fix.cleaning:
        data["cleaning"] = {"asset": fix.cleaning.asset, "kind": fix.cleaning.kind}
    if fix.new_file:
        data["new_file"] = {"asset": fix.new_file.asset, "text": fix.new_file.text}
    return data


_LOCATION_KEYS = ("asset", "field", "span", "line", "column", "quote", "box", "interval")


def _location(location: Location) -> dict[str, Any]:
    values = {name: getattr(location, name) for name in _LOCATION_KEYS}
    return {
        name: list(value) if isinstance(value, tuple) else value for name, value in values.items() if value is not None
    }


def schema_text() -> str:
    """The JSON Schema (draft 2020-12) of what `render` writes."""
    return (Path(__file__).parent / "report.schema.json").read_text(encoding="utf-8")
