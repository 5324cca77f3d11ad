"""checks/policies/<city>.yaml -> Policy: a city's rule book, clause by clause, and the city's facts."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import chain
from pathlib import Path
from typing import Any

from postcheck.catalog import Catalog, area_of, open_data, shown_by
from postcheck.errors import CatalogError, UsageError, did_you_mean
from postcheck.model import Severity
from postcheck.occasions import OCCASIONS
from postcheck.reader import Reader
from postcheck.resources import data_folder
from postcheck.tree import Node

FACTS: dict[str, type] = {
    "platforms": list,
    "tools": list,
    "accounts": list,
    "categories": list,
    "city_names": list,
    "timezone": str,
    "site_domains": list,
    "house_words": list,
    "partners": list,
}
"""What a policy or the config may say about the city, lists of texts or a text; a check's `facts` name them."""

TOPICS = (
    "purpose", "accuracy", "writing", "accessibility", "people", "rights", "sources", "endorsement", "politics",
    "conduct", "privacy", "safety", "emergency", "review", "staff", "platforms", "accounts", "naming", "profile",
    "access", "records", "comments", "personal", "upkeep",
)  # fmt: skip
"""What a clause is about, in the order in which policies are laid side by side."""

_KEYS = ("title", "extends", "source", "facts", "forbid_waivers_of", "changes", "clauses")
_CHANGE_KEYS = ("checks", "leave_out", "severity", "options", "because")
_CLAUSE_KEYS = ("id", "topic", "clause", "requires", "obligation", "checks", "ask", "when", "outside")
_ANSWERS = ("checks", "ask", "outside")


class Obligation(StrEnum):
    """The policy's own word."""

    MUST = "must"
    SHOULD = "should"
    MAY = "may"


_OBLIGATIONS = {obligation.value: obligation for obligation in Obligation}
_SEVERITIES = {severity.value: severity for severity in Severity}
_WORDS = {word: word for word in OCCASIONS}


@dataclass(frozen=True, slots=True)
class Clause:
    """One requirement. `checks`, `ask` or `outside` says how it is answered; checks that find only some of what it
    requires have a question beside them for the rest."""

    id: str
    clause: str
    requires: str
    obligation: Obligation
    checks: tuple[str, ...] = ()
    ask: str = ""
    outside: str = ""
    topic: str = ""
    """One of TOPICS, or "" where the file does not say."""
    when: tuple[str, ...] = ()
    """The occasions on which `ask` is asked (see `occasions`); none is a question for every post."""

    @property
    def decision(self) -> str:
        return " and ".join(answer for answer in _ANSWERS if getattr(self, answer))

    @property
    def severity(self) -> Severity:
        """Of its question. A draft cannot answer it, so it never blocks by itself."""
        return Severity.WARNING if self.obligation is Obligation.MUST else Severity.NOTE


@dataclass(frozen=True, slots=True)
class Change:
    """What the policy changes of a check, and why. `severity` is None where it is left as it is."""

    because: str
    leave_out: bool = False
    severity: Severity | None = None
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """What it changes, in a word or two: `left out`, `options`, or the severity."""
        return "left out" if self.leave_out else "options" if self.options else str(self.severity)


@dataclass(frozen=True, slots=True)
class Policy:
    id: str
    title: str
    digest: str
    """`sha256:` over the file, and over the one it extends."""
    source: Mapping[str, str]
    facts: Mapping[str, Any]
    forbid_waivers_of: tuple[Obligation, ...]
    clauses: tuple[Clause, ...]
    changes: Mapping[str, Change] = field(default_factory=dict)
    """By check."""

    def clauses_of(self, check_id: str) -> Sequence[Clause]:
        return [clause for clause in self.clauses if check_id in clause.checks]


def shown(policy: Policy, clause: Clause) -> tuple[str, str]:
    """The examples that show the clause broken and kept, of a check that runs as its file says where there is one."""
    changed = {check_id for check_id, change in policy.changes.items() if change.leave_out or change.options}
    return shown_by([*(one for one in clause.checks if one not in changed), *(clause.checks)])


