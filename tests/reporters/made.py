"""Reports made without a run, for the tests of the formats."""

from __future__ import annotations

from typing import Any

from postcheck.errors import Problem
from postcheck.model import (
    Check,
    Citation,
    DraftReport,
    Finding,
    Fix,
    Message,
    Outcome,
    PolicyInForce,
    Report,
    Result,
    Severity,
    Waiver,
    gravest_outcome,
)  # fmt: skip
from postcheck.source import Location, Source, Text

ERROR, WARNING, NOTE = Severity
FAILED, UNTESTED, ASKED = Outcome.FAILED, Outcome.UNTESTED, Outcome.CANT_TELL
TEXT = "🍁 Leaf Day is Saturday.\nMove your car by\r\n8 a.m.\n"
DIGEST = f"sha256:{'0' * 64}"


def place(words: str, text: str = TEXT, asset: str = "post.md") -> Location:
    start = text.index(words)
    return Source(asset, text).location(start, start + len(words), "caption")


def finding(
    outcome: Outcome = FAILED,
    severity: Severity = ERROR,
    *,
    message: str = "It says it.",
    advice: str = "Say it otherwise.",
    at: Location | None = None,
    fix: Fix | None = None,
    **data: Any,
) -> Finding:
    return Finding(outcome, severity, message, advice, at, data, fix)


def result(check: str, *findings: Finding, waiver: tuple[str, str] | None = None, refused: str = "") -> Result:
    held = Waiver(Text(check, Source("post.md", check), "waive", 0, len(check)), *waiver) if waiver else None
    outcome = gravest_outcome(one.outcome for one in findings)
    return Result(check, outcome, findings[0].severity, ("rome:words-1",), findings, held, refused)


def draft(path: str, *results: Result, problems: tuple[Problem, ...] = (), **values: Any) -> DraftReport:
    outcome = gravest_outcome([one.outcome for one in results if not one.waived] or [Outcome.PASSED])
    passed = values.pop("passed", ("alt-text/missing", "alt-text/empty"))
    return DraftReport(path, DIGEST, outcome, results, () if problems else passed, (), problems, **values)


def check(check_id: str, **values: Any) -> Check:
    said: dict[str, Any] = {
        "title": "A title",
        "rationale": "A reason.",
        "advice": "Write “{write}”.",
        "citations": (Citation("A book", "page 2", "https://example.org/book"), Citation("Another")),
    }
    kind = {"severity": ERROR, "detector": "pattern", "messages": {"failed": Message("It says it.")}}
    return Check(id=check_id, **{**kind, **said, **values})


POLICY = PolicyInForce("rome", "City of Rome", DIGEST, (("rome:ask-1", "Is it true?"),), ())


def report(*drafts: DraftReport, **values: Any) -> Report:
    named = dict.fromkeys(one.check for each in drafts for one in each.results if "/" in one.check)
    checks = {check_id: check(check_id) for check_id in named}
    return Report("1.2.3", DIGEST, values.pop("policy", None), drafts, **{"checks": checks, **values})
