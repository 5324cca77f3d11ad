"""The report as annotations of GitHub Actions: a command to each finding, which the page of a pull request shows at its
line (https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands).

A question is told at its severity too: one at error level holds a draft back, and somebody will look for the reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from postcheck.display import visible, visible_line
from postcheck.errors import Problem
from postcheck.messages import say
from postcheck.model import DraftReport, Finding, Outcome, Report, Result, Severity
from postcheck.reporters.places import end_of, file_of, on_disk
from postcheck.reporters.words import folded, joined, kind_word, left_to_people, totals, unwaived

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def render(report: Report) -> str:
    """The last line is for whoever reads the log."""
    lines: list[str] = []
    for draft in report.drafts:
        lines += [_problem(problem) for problem in draft.problems]
        if not draft.problems:
            lines += [_finding(draft, *together) for together in folded(unwaived(draft))]
    lines += [_command("notice", {"title": "postcheck"}, line) for line in left_to_people(report)]
    lines.append(totals(report))
    return "".join(f"{line}\n" for line in lines)


def _problem(problem: Problem) -> str:
    file = on_disk(problem.path)
    place = {"file": file.path}
    if problem.line and not file.inside:
        place["line"] = str(problem.line)
        if problem.column:
            place["col"] = str(problem.column)
    said = [problem.message, *([problem.advice] if problem.advice else []), *([file.inside] if file.inside else [])]
    return _command("error", {**place, "title": say("The draft cannot be read")}, "\n".join(said))


def _finding(draft: DraftReport, result: Result, finding: Finding, checks: Sequence[str]) -> str:
    place = finding.location
    file = file_of(draft.path, place.asset if place else None)
    shown = {"file": file.path}
    if place is not None and place.line is not None and not file.inside:
        end_line, end_column = end_of(place)
        shown |= {"line": str(place.line), "endLine": str(end_line)}
        if end_line == place.line:  # columns of several lines are refused
            shown |= {"col": str(place.column), "endColumn": str(end_column)}
    is_severe = finding.outcome is Outcome.UNTESTED and finding.severity is Severity.NOTE
    command = "warning" if is_severe else _COMMANDS[finding.severity]
    kind = kind_word(finding.outcome)
    title = f"{joined(checks)} ({kind})" if kind else joined(checks)
    return _command(command, {**shown, "title": title}, "\n".join(_said(draft, result, finding, file.inside)))


def _said(draft: DraftReport, result: Result, finding: Finding, inside: str) -> Iterator[str]:
    yield finding.message
    if finding.advice:
        yield finding.advice
    if result.waiver_refused:
        yield say("The waiver does not hold: {reason}", reason=result.waiver_refused)
    if inside or "#row=" in draft.path:
        yield say("Draft: {draft}", draft=draft.path)


def _command(command: str, properties: dict[str, str], message: str) -> str:
    told = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{command} {told}::{_data(message)}"


def _data(text: str) -> str:
    """As the runner reads it back; control characters are made visible, for the log is shown on terminals."""
    return visible(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(visible_line(text)).replace(":", "%3A").replace(",", "%2C")
