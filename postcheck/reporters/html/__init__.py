"""The report for a reviewer: pages of HTML that need nothing from elsewhere, not even script.

`article` renders one draft with what is shown of it, `page` puts articles onto a page that stands alone, `index` leads
to pages of their own. Everything that comes from a draft is escaped, and control characters are made visible.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from postcheck import messages
from postcheck.display import visible
from postcheck.exhibits import Exhibit
from postcheck.messages import figure, say, say_count
from postcheck.model import ClauseInForce, DraftReport, Finding, Outcome, Report, Result, Severity
from postcheck.reporters import words
from postcheck.reporters.html.timeline import clock, percent

if TYPE_CHECKING:
    from jinja2 import Environment

BLOCKS, QUESTION, ADVICE, WAIVED = "blocks", "question", "advice", "waived"
_FOLDER = Path(__file__).parent
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")


@dataclass(frozen=True, slots=True)
class Entry:
    """A finding as it stands on the page."""

    number: int
    """From 1, in the order of the page."""
    section: str
    """BLOCKS, QUESTION, ADVICE or WAIVED."""
    result: Result
    finding: Finding
    checks: tuple[str, ...]
    """All that say it."""

    @property
    def area(self) -> str:
        """Of the check; of a question of the policy, `policy`."""
        return "policy" if ":" in self.result.check else self.result.check.partition("/")[0]

    @property
    def swatches(self) -> list[tuple[str, str]]:
        """Measured colors by what they are of, and the nearest that would do."""
        data = self.finding.data
        told = [
            (say("words"), data.get("foreground")),
            (say("ground"), data.get("background")),
            *((say("would do"), color) for color in _COLOUR.findall(str(data.get("use", "")))),
        ]
        return [(label, value) for label, value in told if isinstance(value, str) and _COLOUR.fullmatch(value)]


def entries(report: Report, draft: DraftReport) -> list[Entry]:
    """The findings of a draft in the order of its page: what blocks, questions, advice; what was waived."""
    found: dict[str, list[tuple[Result, Finding, Sequence[str]]]] = {BLOCKS: [], QUESTION: [], ADVICE: [], WAIVED: []}
    for told in words.folded(words.unwaived(draft)):
        if report.is_blocking(draft, told[1]):
            found[BLOCKS].append(told)
        else:
            found[QUESTION if told[1].outcome is Outcome.CANT_TELL else ADVICE].append(told)
    waived = ((result, finding) for result in draft.results if result.waived for finding in result.findings)
    found[WAIVED] += words.folded(waived)
    in_order = [(section, told) for section, chosen in found.items() for told in chosen]
    return [
        Entry(number, section, result, finding, tuple(checks))
        for number, (section, (result, finding, checks)) in enumerate(in_order, 1)
    ]


@dataclass(frozen=True, slots=True)
class Article:
    """One draft, rendered."""

    anchor: str
    title: str
    html: str
    counts: Mapping[str, int]
    """Findings by section."""
    outcome: str
    """In a word or two."""
    areas: frozenset[str]
    is_held_back: bool
    is_emergency: bool


def article(report: Report, number: int, found: Sequence[Entry], shown: Exhibit | None) -> Article:
    """`report`: of this draft alone. `number`: of the draft in its run, from 1. `shown`: None where the draft could not
    be read."""
    (draft,) = report.drafts
    counts = dict.fromkeys((BLOCKS, QUESTION, ADVICE, WAIVED), 0)
    for entry in found:
        counts[entry.section] += 1
    if draft.problems:
        counts[BLOCKS] = len(draft.problems)
    anchor = f"d{number}"
    html = _template("draft.html").render(
        report=report,
        draft=draft,
        anchor=anchor,
        entries=found,
        shown=shown,
        counts=counts,
        clauses=_clauses(report, draft),
        held_back=report.holds_back(draft),
    )
    return Article(
        anchor=anchor,
        title=draft.path,
        html=html,
        counts=counts,
        outcome=words.outcome_word(draft),
        areas=frozenset(entry.area for entry in found),
        is_held_back=report.holds_back(draft),
        is_emergency=draft.emergency,
    )


def page(report: Report, articles: Sequence[Article], *, back: str = "") -> str:
    """Drafts on one page. `back`: where the index is, for a page of one draft."""
    return _page(report, articles, articles, {}, back)


def index(report: Report, articles: Sequence[Article], links: Mapping[str, str]) -> str:
    """The summary of a large run. `links`: the page of each draft, by its anchor."""
    return _page(report, articles, (), links, "")


def _page(
    report: Report, listed: Sequence[Article], shown: Sequence[Article], links: Mapping[str, str], back: str
) -> str:
    return styled(
        "page.html",
        report=report,
        listed=listed,
        shown=shown,
        links=links,
        back=back,
        areas=sorted({area for one in shown for area in one.areas}),
        totals={name: sum(one.counts[name] for one in listed) for name in (BLOCKS, QUESTION, ADVICE, WAIVED)},
        held_back=words.held_back(report),
        left_to_people=list(words.left_to_people(report)),
    )


def styled(template: str, areas: Sequence[str] = (), **values: Any) -> str:
    """A page of the templates here, with the style sheet in it and the hash that allows it. `areas` of findings can be
    hidden on it."""
    style = style_sheet(tuple(areas))
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode("ascii")
    made: str = _template(template).render(areas=areas, style=style, style_hash=digest, **values)
    return made


def _clauses(report: Report, draft: DraftReport) -> list[tuple[ClauseInForce, str]]:
    """Of the policy, those that this draft was held against, and what came of each."""
    if report.policy is None or draft.problems:
        return []
    outcomes = {result.check: result.outcome for result in draft.results if not result.waived}
    waived = {result.check for result in draft.results if result.waived}
    passed = set(draft.passed)
    found = []
    for clause in report.policy.clauses:
        met = [outcomes[check] for check in (*clause.checks, clause.id) if check in outcomes]
        if met:
            state = min(met, key=list(Outcome).index).value
        elif waived.intersection(clause.checks):
            state = "waived"
        elif passed.intersection(clause.checks):
            state = Outcome.PASSED.value
        else:
            state = Outcome.INAPPLICABLE.value if clause.checks else "ask" if clause.ask else "outside"
        found.append((clause, state))
    return found


def environment(*folders: Path) -> Environment:
    """Templates of `folders` and of this one, as pages of drafts need them: everything escaped, nothing hidden."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader([*folders, _FOLDER / "templates"]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalized,
    )
    environment.filters["code"] = _code
    environment.globals |= {
        "say": say,
        "say_count": say_count,
        "figure": figure,
        "language": messages.chosen,
        "place_of": words.place_of,
        "severity_word": words.severity_word,
        "outcome_word": words.outcome_word,
        "totals_line": words.totals,
        "clock": clock,
        "percent": percent,
        "Severity": Severity,
    }
    return environment


def _finalized(value: Any) -> Any:
    """Words of a draft must not turn the page's own about, or hide behind characters that nobody sees."""
    return visible(value) if type(value) is str else value


def _code(text: str) -> Any:
    """What stands between backticks, as code."""
    from markupsafe import Markup, escape

    parts = [escape(visible(part)) for part in text.split("`")]
    if len(parts) % 2 == 0:  # one of them stands alone
        return Markup("`").join(parts)
    return Markup("").join(Markup("<code>{}</code>").format(part) if at % 2 else part for at, part in enumerate(parts))


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return environment()


def _template(name: str) -> Any:
    return _environment().get_template(name)


@lru_cache(maxsize=64)
def style_sheet(areas: Iterable[str]) -> str:
    """The style sheet, with a rule for each area that can be hidden."""
    hidden = [f'body:has(#show-area-{area}:not(:checked)) .finding[data-area="{area}"]' for area in areas]
    return (_FOLDER / "report.css").read_text(encoding="utf-8") + (
        ",\n".join(hidden) + " { display: none; }\n" if hidden else ""
    )
