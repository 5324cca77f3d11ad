"""The report for a person at a terminal: by draft, each finding with its place, what is wrong and the mend."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import wrap

import click

from postcheck.display import visible_line
from postcheck.errors import Problem
from postcheck.messages import figure, say
from postcheck.model import DraftReport, Finding, Outcome, Report, Result, Severity
from postcheck.reporters import words
from postcheck.reporters.counts import of_drafts
from postcheck.reporters.words import place_of

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan", None: "green"}
_OUTCOME_COLOURS = {Outcome.PASSED: "green", Outcome.CANT_TELL: "yellow"}
_QUOTE_LENGTH = 60


def render(
    report: Report, *, colour: bool = False, width: int = 100, summary: bool = False, quiet: bool = False
) -> str:
    """`width` in columns. Words of the draft are shown with control characters made visible: a caption must not
    be able to move the cursor or hide a finding.

    `summary` gives a line a draft. `quiet` tells only what holds a draft back: nothing where nothing does.
    """
    style = _Style(colour, max(width, 40))
    lines: list[str] = []
    for draft in report.drafts:
        if not quiet or report.holds_back(draft):
            lines += [_in_a_line(draft, style)] if summary else _draft(draft, style, report if quiet else None)
    if quiet:
        lines += [f"{words.held_back(report)}."] if lines else []
    else:
        lines += ["", *_summary(report, style)] if summary else _summary(report, style)
    return "".join(f"{line}\n" for line in lines)


class _Style:
    def __init__(self, colour: bool, width: int) -> None:
        self.colour = colour
        self.width = width

    def paint(self, text: str, colour: str | None = None, *, bold: bool = False, dim: bool = False) -> str:
        return click.style(text, fg=colour, bold=bold or None, dim=dim or None) if self.colour else text

    def by_severity(self, text: str, severity: Severity | None) -> str:
        return self.paint(text, _COLOURS[severity])

    def indented(self, text: str, first: str, rest: str) -> list[str]:
        lines: list[str] = []
        for paragraph in text.split("\n"):
            lead = rest if lines else first
            lines += wrap(
                paragraph, self.width, initial_indent=lead, subsequent_indent=rest,
                break_long_words=False, break_on_hyphens=False,
            )  # fmt: skip
        return lines


def _head(draft: DraftReport, style: _Style) -> str:
    colour = "red" if draft.problems else _OUTCOME_COLOURS.get(draft.outcome, "red")
    word = style.paint(words.outcome_word(draft), colour, bold=True)
    return f"{style.paint(visible_line(draft.path), bold=True)}: {word}"


def _in_a_line(draft: DraftReport, style: _Style) -> str:
    counts = of_drafts([draft])
    if draft.problems or not (counts["error"] + counts["warning"] + counts["note"] + counts["waived"]):
        return _head(draft, style)
    return f"{_head(draft, style)}: {words.found(counts, style.by_severity)}"


def _draft(draft: DraftReport, style: _Style, blocking_of: Report | None) -> Iterator[str]:
    """`blocking_of` is the report whose threshold a finding must reach to be told; None tells all."""
    yield _head(draft, style)
    if draft.problems:
        for problem in draft.problems:
            yield from _problem(problem, style)
    else:
        found = words.unwaived(draft)
        if blocking_of:
            found = (pair for pair in found if blocking_of.is_blocking(draft, pair[1]))
        told = words.folded(found)
        if draft.emergency and not blocking_of:
            yield from _emergency(told, style)
        else:
            for together in told:
                yield from _finding(*together, style)
        for result in draft.results:
            if result.waived and not blocking_of:
                yield from _waived(result, style)
    yield ""


def _emergency(told: Sequence[tuple[Result, Finding, Sequence[str]]], style: _Style) -> Iterator[str]:
    """What holds an emergency post back; and then what can wait until it is out."""
    blocking = [together for together in told if together[1].severity is Severity.ERROR]
    waiting = [together for together in told if together[1].severity is not Severity.ERROR]
    only_errors, nothing = say("An emergency: only errors hold it back."), say("An emergency: nothing holds it back.")
    yield f"  {only_errors if blocking else nothing}"
    for together in blocking:
        yield from _finding(*together, style)
    if waiting:
        later = say("To be mended once it is out ({number}):", number=figure(len(waiting)))
        yield f"  {later}"
    for together in waiting:
        yield from _finding(*together, style)


def _problem(problem: Problem, style: _Style) -> Iterator[str]:
    error = style.by_severity(words.severity_word(Severity.ERROR), Severity.ERROR)
    yield f"  {style.paint(visible_line(problem.place), dim=True)}  {error}"
    yield from style.indented(visible_line(problem.message), "    ", "    ")
    if problem.advice:
        yield from style.indented(visible_line(problem.advice), "    -> ", "       ")


def _finding(result: Result, finding: Finding, checks: Sequence[str], style: _Style) -> Iterator[str]:
    severity = style.by_severity(words.severity_word(finding.severity), finding.severity)
    kind = words.kind_word(finding.outcome)
    place, check = style.paint(place_of(finding.location), dim=True), style.paint(words.joined(checks), dim=True)
    yield f"  {place}  {severity}{kind and f' ({kind})'}  {check}"
    yield from style.indented(visible_line(finding.message), "    ", "    ")
    quote = finding.location.quote if finding.location else None
    if quote:
        yield f"    {style.paint(_short(quote), 'blue')}"
    if finding.advice:
        yield from style.indented(visible_line(finding.advice), "    -> ", "       ")
    if result.waiver_refused:
        refused = say("The waiver does not hold: {reason}", reason=visible_line(result.waiver_refused))
        yield from style.indented(refused, "    ", "    ")


def _waived(result: Result, style: _Style) -> Iterator[str]:
    waiver = result.waiver
    if waiver is not None:
        yield f"  {style.paint(say('waived'), dim=True)}  {style.paint(result.check, dim=True)}"
        yield from style.indented(visible_line(f"{waiver.by}: {waiver.reason}"), "    ", "    ")


def _summary(report: Report, style: _Style) -> Iterator[str]:
    yield words.totals(report, style.by_severity)
    if fixable := words.fixable(report):
        yield fixable
    for line in words.left_to_people(report):
        yield from style.indented(line, "", "  ") if len(line) > style.width else [line]


def _short(quote: str) -> str:
    """One line of the quoted text, cut in the middle of nothing: at its end."""
    line = visible_line(" ".join(quote.split()))
    return f'"{line}"' if len(line) <= _QUOTE_LENGTH else f'"{line[:_QUOTE_LENGTH]}..."'