STRICTEST = "default"
"""The policy that is drawn from the others, and no city's."""


def policy_names(folder: Path | None = None) -> list[str]:
    return sorted(path.stem for path in ((folder or data_folder("checks")) / "policies").glob("*.yaml"))


def load_policy(name: str, catalog: Catalog, folder: Path | None = None) -> Policy:
    """The policy `name` of checks/policies/, or of the YAML file at that path.

    Raises:
        UsageError: there is no such policy.
        CatalogError: with every fault in the file.
    """
    return _load(_path_of(name, folder), catalog, folder, ())


def _path_of(name: str, folder: Path | None, beside: Path | None = None) -> Path:
    is_file = name.endswith((".yaml", ".yml"))
    if is_file:
        path = beside.parent / name if beside else Path(name)
    else:
        path = (folder or data_folder("checks")) / "policies" / f"{name}.yaml"
    if ("/" in name and not is_file) or not path.is_file():
        raise UsageError(f"There is no policy `{name}`. {did_you_mean(name, policy_names(folder))}")
    return path


def _load(path: Path, catalog: Catalog, folder: Path | None, above: tuple[Path, ...]) -> Policy:
    """`above` are the files that extend this one."""
    content = path.read_bytes()
    node, reader = open_data(path, content)
    extends = node.kind == "map" and "extends" in node.value
    keys = reader.entries(node, _KEYS, "a policy", ("title",) if extends else ("title", "source", "clauses"))
    base = _base(path, reader, keys.get("extends"), catalog, folder, above)
    known = _named(catalog)
    own = reader.each(keys.get("clauses"), "clauses", lambda item: _clause(reader, item, known))
    source = {key: reader.string(entry.value, key) for key, entry in reader.mapping(keys.get("source"), "source")}
    forbidden = reader.each(
        keys.get("forbid_waivers_of"), "forbid_waivers_of", lambda item: reader.word(item, "obligation", _OBLIGATIONS)
    )
    policy = Policy(
        id=path.stem,
        title=reader.string(keys.get("title"), "title"),
        digest=f"sha256:{hashlib.sha256(content + (base.digest.encode() if base else b'')).hexdigest()}",
        source=source or (base.source if base else {}),
        facts={**(base.facts if base else {}), **_facts(reader, keys.get("facts"))},
        forbid_waivers_of=base.forbid_waivers_of if base and "forbid_waivers_of" not in keys else forbidden,
        clauses=tuple({clause.id: clause for clause in (*(base.clauses if base else ()), *own)}.values()),
        changes={**(base.changes if base else {}), **_changes(reader, keys.get("changes"), known, catalog)},
    )
    places: dict[str, int] = {}
    for clause, item in zip(own, reader.items(keys.get("clauses"), "clauses"), strict=False):
        if clause.id in places:
            reader.problem(f"The clause `{clause.id}` is here a second time.", item.start)
        places[clause.id] = item.start
    for clause in policy.clauses:
        fault = _toothless(clause, policy, catalog)
        if fault:
            reader.problem(fault, places.get(clause.id, node.start))
    if reader.problems:
        raise CatalogError(reader.problems)
    return policy


def _base(
    path: Path, reader: Reader, node: Node | None, catalog: Catalog, folder: Path | None, above: tuple[Path, ...]
) -> Policy | None:
    """The policy that this one starts from: its clauses stand but for those with the same id."""
    name = reader.string(node, "extends")
    if not name or node is None:
        return None
    try:
        other = _path_of(name, folder, path)
    except UsageError as error:
        reader.problem(str(error), node.start)
        return None
    if other.resolve() in (path.resolve(), *(one.resolve() for one in above)):
        reader.problem(f"`{name}` extends this policy in turn.", node.start)
        return None
    return _load(other, catalog, folder, (path, *above))


