"""The report for a person at a terminal: by draft, each finding with its place, what is wrong and the mend."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import wrap

import click

from postcheck.display import visible_line
from postcheck.errors import Problem
from postcheck.model import DraftReport, Finding, Outcome, Report, Result, Severity
from postcheck.reporters.counts import summary
from postcheck.source import Location

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}
_OUTCOME_COLOURS = {Outcome.PASSED: "green", Outcome.CANT_TELL: "yellow"}
_OUTCOME_WORDS = {
    Outcome.FAILED: "failed",
    Outcome.UNTESTED: "not fully checked",
    Outcome.CANT_TELL: "has questions",
    Outcome.PASSED: "passed",
    Outcome.INAPPLICABLE: "nothing to check",
}
_QUOTE_LENGTH = 60


def render(report: Report, *, colour: bool = False, width: int = 100) -> str:
    """`width` in columns. Words of the draft are shown with control characters made visible: a caption must not
    be able to move the cursor or hide a finding."""
    style = _Style(colour, max(width, 40))
    lines: list[str] = []
    for draft in report.drafts:
        lines += _draft(draft, style)
    lines += _summary(report, style)
    return "\n".join(lines) + "\n"


class _Style:
    def __init__(self, colour: bool, width: int) -> None:
        self.colour = colour
        self.width = width

    def paint(self, text: str, colour: str | None = None, *, bold: bool = False, dim: bool = False) -> str:
        return click.style(text, fg=colour, bold=bold or None, dim=dim or None) if self.colour else text

    def indented(self, text: str, first: str, rest: str) -> list[str]:
        lines: list[str] = []
        for paragraph in text.split("\n"):
            lead = rest if lines else first
            lines += wrap(
                paragraph, self.width, initial_indent=lead, subsequent_indent=rest,
                break_long_words=False, break_on_hyphens=False,
            )  # fmt: skip
        return lines


def _draft(draft: DraftReport, style: _Style) -> Iterator[str]:
    word = "cannot be read" if draft.problems else _OUTCOME_WORDS[draft.outcome]
    colour = _OUTCOME_COLOURS.get(draft.outcome, "red")
    yield f"{style.paint(visible_line(draft.path), bold=True)}: {style.paint(word, colour, bold=True)}"
    if draft.problems:
        for problem in draft.problems:
            yield from _problem(problem, style)
    else:
        found = [(result, finding) for result in draft.results if not result.waived for finding in result.findings]
        told = _folded(sorted(found, key=lambda pair: _reading_order(pair[1].location)))
        if draft.emergency:
            yield from _emergency(told, style)
        else:
            for together in told:
                yield from _finding(*together, style)
        for result in draft.results:
            if result.waived:
                yield from _waived(result, style)
    yield ""


def _emergency(told: Sequence[tuple[Result, Finding, Sequence[str]]], style: _Style) -> Iterator[str]:
    """What holds an emergency post back; and then what can wait until it is out."""
    blocking = [together for together in told if together[1].severity is Severity.ERROR]
    waiting = [together for together in told if together[1].severity is not Severity.ERROR]
    yield "  An emergency: only errors hold it back." if blocking else "  An emergency: nothing holds it back."
    for together in blocking:
        yield from _finding(*together, style)
    if waiting:
        yield f"  To be mended once it is out ({len(waiting)}):"
    for together in waiting:
        yield from _finding(*together, style)


def _folded(found: Sequence[tuple[Result, Finding]]) -> list[tuple[Result, Finding, Sequence[str]]]:
    """Each finding with the checks that say it: what cannot be read leaves many checks untested for one reason, and
    that is told once, at the gravest severity."""
    told: dict[object, list[tuple[Result, Finding]]] = {}
    for number, (result, finding) in enumerate(found):
        is_untested = finding.outcome is Outcome.UNTESTED
        told.setdefault((finding.location, finding.message) if is_untested else number, []).append((result, finding))
    gravest = [min(pairs, key=lambda pair: _GRAVITY[pair[1].severity]) for pairs in told.values()]
    return [(*pair, [result.check for result, _ in pairs]) for pair, pairs in zip(gravest, told.values(), strict=True)]


_GRAVITY = {severity: rank for rank, severity in enumerate(Severity)}


def _reading_order(location: Location | None) -> tuple[bool, str, int, int]:
    """From the top of the draft's own file to its end; then the other files."""
    if location is None:
        return False, "", 0, 0
    return location.line is None and location.field is None, location.asset, location.line or 0, location.column or 0


