"""What several formats say in the same words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from postcheck.display import visible_line
from postcheck.messages import figure, say, say_count
from postcheck.model import DraftReport, Finding, Outcome, Report, Result, Severity
from postcheck.reporters.counts import summary
from postcheck.source import Location

GRAVITY = {severity: rank for rank, severity in enumerate(Severity)}


def outcome_word(draft: DraftReport) -> str:
    """What became of the draft."""
    if draft.problems:
        return say("cannot be read")
    return {
        Outcome.FAILED: say("failed"),
        Outcome.UNTESTED: say("not fully checked"),
        Outcome.CANT_TELL: say("has questions"),
        Outcome.PASSED: say("passed"),
        Outcome.INAPPLICABLE: say("nothing to check"),
    }[draft.outcome]


def severity_word(severity: Severity) -> str:
    return {Severity.ERROR: say("error"), Severity.WARNING: say("warning"), Severity.NOTE: say("note")}[severity]


def kind_word(outcome: Outcome) -> str:
    """What a finding is that did not fail; "" where it did."""
    if outcome is Outcome.CANT_TELL:
        return say("a question")
    return say("not checked") if outcome is Outcome.UNTESTED else ""


def place_of(location: Location | None) -> str:
    """`post.md:14:8`, `leaf-day.mp4 at 3.2 s`, or the file alone."""
    if location is None:
        return say("the draft")
    asset = visible_line(location.asset)
    if location.line is not None:
        return f"{asset}:{location.line}:{location.column}"
    if location.interval is not None:
        return say("{file} at {seconds} s", file=asset, seconds=figure(location.interval[0], 1))
    return asset


def reading_order(location: Location | None) -> tuple[bool, str, int, int]:
    """From the top of the draft's own file to its end; then the other files."""
    if location is None:
        return False, "", 0, 0
    return location.line is None and location.field is None, location.asset, location.line or 0, location.column or 0


def folded(found: Iterable[tuple[Result, Finding]]) -> list[tuple[Result, Finding, Sequence[str]]]:
    """In reading order, each finding with the checks that say it: what cannot be read leaves many checks untested for
    one reason, and that is told once, at the gravest severity."""
    told: dict[object, list[tuple[Result, Finding]]] = {}
    for number, (result, finding) in enumerate(sorted(found, key=lambda pair: reading_order(pair[1].location))):
        is_untested = finding.outcome is Outcome.UNTESTED
        told.setdefault((finding.location, finding.message) if is_untested else number, []).append((result, finding))
    gravest = [min(pairs, key=lambda pair: GRAVITY[pair[1].severity]) for pairs in told.values()]
    return [(*pair, [result.check for result, _ in pairs]) for pair, pairs in zip(gravest, told.values(), strict=True)]


def unwaived(draft: DraftReport) -> Iterator[tuple[Result, Finding]]:
    """Each finding that counts, with its result."""
    for result in draft.results:
        if not result.waived:
            for finding in result.findings:
                yield result, finding


def joined(checks: Sequence[str]) -> str:
    if len(checks) < 4:
        return ", ".join(checks)
    return say("{check} and {number} other checks", check=checks[0], number=figure(len(checks) - 1))


Paint = Callable[[str, Severity | None], str]
"""Colors words by a severity; None is nothing found."""


def _plain(text: str, _: Severity | None) -> str:
    return text


def found(counts: Mapping[str, int], paint: Paint = _plain) -> str:
    """The findings in figures: `4 errors, 2 warnings (2 questions among them)`."""
    parts = [
        paint(words(counts[severity.value]), severity) for severity, words in _COUNTED.items() if counts[severity.value]
    ]
    if counts["unreadable"]:
        unreadable = say_count("{number} cannot be read", "{number} cannot be read", counts["unreadable"])
        parts.insert(0, paint(unreadable, Severity.ERROR))
    told = ", ".join(parts) or paint(say("nothing found"), None)
    if counts["cantTell"]:
        asked = say_count("{number} question among them", "{number} questions among them", counts["cantTell"])
        told += f" ({asked})"
    if counts["waived"]:
        told += "; " + say_count("{number} waived", "{number} waived", counts["waived"])
    return told


_COUNTED: Mapping[Severity, Callable[[int], str]] = {
    Severity.ERROR: lambda number: say_count("{number} error", "{number} errors", number),
    Severity.WARNING: lambda number: say_count("{number} warning", "{number} warnings", number),
    Severity.NOTE: lambda number: say_count("{number} note", "{number} notes", number),
}


def totals(report: Report, paint: Paint = _plain) -> str:
    """The whole report in a line."""
    counts = summary(report)
    drafts = say_count("{number} draft", "{number} drafts", counts["drafts"])
    if report.policy is None:
        return say("{drafts} checked by no city's policy: {found}", drafts=drafts, found=found(counts, paint))
    title = visible_line(report.policy.title)
    return say(
        "{drafts} checked by the policy of {title}: {found}", drafts=drafts, title=title, found=found(counts, paint)
    )


def held_back(report: Report) -> str:
    """How many drafts are, in a line."""
    number, drafts = sum(report.holds_back(draft) for draft in report.drafts), len(report.drafts)
    if not drafts:
        return say("No draft was checked")
    if not number:
        return say_count("Nothing holds the draft back", "Nothing holds the {number} drafts back", drafts)
    if drafts == 1:
        return say("The draft is held back")
    return say_count("{number} of {drafts} drafts is held back", "{number} of {drafts} drafts are held back", number,
                     drafts=figure(drafts))  # fmt: skip


def left_to_people(report: Report) -> Iterator[str]:
    """What no check answers, what the policy changes of checks, and what was not run, in a line each."""
    if report.policy and report.policy.questions:
        yield say_count(
            "A person must answer for {number} clause of the policy: postcheck policies {policy}",
            "A person must answer for {number} clauses of the policy: postcheck policies {policy}",
            len(report.policy.questions),
            policy=visible_line(report.policy.id),
        )
    changes = report.policy.changes if report.policy else ()
    for kind, lead in (("left out", say("Not asked by this policy")), ("options", say("As this policy has it"))):
        for because in dict.fromkeys(why for _, change, why in changes if change == kind):
            names = ", ".join(check_id for check_id, change, why in changes if (change, why) == (kind, because))
            yield f"{lead}: {names}. {visible_line(because)}"
    left_out = sum(change == "left out" for _, change, _ in changes)
    if len(report.disabled) > left_out:
        yield say_count(
            "{number} check not run: switched off by the settings or the command line",
            "{number} checks not run: switched off by the settings or the command line",
            len(report.disabled) - left_out,
        )


def fixable(report: Report) -> str:
    """How much --fix mends, in a line; "" where nothing is."""
    number = sum(finding.safe_fix is not None for finding in report.findings())
    if not number:
        return ""
    return say_count(
        "{number} can be mended for you: --fix does it, --diff shows it",
        "{number} can be mended for you: --fix does it, --diff shows it",
        number,
    )
