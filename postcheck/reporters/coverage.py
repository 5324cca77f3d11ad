"""A policy's coverage: how each clause is answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from textwrap import fill

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
        kind, answer = _answer(clause)
        yield fill(f"{kind}: {answer}", _WIDTH, initial_indent="  ", subsequent_indent="    ")
    kinds = Counter(_answer(clause)[0] for clause in policy.clauses)
    yield ""
    yield f"{len(policy.clauses)} clauses: " + ", ".join(f"{count} {kind}" for kind, count in kinds.items())


def _answer(clause: Clause) -> tuple[str, str]:
    if clause.checks:
        return "checked", ", ".join(clause.checks)
    return ("asked", clause.ask) if clause.ask else ("outside", clause.outside)
