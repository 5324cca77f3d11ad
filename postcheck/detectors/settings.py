"""What a city's config may make of the options of a writing check. A slip there is told: it must never switch a check
off without a word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from postcheck.detectors.patterns import expression
from postcheck.detectors.writing import TEXTS
from postcheck.model import Applicability, Options

_RULES = ("cant_tell", "failed", "phrases", "replace")
"""Options that say what is looked for. The triggers of the check's own file do not fit others."""
_FIXES = tuple(one.value for one in Applicability)


def changed(options: Options, given: dict[str, Any]) -> None:
    """Fit the rest of `options` to those that the config gives."""
    if "triggers" not in given and any(name in given for name in _RULES):
        options["triggers"] = []


def faults(options: Options, given: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Option and what is wrong with it."""
    for name in given:
        message = _fault(name, options)
        if message:
            yield name, message


def _fault(name: str, options: Options) -> str:
    value = options[name]
    if name == "fix" and value not in _FIXES:
        return f"`fix` is one of {', '.join(_FIXES)}."
    if name == "language" and not re.fullmatch(r"(?:[a-z]{2,3})?", value):
        return "`language` is a code such as `en`; empty for all."
    if name == "fields" and (not value or not set(value) <= {"post", "alt"}):
        return f"`fields` names one or more of {', '.join(kind for kind in TEXTS if kind != 'captions')}."
    if name == "outcome" and value not in ("failed", "cantTell"):
        return "`outcome` is `failed` or `cantTell`."
    if name in ("allow", "triggers") and not all(isinstance(item, str) and item.strip() for item in value):
        return f"`{name}` is a list of words."
    if name == "phrases":
        return _fault_of_phrases(value)
    if name == "replace":
        return _fault_of_rules(value, options)
    if name in ("cant_tell", "failed", "unless"):
        return _fault_of_expressions(value, options)
    return ""


def _fault_of_phrases(phrases: dict[str, Any]) -> str:
    for phrase, write in phrases.items():
        if not any(char.isalpha() for char in phrase):
            return f"`{phrase}` is no phrase."
        if not isinstance(write, str) and not (isinstance(write, list) and all(isinstance(one, str) for one in write)):
            return f"What to write for `{phrase}` is a text or a list of texts."
    return "" if phrases else '`phrases` is empty: switch the check off with `severity = "off"`.'


def _fault_of_rules(rules: list[Any], options: Options) -> str:
    if not rules:
        return '`replace` is empty: switch the check off with `severity = "off"`.'
    for rule in rules:
        if not isinstance(rule, dict) or not isinstance(rule.get("find"), str) or "write" not in rule:
            return "Each of `replace` has `find` and `write`."
        if rule.get("fix", "safe") not in _FIXES:
            return f"`fix` is one of {', '.join(_FIXES)}."
    return _fault_of_expressions([rule["find"] for rule in rules], options)


def _fault_of_expressions(written: list[Any], options: Options) -> str:
    for one in written:
        if not isinstance(one, str):
            return f"`{one}` is no expression."
        try:
            _ = expression(one, options).compiled
        except KeyError as error:
            return f"`{one}` names the part {error}, which is not there."
        except re.error as error:
            return f"`{one}` is no expression: {error}."
    return ""
