"""Policies: how each clause is answered, for a terminal and as Markdown; and several side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from textwrap import fill

from postcheck.catalog import area_of
from postcheck.policy import TOPICS, Change, Clause, Obligation, Policy

Shown = Callable[[Policy, Clause], tuple[str, str]]
"""The examples, `check: name`, that show a clause broken and kept; "" where there is none."""

_WIDTH = 100
_DECISIONS = ("checks", "checks and ask", "ask", "outside")
_DECIDED = {"checks": "checked", "checks and ask": "checked and asked", "ask": "asked", "outside": "outside"}
_NO_TOPIC = "other"
_LEGEND = (
    "The strongest word of the document, and how many clauses are checked (c), checked and asked (ca), asked (a), "
    "or outside (o)."
)
_INTRODUCTION = """# The policies, clause by clause

Made by `postcheck policies --format markdown > docs/policies.md`; a test holds that it is up to date.

Every clause is answered by checks, by a question to a person, or not at all, with the reason. A question with an
occasion in parentheses is asked of drafts that give it; one without is asked once, of every post. Broken and kept
name an example of a check, which `postcheck explain` shows and the tests run through the whole engine.

## How the clauses are answered
"""


def render(policy: Policy) -> str:
    return "\n".join(_lines(policy)) + "\n"


def _lines(policy: Policy) -> Iterator[str]:
    yield policy.title
    yield from (f"{name}: {value}" for name, value in policy.source.items())
    for name, value in policy.facts.items():
        yield fill(f"{name}: {value if isinstance(value, str) else ', '.join(value)}", _WIDTH, subsequent_indent="  ")
    for change, names in _changes(policy):
        yield fill(f"{_changed(change)}: {_shortened(names)}. {change.because}", _WIDTH, subsequent_indent="  ")
    for clause in policy.clauses:
        yield ""
        yield fill(f"{clause.id} ({clause.obligation.value}): {clause.requires}", _WIDTH, subsequent_indent="  ")
        for kind, answer in _answers(clause):
            yield fill(f"{kind}: {answer}", _WIDTH, initial_indent="  ", subsequent_indent="    ")
    yield ""
    counts = Counter(clause.decision for clause in policy.clauses)
    told = ", ".join(f"{counts[kind]} {_DECIDED[kind]}" for kind in _DECISIONS if counts[kind])
    yield f"{len(policy.clauses)} clauses: {told}"


def _changes(policy: Policy) -> list[tuple[Change, list[str]]]:
    """Each change with the checks that it changes."""
    together: dict[int, tuple[Change, list[str]]] = {}
    for check_id, change in policy.changes.items():
        together.setdefault(id(change), (change, []))[1].append(check_id)
    return list(together.values())


def _changed(change: Change) -> str:
    if change.leave_out:
        return "left out"
    parts = [f"as {change.severity.value}"] if change.severity else []
    return ", ".join([*parts, *(f"with {name}" for name in change.options)])


def _answers(clause: Clause) -> Iterator[tuple[str, str]]:
    if clause.checks:
        yield "checked", _shortened(clause.checks)
    if clause.ask:
        yield f"asked{_occasions(clause)}", clause.ask
    if clause.outside:
        yield "outside", clause.outside


def _occasions(clause: Clause) -> str:
    return f" ({' or '.join(clause.when)})" if clause.when else ""


_MOST_NAMED = 12


def _shortened(check_ids: Sequence[str]) -> str:
    """Of many checks their areas are named: postcheck checks AREA lists them."""
    if len(check_ids) <= _MOST_NAMED:
        return ", ".join(check_ids)
    areas = Counter(area_of(check_id) for check_id in check_ids)
    return ", ".join(f"{count} checks of {area}" for area, count in areas.items())


# ---------------------------------------------------------------------------------------------- side by side


def compare(policies: Sequence[Policy]) -> str:
    """Topic by topic: a table of how much each policy asks, and below it every clause."""
    return "\n".join(_compared(policies)) + "\n"


def _compared(policies: Sequence[Policy]) -> Iterator[str]:
    rows = [["", *(policy.id for policy in policies)]]
    rows += [[topic, *(_cell(_on(policy, topic)) for policy in policies)] for topic in _topics(policies)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        yield "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()
    yield ""
    yield _LEGEND
    longest = max(len(policy.id) for policy in policies)
    for topic in _topics(policies):
        yield from ("", topic)
        for policy in policies:
            clauses = _on(policy, topic)
            if not clauses:
                yield f"  {policy.id:<{longest}}  -"
            for clause in clauses:
                words = f"{clause.obligation.value}, {_DECIDED[clause.decision]} ({clause.id}): {clause.requires}"
                lead = f"  {policy.id:<{longest}}  "
                yield fill(words, _WIDTH, initial_indent=lead, subsequent_indent=" " * (len(lead) + 2))


def _topics(policies: Sequence[Policy]) -> list[str]:
    used = {clause.topic or _NO_TOPIC for policy in policies for clause in policy.clauses}
    return [topic for topic in (*TOPICS, _NO_TOPIC) if topic in used]


def _on(policy: Policy, topic: str) -> list[Clause]:
    return [clause for clause in policy.clauses if (clause.topic or _NO_TOPIC) == topic]


_SIGNS = {"checks": "c", "checks and ask": "ca", "ask": "a", "outside": "o"}


def _cell(clauses: Sequence[Clause]) -> str:
    if not clauses:
        return "-"
    strongest = next(word for word in Obligation if any(clause.obligation is word for clause in clauses))
    counts = Counter(clause.decision for clause in clauses)
    return " ".join([strongest.value, *(f"{counts[kind]}{_SIGNS[kind]}" for kind in _DECISIONS if counts[kind])])


# -------------------------------------------------------------------------------------------------- Markdown


def markdown(policies: Sequence[Policy], shown: Shown) -> str:
    """One policy as a table; several as a page, with their counts and side by side before the tables."""
    if len(policies) == 1:
        return "\n".join(_section(policies[0], shown)) + "\n"
    return "\n".join(_page(policies, shown)) + "\n"


def _page(policies: Sequence[Policy], shown: Shown) -> Iterator[str]:
    yield _INTRODUCTION
    yield from _table(
        ["Policy", "Clauses", *(_DECIDED[kind] for kind in _DECISIONS), *(word.value for word in Obligation)],
        [_counts(policy) for policy in policies],
    )
    yield from ("", "## Side by side", "")
    yield _LEGEND
    yield ""
    yield from _table(
        ["Topic", *(policy.id for policy in policies)],
        [[topic, *(_cell(_on(policy, topic)) for policy in policies)] for topic in _topics(policies)],
    )
    for policy in policies:
        yield ""
        yield from _section(policy, shown)


def _counts(policy: Policy) -> list[str]:
    decisions = Counter(clause.decision for clause in policy.clauses)
    obligations = Counter(clause.obligation for clause in policy.clauses)
    figures = [decisions[kind] for kind in _DECISIONS] + [obligations[word] for word in Obligation]
    return [policy.id, str(len(policy.clauses)), *map(str, figures)]


def _section(policy: Policy, shown: Shown) -> Iterator[str]:
    yield f"## {policy.title}"
    yield ""
    yield from (f"- {name}: {value}" for name, value in policy.source.items())
    for name, value in policy.facts.items():
        yield f"- {name}: {value if isinstance(value, str) else ', '.join(value)}"
    for change, names in _changes(policy):
        yield f"- {_changed(change)}: {', '.join(f'`{one}`' for one in _named(names))}. {change.because}"
    yield ""
    rows = []
    for clause in policy.clauses:
        told = f"`{clause.id}`", clause.clause, clause.requires, clause.obligation.value, _DECIDED[clause.decision]
        rows.append([*told, _answered(clause), *(shown(policy, clause) if clause.checks else ("", ""))])
    yield from _table(["Clause", "Where", "Requires", "Word", "Decision", "Answer", "Broken", "Kept"], rows)


def _answered(clause: Clause) -> str:
    parts = [", ".join(f"`{one}`" for one in _named(clause.checks))] if clause.checks else []
    if clause.ask:
        parts.append(f"{clause.ask}{_occasions(clause)}")
    return "<br>".join(part for part in (*parts, clause.outside) if part)


def _named(check_ids: Sequence[str]) -> list[str]:
    """The checks; many of one area as `area (how many)`."""
    areas: Mapping[str, int] = Counter(area_of(check_id) for check_id in check_ids)
    many = {area for area, count in areas.items() if count > _MOST_NAMED}
    return [
        *(f"{area} ({count} checks)" for area, count in areas.items() if area in many),
        *(check_id for check_id in check_ids if area_of(check_id) not in many),
    ]


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    for row in (head, ["---"] * len(head), *rows):
        yield "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in row) + " |"
