"""The report as JUnit XML, for build servers: a suite for each draft, a case for each check that had anything to look
at.

What failed is a failure, what was left untested an error. A question that holds the draft back is a failure too, for no
build server stops at anything else; any other is skipped, with the question as the reason, which Jenkins and GitLab
show. A waived check is skipped, with the waiver. The questions of the policy that every post raises are a suite of
their own, skipped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from postcheck.display import visible
from postcheck.messages import say
from postcheck.model import DraftReport, Finding, Outcome, Report, Result
from postcheck.reporters.words import place_of, totals

_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;"}
_ESCAPES = str.maketrans(_ENTITIES)
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CLASS = "\0"
"""Stands for the draft in cases that are the same for many; no text of a report holds it."""


def render(report: Report) -> str:
    suites = [_suite(report, draft) for draft in report.drafts]
    if report.policy and report.policy.questions:
        suites.append(_questions(report.policy.questions))
    counts = [sum(suite[1][position] for suite in suites) for position in range(4)]
    parts = ['<?xml version="1.0" encoding="UTF-8"?>\n', f'<testsuites name="postcheck" {_counted(counts)}>\n']
    parts += [text for suite in suites for text in suite[0]]
    parts.append(f"<!-- {_comment(totals(report))} -->\n</testsuites>\n")
    return "".join(parts)


_Suite = tuple[list[str], list[int]]
"""The text, and how many cases, failures, errors and skipped ones."""


def _suite(report: Report, draft: DraftReport) -> _Suite:
    name = _attribute(draft.path)
    if draft.problems:
        told = "\n".join(str(problem) for problem in draft.problems)
        error = _element("error", "unreadable", draft.problems[0].message, told)
        return _wrapped(name, [_case(say("the draft can be read"), name, error)], [1, 0, 1, 0])
    cases, counts = [], [len(draft.passed) + len(draft.results), 0, 0, 0]
    for result in draft.results:
        position, element = _outcome(report, draft, result)
        counts[position] += 1
        cases.append(_case(result.check, name, element))
    return _wrapped(name, [*cases, _passed(draft.passed).replace(_CLASS, name)], counts)


def _wrapped(name: str, cases: list[str], counts: list[int]) -> _Suite:
    return [f' <testsuite name="{name}" {_counted(counts)}>\n', *cases, " </testsuite>\n"], counts


def _counted(counts: list[int]) -> str:
    names = ("tests", "failures", "errors", "skipped")
    return " ".join(f'{name}="{count}"' for name, count in zip(names, counts, strict=True))


@lru_cache(maxsize=256)
def _passed(check_ids: tuple[str, ...]) -> str:
    """Written once for the many drafts in which the same checks passed."""
    return "".join(f'  <testcase name="{check_id}" classname="{_CLASS}"/>\n' for check_id in check_ids)


def _outcome(report: Report, draft: DraftReport, result: Result) -> tuple[int, str]:
    told = "\n\n".join("\n".join(_told(finding)) for finding in result.findings)
    if result.waiver and not result.waiver_refused:
        waived = say("Waived by {by}: {reason}", by=result.waiver.by, reason=result.waiver.reason)
        return 3, _element("skipped", "waived", waived, told)
    if result.waiver_refused:
        told += "\n\n" + say("The waiver does not hold: {reason}", reason=result.waiver_refused)
    blocks = any(report.is_blocking(draft, finding) for finding in result.findings)
    head = result.findings[0].message
    if result.outcome is Outcome.UNTESTED:
        head = next(finding.message for finding in result.findings if finding.outcome is Outcome.UNTESTED)
        return 2, _element("error", "untested", say("Not checked: {reason}", reason=head), told)
    if result.outcome is Outcome.FAILED or blocks:
        return 1, _element("failure", f"{result.outcome.value} {result.severity.value}", head, told)
    return 3, _element("skipped", "question", say("A question: {question}", question=head), told)


def _told(finding: Finding) -> Iterator[str]:
    yield f"{place_of(finding.location)}: {finding.severity.value}: {finding.message}"
    if finding.location and finding.location.quote:
        yield f'"{finding.location.quote}"'
    if finding.advice:
        yield f"-> {finding.advice}"


def _questions(questions: tuple[tuple[str, str], ...]) -> _Suite:
    name = _attribute(say("questions of the policy"))
    cases = [_case(clause, name, _element("skipped", "question", ask, ask)) for clause, ask in questions]
    return _wrapped(name, cases, [len(cases), 0, 0, len(cases)])


def _case(name: str, draft: str, element: str) -> str:
    return f'  <testcase name="{_attribute(name)}" classname="{draft}">{element}</testcase>\n'


def _element(tag: str, kind: str, message: str, text: str) -> str:
    return f'<{tag} type="{kind}" message="{_attribute(message)}">{_text(text)}</{tag}>'


def _attribute(text: str) -> str:
    return _allowed(text).translate(_ESCAPES)


def _text(text: str) -> str:
    return _allowed(text).translate({**_ESCAPES, ord("\n"): "\n"})


def _comment(text: str) -> str:
    return re.sub("-(?=-)", "- ", _text(text))  # two hyphens would end it


def _allowed(text: str) -> str:
    """XML 1.0 can hold no control characters, halves of surrogate pairs, U+FFFE and U+FFFF, not even escaped."""
    return _NO_XML.sub("\ufffd", visible(text))
