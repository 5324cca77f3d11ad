"""A policy's coverage: how each clause is answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from textwrap import fill

from postcheck.catalog import area_of
from postcheck.policy import Clause, Policy

_WIDTH = 100


def render(policy: Policy) -> str:
    return "\n".join(_lines(policy)) + "\n"


def _lines(policy: Policy) -> Iterator[str]:
    yield policy.title
    yield from (f"{name}: {value}" for name, value in policy.source.items())
    for clause in policy.clauses:
        yield ""
        yield fill(f"{clause.id} ({clause.obligation.value}): {clause.requires}", _WIDTH, subsequent_indent="  ")
        for kind, answer in _answers(clause):
            yield fill(f"{kind}: {answer}", _WIDTH, initial_indent="  ", subsequent_indent="    ")
    kinds = Counter(" and ".join(kind for kind, _ in _answers(clause)) for clause in policy.clauses)
    yield ""
    yield f"{len(policy.clauses)} clauses: " + ", ".join(f"{count} {kind}" for kind, count in kinds.items())


def _answers(clause: Clause) -> Iterator[tuple[str, str]]:
    if clause.checks:
        yield "checked", _shortened(clause.checks)
    if clause.ask:
        yield "asked", clause.ask
    if clause.outside:
        yield "outside", clause.outside


_MOST_NAMED = 12


def _shortened(check_ids: Sequence[str]) -> str:
    """Of many checks their areas are named: postcheck checks AREA lists them."""
    if len(check_ids) <= _MOST_NAMED:
        return ", ".join(check_ids)
    areas = Counter(area_of(check_id) for check_id in check_ids)
    return ", ".join(f"{count} checks of {area}" for area, count in areas.items())
