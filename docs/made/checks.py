"""A page for every check, for every area, and the index of all: from checks/, the policies and the engine."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib import import_module
from inspect import getdoc
from typing import Any

from docs.made import examples, policies
from docs.made.markdown import block, code, counted, plain, table
from docs.made.words import words_for
from postcheck.catalog import AREAS, EXPRESSIONS, area_of, check_path, load_catalog, read_check
from postcheck.detectors import _MODULES, _OF_CAPTIONS, _OF_VIDEOS, DETECTORS, FINDERS
from postcheck.detectors.writing import COMMON_OPTIONS
from postcheck.model import Check, Example, Outcome, Severity

_BLANK = re.compile(r"\{\w+[^{}]*\}")
"""What a finding fills in."""
_LISTS = {*EXPRESSIONS, "parts", "phrases", "replace", "triggers"}
"""Options that a person reads better in the check's file; phrases have a table of their own."""
_MEANS = {
    Severity.ERROR: "an error: it holds the post back",
    Severity.WARNING: "a warning: it should be mended",
    Severity.NOTE: "a note: it could be better",
}
_WRITTEN = {True: "yes", False: "no", "safe": "yes", "unsafe": "it suggests", "display": "it suggests"}


@cache
def all_checks() -> Mapping[str, Check]:
    return {check_id: read_check(check_path(check_id)) for check_id in load_catalog().checks}


def areas() -> Mapping[str, tuple[str, str]]:
    """The title of each area, and what it is about."""
    return {area: (title, about) for area, (title, about) in words_for("areas", AREAS).items()}


def pages() -> Iterator[tuple[str, bytes]]:
    """The name of each page, or picture, and its content."""
    for area in AREAS:
        yield f"checks/{area}.md", _area(area).encode()
    for check in all_checks().values():
        pictures: dict[str, bytes] = {}
        text = "\n".join(_page(check, pictures))
        yield f"checks/{check.id}.md", text.encode()
        for name, content in pictures.items():
            yield f"checks/{area_of(check.id)}/{name}", content


def _of_area(area: str) -> list[Check]:
    return [check for check in all_checks().values() if area_of(check.id) == area]


def _area(area: str) -> str:
    title, about = areas()[area]
    rows = [
        [f"[{plain(check.title)}]({check.id}.md)", check.severity.value, code(check.id)] for check in _of_area(area)
    ]
    head = f"# {plain(title)}\n\n[All checks](../checks.md) › {plain(title)}\n\n{plain(about)}\n\n"
    return head + table(["What it finds", "Severity", "Check"], rows)


def _index() -> str:
    rows = [
        [f"[{plain(title)}](checks/{area}.md)", plain(about), str(len(_of_area(area)))]
        for area, (title, about) in areas().items()
    ]
    pages = "\n".join(f"checks/{area}" for area in AREAS)
    return f"{table(['Area', 'What it is about', 'Checks'], rows)}\n```{{toctree}}\n:hidden:\n\n{pages}\n```\n"


# ------------------------------------------------------------------------------------------------- a check


def _page(check: Check, pictures: dict[str, bytes]) -> Iterator[str]:
    area = area_of(check.id)
    title = areas()[area][0]
    yield "---\norphan: true\n---\n"
    yield f"# {plain(check.title)}\n"
    yield f"[All checks](../../checks.md) › [{plain(title)}](../{area}.md) › {code(check.id)}\n"
    yield f"This is {_MEANS[check.severity]}.\n"
    yield f"## Why\n\n{plain(check.rationale)}\n"
    yield f"## How to mend it\n\n{plain(_BLANK.sub('…', check.advice))}\n"
    if _BLANK.search(check.advice):
        yield "A report says what belongs in the place of “…”.\n"
    if "fix" in check.options and check.options["fix"] == "safe":
        yield "`postcheck check --fix` writes it where it can be done without asking; `--diff` shows it first.\n"
    yield "## Examples\n"
    yield from _examples(check, pictures)
    yield from _rules(check)
    yield from _words(check)
    yield from _settings(check)
    yield from _measured(check)


def _examples(check: Check, pictures: dict[str, bytes]) -> Iterator[str]:
    """The first example of each outcome in full, and the others in a table."""
    firsts: dict[Outcome, Example] = {}
    for example in check.examples:
        firsts.setdefault(example.outcome, example)
    stem = check.id.rpartition("/")[2]
    for outcome in Outcome:
        if outcome in firsts and outcome is not Outcome.INAPPLICABLE:
            example = firsts[outcome]
            yield f"### {examples.OUTCOME_WORDS[outcome]}: {plain(example.name)}\n"
            told = examples.shown(check, example, f"{stem}-{outcome.value}")
            pictures.update(told.pictures)
            yield told.markdown
    others = [example for example in check.examples if firsts[example.outcome] is not example]
    if others or Outcome.INAPPLICABLE in firsts:
        yield "### More examples\n"
        rest = [*others, *(one for one in [firsts.get(Outcome.INAPPLICABLE)] if one)]
        rest.sort(key=lambda one: list(Outcome).index(one.outcome))
        rows = [[examples.OUTCOME_WORDS[one.outcome], plain(one.name), _told(one)] for one in rest]
        yield table(["Answer", "Example", "The draft"], rows)


_MOST_TOLD = 200


def _told(example: Example) -> str:
    """A draft on one line: its caption, or what it holds."""
    draft = example.draft
    if set(draft) == {"caption"} and isinstance(draft["caption"], str):
        text = draft["caption"]
    else:
        text = json.dumps(draft, ensure_ascii=False, default=str)
    text = " ".join(examples.visible(text).split())
    return code(text if len(text) <= _MOST_TOLD else f"{text[: _MOST_TOLD - 1]}…")