def _toothless(clause: Clause, policy: Policy, catalog: Catalog) -> str:
    """Why the checks of a clause do not decide it, or ""."""
    severities = []
    for check_id in clause.checks:
        change = policy.changes.get(check_id)
        if not change or not change.leave_out:
            severities.append((change and change.severity) or catalog.checks[check_id].severity)
    if clause.checks and not severities:
        return f"All checks of the clause `{clause.id}` are left out under `changes`."
    if clause.obligation is Obligation.MUST and severities and not clause.ask and {*severities} == {Severity.NOTE}:
        return f"The clause `{clause.id}` is a must, and its checks only give notes."
    return ""


def _changes(reader: Reader, node: Node | None, known: Mapping[str, list[str]], catalog: Catalog) -> dict[str, Change]:
    changes = {}
    for item in reader.items(node, "changes"):
        keys = reader.entries(item, _CHANGE_KEYS, "a change", ("checks", "because"))
        options = {key: entry.value.plain() for key, entry in reader.mapping(keys.get("options"), "options")}
        change = Change(
            because=reader.string(keys.get("because"), "because").strip(),
            leave_out=bool(reader.flag(keys.get("leave_out"), "leave_out")),
            severity=reader.word(keys.get("severity"), "severity", _SEVERITIES),
            options=options,
        )
        if not (change.leave_out or change.severity or change.options):
            reader.problem("A change has `leave_out: true`, `severity` or `options`.", item.start)
        for check_id in chain(*reader.each(keys.get("checks"), "checks", lambda one: reader.word(one, "check", known))):
            for option in options.keys() - catalog.checks[check_id].options.keys():
                reader.problem(f"`{check_id}` has no option `{option}`.", item.start)
            changes[check_id] = change
    return changes


def _facts(reader: Reader, node: Node | None) -> dict[str, Any]:
    if node is None:
        return {}
    found = reader.entries(node, list(FACTS), "facts")
    facts: dict[str, Any] = {}
    for key, item in found.items():
        facts[key] = reader.string(item, key) if FACTS[key] is str else list(reader.strings(item, key))
    if "timezone" in facts and zone(facts["timezone"]) is None:
        reader.problem(f"`{facts['timezone']}` is not a time zone.", found["timezone"].start)
    return facts


def zone(name: str) -> Any:
    """The ZoneInfo called `name`, or None where there is none."""
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # ZoneInfoNotFoundError is a KeyError
        return None


def _named(catalog: Catalog) -> dict[str, list[str]]:
    """The checks that a clause may name: each by its id, and all of an area by the area."""
    named = {check_id: [check_id] for check_id in catalog.checks}
    for check_id in catalog.checks:
        named.setdefault(area_of(check_id), []).append(check_id)
    return named


def _clause(reader: Reader, node: Node, known: Mapping[str, list[str]]) -> Clause:
    keys = reader.entries(node, _CLAUSE_KEYS, "a clause", ("id", "clause", "requires", "obligation"))
    answers = {answer for answer in _ANSWERS if answer in keys}
    if not answers or (len(answers) > 1 and "outside" in answers):
        reader.problem("A clause has `checks`, `ask` or both; or it has `outside` alone.", node.start)
    if "when" in keys and "ask" not in keys:
        reader.problem("`when` says when to ask, and the clause has no `ask`.", keys["when"].start)
    return Clause(
        id=reader.string(keys.get("id"), "id"),
        clause=reader.string(keys.get("clause"), "clause"),
        requires=reader.string(keys.get("requires"), "requires").strip(),
        obligation=reader.word(keys.get("obligation"), "obligation", _OBLIGATIONS) or Obligation.MUST,
        checks=tuple(chain(*reader.each(keys.get("checks"), "checks", lambda item: reader.word(item, "check", known)))),
        ask=reader.string(keys.get("ask"), "ask").strip(),
        outside=reader.string(keys.get("outside"), "outside").strip(),
        topic=reader.word(keys.get("topic"), "topic", {topic: topic for topic in TOPICS}) or "",
        when=reader.each(keys.get("when"), "when", lambda item: reader.word(item, "occasion", _WORDS)),
    )
