"""A check, explained to a person: what, why, by which rule, how it is mended, and its examples."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from textwrap import fill, indent

from postcheck.model import Check

_WIDTH = 96
_BLANK = re.compile(r"\{\w+[^{}]*\}")
"""What a finding fills in."""


def render(check: Check) -> str:
    return "\n".join(_lines(check)) + "\n"


def _lines(check: Check) -> Iterator[str]:
    yield f"{check.id} ({check.severity.value})"
    yield check.title
    yield from _part("Why", check.rationale)
    yield from _part("Mend", _BLANK.sub("...", check.advice))
    if check.citations:
        yield from ("", "Rule")
        for citation in check.citations:
            yield "  " + " ".join(part for part in (citation.title, citation.clause, citation.url) if part)
    if check.options:
        yield from ("", "Options")
        for name, value in check.options.items():
            yield fill(
                f"{name} = {json.dumps(value, ensure_ascii=False)}",
                _WIDTH,
                initial_indent="  ",
                subsequent_indent="    ",
            )
    if check.facts:
        yield from ("", "Facts of the city")
        for option, fact in check.facts.items():
            yield f"  {option}: `{fact}` of the policy or of [facts] in postcheck.toml"
    if check.examples:
        yield from ("", "Examples")
        for example in check.examples:
            yield f"  {example.name}: {example.outcome.value}"
            draft = json.dumps(example.draft, ensure_ascii=False, default=str)
            yield fill(draft, _WIDTH, initial_indent="    ", subsequent_indent="      ", break_long_words=False)


def _part(title: str, text: str) -> Iterator[str]:
    yield from ("", title)
    for paragraph in text.split("\n"):
        yield indent(fill(paragraph, _WIDTH), "  ")