def _rules(check: Check) -> Iterator[str]:
    yield "## Which rules ask for it\n"
    for citation in check.citations:
        name = plain(", ".join(part for part in (citation.title, citation.clause) if part))
        yield f"- [{name}](<{citation.url}>)" if citation.url else f"- {name}"
    for policy in policies.all_policies():
        change = policy.changes.get(check.id)
        if change:
            yield f"- {plain(policy.title)}: {policies.changed(change).lower()}. {plain(change.because)}"
        if change and change.leave_out:
            continue
        for clause in policy.clauses_of(check.id):
            target = f"../../policies/{policy.id}.md#{policies.anchor(clause)}"
            name = f"[{plain(policy.title)}, {plain(clause.clause)}]({target})"
            yield f"- {name} ({clause.obligation.value}): {plain(clause.requires)}"
    yield ""


def _words(check: Check) -> Iterator[str]:
    phrases = check.options.get("phrases")
    if phrases:
        yield "## The words\n"
        rows = [
            [plain(phrase), plain(write if isinstance(write, str) else " or ".join(write)) or "(leave it out)"]
            for phrase, write in phrases.items()
        ]
        yield table(["Instead of", "Write"], rows)


# --------------------------------------------------------------------------------------------- its settings


def _settings(check: Check) -> Iterator[str]:
    yield "## Settings\n"
    plain_options = {name: value for name, value in check.options.items() if name not in _LISTS}
    if plain_options:
        yield table(["Option", "Value"], [[code(name), code(_toml(value))] for name, value in plain_options.items()])
    if any(name in check.options for name in _LISTS):
        yield f"Its words and expressions stand in {code(f'checks/{check.id}.yaml')}.\n"
    for option, fact in check.facts.items():
        yield f"The option {code(option)} is the fact {code(fact)} of the policy, or of `[facts]` in the settings.\n"
    if check.detector in FINDERS:
        yield f"It also takes [the options of every check of writing]({_COMMON}).\n"
    off = code(f'"{check.id}" = "off"')
    yield f"In [postcheck.toml](../../settings.md), {off} under `[checks]` leaves it out, and this changes it:\n"
    yield block(toml(check), "toml")


_COMMON = "../../settings.md#options-of-every-check-of-writing"


def toml(check: Check) -> str:
    """What a city may write in postcheck.toml to change the check: as it is, but for a milder or graver severity."""
    other = Severity.NOTE if check.severity is Severity.WARNING else Severity.WARNING
    lines = [f'[checks."{check.id}"]', f'severity = "{other.value}"']
    options = {name: value for name, value in check.options.items() if name not in _LISTS}
    if options:
        name, value = next(iter(options.items()))
        lines.append(f"options = {{{name} = {_toml(value)}}}")
    return "\n".join(lines)


def _toml(value: Any) -> str:
    """As TOML writes it on one line."""
    if isinstance(value, Mapping):
        return (
            "{" + ", ".join(f"{json.dumps(key, ensure_ascii=False)} = {_toml(one)}" for key, one in value.items()) + "}"
        )
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_toml, value))}]"
    return json.dumps(value, ensure_ascii=False)


# ------------------------------------------------------------------------------------------ how it is measured


def _measured(check: Check) -> Iterator[str]:
    yield "## How it is measured\n"
    function = detector(check.detector)
    place = f"{function.__module__.replace('.', '/')}.py"
    yield f"By the detector {code(check.detector)} in {code(place)}. {doc_of(check.detector)}".rstrip() + "\n"
    yield "[How each measurement works, and how accurate it is](../../accuracy.md).\n"


_HOMES = {
    **_MODULES,
    **{name: f"caption_{module}" for name, module in _OF_CAPTIONS.items()},
    **_OF_VIDEOS,
}
"""The modules of detectors that are imported when they are first needed."""


def detector(name: str) -> Any:
    """The function that measures, where it is written. Those of captions files are called `captions_` and its name."""
    for own in (name, name.removeprefix("captions_")):
        if own in _HOMES:
            function = getattr(import_module(f"postcheck.detectors.{_HOMES[own]}"), own, None)
            if function is not None:
                return function
    return DETECTORS[name]


def doc_of(name: str) -> str:
    """What the code says of a detector, as a paragraph."""
    return plain(getdoc(detector(name)) or "")


def _detectors() -> str:
    users: dict[str, list[str]] = {}
    for check in all_checks().values():
        users.setdefault(check.detector, []).append(check.id)
    rows = [[code(name), doc_of(name), _users(users.get(name, ()))] for name in sorted(DETECTORS)]
    return table(["Detector", "What it measures, and its options", "Used by"], rows)


def _users(check_ids: Sequence[str]) -> str:
    return ", ".join(map(code, check_ids[:3])) + (
        f" and {counted(len(check_ids) - 3, 'more', 'more')}" if check_ids[3:] else ""
    )


def _common_options() -> str:
    told = getdoc(import_module("postcheck.detectors.writing")) or ""
    said = dict(re.findall(r"^- `(\w+)`: (.+?)(?=\n- |\Z)", told, re.MULTILINE | re.DOTALL))
    if set(said) != set(COMMON_OPTIONS):
        raise ValueError(f"postcheck/detectors/writing.py tells of {sorted(said)}, and has {sorted(COMMON_OPTIONS)}.")
    rows = [[code(name), plain(said[name]), code(_toml(value))] for name, value in COMMON_OPTIONS.items()]
    return table(["Option", "It means", "Where it is not given"], rows)


def _count() -> str:
    return f"There are {len(all_checks())} checks in {len(AREAS)} areas.\n"


PARTS = {
    "areas": _index,
    "count of checks": _count,
    "detectors": _detectors,
    "options of writing": _common_options,
}
