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
    yield from _words(check)
    yield from _options(check)
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


def _words(check: Check) -> Iterator[str]:
    """Each phrase with what to write instead."""
    phrases = check.options.get("phrases")
    if phrases:
        yield from ("", "Words")
        for phrase, write in phrases.items():
            yield f"  {phrase}: {write if isinstance(write, str) else ' or '.join(write)}".rstrip(": ")


_EXPRESSIONS = (
    "cant_tell", "cant_tell_tag", "failed", "failed_tag", "in_alt", "in_caption", "of_nobody", "of_people", "parts",
    "replace", "suspected", "triggers", "unless",
)  # fmt: skip
"""Options that a person reads better in the check's file."""


def _options(check: Check) -> Iterator[str]:
    plain = {name: value for name, value in check.options.items() if name not in (*_EXPRESSIONS, "phrases")}
    if plain:
        yield from ("", "Options")
    for name, value in plain.items():
        line = f"{name} = {json.dumps(value, ensure_ascii=False)}"
        yield fill(line, _WIDTH, initial_indent="  ", subsequent_indent="    ")
    if any(name in check.options for name in _EXPRESSIONS):
        yield from ("", f"Its expressions are in checks/{check.id}.yaml.")


def _part(title: str, text: str) -> Iterator[str]:
    yield from ("", title)
    for paragraph in text.split("\n"):
        yield indent(fill(paragraph, _WIDTH), "  ")