def _problem(problem: Problem, style: _Style) -> Iterator[str]:
    yield f"  {style.paint(visible_line(problem.place), dim=True)}  {style.paint('error', 'red')}"
    yield from style.indented(visible_line(problem.message), "    ", "    ")
    if problem.advice:
        yield from style.indented(visible_line(problem.advice), "    -> ", "       ")


def _finding(result: Result, finding: Finding, checks: Sequence[str], style: _Style) -> Iterator[str]:
    severity = style.paint(finding.severity.value, _COLOURS[finding.severity])
    kind = {Outcome.CANT_TELL: " (a question)", Outcome.UNTESTED: " (not checked)"}.get(finding.outcome, "")
    place, check = style.paint(place_of(finding.location), dim=True), style.paint(_joined(checks), dim=True)
    yield f"  {place}  {severity}{kind}  {check}"
    yield from style.indented(visible_line(finding.message), "    ", "    ")
    quote = finding.location.quote if finding.location else None
    if quote:
        yield f"    {style.paint(_short(quote), 'blue')}"
    if finding.advice:
        yield from style.indented(visible_line(finding.advice), "    -> ", "       ")
    if result.waiver_refused:
        yield from style.indented(f"The waiver does not hold: {result.waiver_refused}", "    ", "    ")


def _joined(checks: Sequence[str]) -> str:
    return ", ".join(checks) if len(checks) < 4 else f"{checks[0]} and {len(checks) - 1} other checks"


def _waived(result: Result, style: _Style) -> Iterator[str]:
    waiver = result.waiver
    if waiver is not None:
        yield f"  {style.paint('waived', dim=True)}  {style.paint(result.check, dim=True)}"
        yield from style.indented(visible_line(f"{waiver.by}: {waiver.reason}"), "    ", "    ")


def place_of(location: Location | None) -> str:
    """`post.md:14:8`, `leaf-day.mp4 at 3.2 s`, or the file alone."""
    if location is None:
        return "the draft"
    asset = visible_line(location.asset)
    if location.line is not None:
        return f"{asset}:{location.line}:{location.column}"
    if location.interval is not None:
        return f"{asset} at {location.interval[0]:.1f} s"
    return asset


def _summary(report: Report, style: _Style) -> Iterator[str]:
    counts = summary(report)
    parts = [
        style.paint(_plural(counts[name], name), _COLOURS[Severity(name)])
        for name in ("error", "warning", "note")
        if counts[name]
    ]
    drafts = _plural(counts["drafts"], "draft")
    if counts["unreadable"]:
        parts.insert(0, style.paint(f"{counts['unreadable']} cannot be read", "red"))
    questions = f" ({_plural(counts['cantTell'], 'question')} among them)" if counts["cantTell"] else ""
    waived = f"; {counts['waived']} waived" if counts["waived"] else ""
    policy = f"by the policy of {report.policy.title}" if report.policy else "by no city's policy"
    found = ", ".join(parts) or style.paint("nothing found", "green")
    yield f"{drafts} checked {policy}: {found}{questions}{waived}"
    if counts["fixable"]:
        can = "1 can be mended" if counts["fixable"] == 1 else f"{counts['fixable']:,} can be mended"
        yield f"{can} for you: --fix does it, --diff shows it"
    if report.policy and report.policy.questions:
        clauses = _plural(len(report.policy.questions), "clause")
        yield f"A person must answer for {clauses} of the policy: postcheck policies {visible_line(report.policy.id)}"
    changes = report.policy.changes if report.policy else ()
    for kind, lead in (("left out", "Not asked by this policy"), ("options", "As this policy has it")):
        for because in dict.fromkeys(why for _, change, why in changes if change == kind):
            names = ", ".join(check_id for check_id, change, why in changes if (change, why) == (kind, because))
            yield from style.indented(f"{lead}: {names}. {visible_line(because)}", "", "  ")
    left_out = sum(change == "left out" for _, change, _ in changes)
    if len(report.disabled) > left_out:
        off = _plural(len(report.disabled) - left_out, "check")
        yield f"{off} not run: switched off by the settings or the command line"


def _plural(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _short(quote: str) -> str:
    """One line of the quoted text, cut in the middle of nothing: at its end."""
    line = visible_line(" ".join(quote.split()))
    return f'"{line}"' if len(line) <= _QUOTE_LENGTH else f'"{line[:_QUOTE_LENGTH]}..."'
