"""A page for each policy, a section for each of its clauses; docs/policies.md lays them side by side."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache

from docs.made.markdown import code, counted, plain, table
from postcheck.catalog import area_of, load_catalog
from postcheck.policy import Change, Clause, Policy, load_policy, policy_names

_MOST_NAMED = 30
"""Of more checks than these of one area their area is named."""


@cache
def all_policies() -> tuple[Policy, ...]:
    catalog = load_catalog()
    return tuple(load_policy(name, catalog) for name in policy_names())


def pages() -> Iterator[tuple[str, bytes]]:
    """The name of each page and its content."""
    for policy in all_policies():
        yield f"policies/{policy.id}.md", "\n".join(_page(policy)).encode()


def anchor(clause: Clause) -> str:
    """Of the section of a clause on its policy's page, as MyST makes it of the heading."""
    return re.sub(r"[^\w-]", "", clause.id.lower())


def _page(policy: Policy) -> Iterator[str]:
    yield f"# {plain(policy.title)}\n"
    yield "[All policies](../policies.md) › this policy\n"
    yield f'This is how postcheck answers each clause of the document, and what `policy = "{policy.id}"` in'
    yield "[the settings](../settings.md) brings with it. What a clause requires is told in our words: what counts is"
    yield "the document.\n"
    rows = [[plain(name), _value(value)] for name, value in policy.source.items()]
    rows += [[code(name), _value(value)] for name, value in policy.facts.items()]
    if policy.forbid_waivers_of:
        words = " or ".join(obligation.value for obligation in policy.forbid_waivers_of)
        rows.append(["waivers", f"None of what fails a clause that says {words}."])
    if rows:
        yield table(["", "It says"], rows)
    decisions = Counter(clause.decision for clause in policy.clauses)
    told = ", ".join(f"{count} {_DECIDED[decision]}" for decision, count in decisions.items())
    yield f"{counted(len(policy.clauses), 'clause')}: {told}.\n"
    changes = list(_changes(policy))
    if changes:
        yield "## What it changes of checks\n"
        yield from changes
    for clause in policy.clauses:
        yield from _clause(clause)


_DECIDED = {
    "checks": "checked", "checks and ask": "checked, and asked of a person", "ask": "asked of a person",
    "outside": "that no draft shows",
}  # fmt: skip


def _value(value: str | list[str]) -> str:
    text = value if isinstance(value, str) else ", ".join(value)
    return f"<{text}>" if text.startswith("https://") else plain(text)


def _changes(policy: Policy) -> Iterator[str]:
    together: dict[int, tuple[Change, list[str]]] = {}
    for check_id, change in policy.changes.items():
        together.setdefault(id(change), (change, []))[1].append(check_id)
    for change, names in together.values():
        yield f"- {changed(change)}: {', '.join(_links(names))}. {plain(change.because)}\n"


def changed(change: Change) -> str:
    """What a policy makes of a check."""
    if change.leave_out:
        return "Left out"
    parts = [f"as {change.severity.value}"] if change.severity else []
    parts += [f"with {code(f'{name} = {value}')}" for name, value in change.options.items()]
    return ", ".join(parts).capitalize()


def _clause(clause: Clause) -> Iterator[str]:
    yield f"## {clause.id}\n"
    yield f"{plain(clause.requires)}\n"
    yield f"- Where: {plain(clause.clause)}"
    yield f"- The document's word: {clause.obligation.value}"
    if clause.checks:
        yield f"- Checked by {', '.join(_links(clause.checks))}"
    if clause.ask:
        on = f"where a draft gives occasion ({' or '.join(clause.when)})" if clause.when else "of every post"
        yield f"- Asked of a person, {on}: {plain(clause.ask)}"
    if clause.outside:
        yield f"- No draft shows it: {plain(clause.outside)}"
    yield ""


def _links(check_ids: tuple[str, ...] | list[str]) -> list[str]:
    areas = Counter(area_of(check_id) for check_id in check_ids)
    many = {area: count for area, count in areas.items() if count > _MOST_NAMED}
    links = [f"[{counted(count, 'check')} of {area}](../checks/{area}.md)" for area, count in many.items()]
    return links + [code(check_id) for check_id in check_ids if area_of(check_id) not in many]


def _listed() -> str:
    rows = []
    for policy in all_policies():
        count = len(policy.clauses)
        rows.append([code(policy.id), f"[{plain(policy.title)}](policies/{policy.id}.md)", str(count)])
    return table(["Name", "Policy", "Clauses"], rows)


def more_of_the_page() -> str:
    """What the site adds to docs/policies.md: the pages of the policies, below it in the contents."""
    pages = "\n".join(f"policies/{policy.id}" for policy in all_policies())
    return f"\n## A page for each\n\n{_listed()}\n```{{toctree}}\n:hidden:\n\n{pages}\n```\n"


PARTS = {"policies": _listed}
