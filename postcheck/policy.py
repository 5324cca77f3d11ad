"""checks/policies/<city>.yaml -> Policy: a city's rule book, clause by clause, and the city's facts."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain
from pathlib import Path
from typing import Any

from postcheck.catalog import Catalog, area_of, open_data
from postcheck.errors import CatalogError, UsageError, did_you_mean
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

_KEYS = ("title", "source", "facts", "forbid_waivers_of", "clauses")
_CLAUSE_KEYS = ("id", "clause", "requires", "obligation", "checks", "ask", "outside")
_ANSWERS = ("checks", "ask", "outside")


class Obligation(StrEnum):
    """The policy's own word."""

    MUST = "must"
    SHOULD = "should"
    MAY = "may"


_OBLIGATIONS = {obligation.value: obligation for obligation in Obligation}


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


@dataclass(frozen=True, slots=True)
class Policy:
    id: str
    title: str
    digest: str
    """`sha256:` over the file."""
    source: Mapping[str, str]
    facts: Mapping[str, Any]
    forbid_waivers_of: tuple[Obligation, ...]
    clauses: tuple[Clause, ...]

    def clauses_of(self, check_id: str) -> Sequence[Clause]:
        return [clause for clause in self.clauses if check_id in clause.checks]


def policy_names(folder: Path | None = None) -> list[str]:
    return sorted(path.stem for path in ((folder or data_folder("checks")) / "policies").glob("*.yaml"))


def load_policy(name: str, catalog: Catalog, folder: Path | None = None) -> Policy:
    """The policy `name` of checks/policies/, or of the YAML file at that path.

    Raises:
        UsageError: there is no such policy.
        CatalogError: with every fault in the file.
    """
    if name.endswith((".yaml", ".yml")):
        path = Path(name)
    else:
        path = (folder or data_folder("checks")) / "policies" / f"{name}.yaml"
    if ("/" in name and not name.endswith((".yaml", ".yml"))) or not path.is_file():
        raise UsageError(f"There is no policy `{name}`. {did_you_mean(name, policy_names(folder))}")
    content = path.read_bytes()
    node, reader = open_data(path, content)
    keys = reader.entries(node, _KEYS, "a policy", ("title", "source", "clauses"))
    known = _named(catalog)
    policy = Policy(
        id=path.stem,
        title=reader.string(keys.get("title"), "title"),
        digest=f"sha256:{hashlib.sha256(content).hexdigest()}",
        source={key: reader.string(entry.value, key) for key, entry in reader.mapping(keys.get("source"), "source")},
        facts=_facts(reader, keys.get("facts")),
        forbid_waivers_of=reader.each(
            keys.get("forbid_waivers_of"), "forbid_waivers_of",
            lambda item: reader.word(item, "obligation", _OBLIGATIONS),
        ),
        clauses=reader.each(keys.get("clauses"), "clauses", lambda item: _clause(reader, item, known)),
    )  # fmt: skip
    seen: set[str] = set()
    for clause, item in zip(policy.clauses, reader.items(keys.get("clauses"), "clauses"), strict=False):
        if clause.id in seen:
            reader.problem(f"The clause `{clause.id}` is here a second time.", item.start)
        seen.add(clause.id)
    if reader.problems:
        raise CatalogError(reader.problems)
    return policy


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
    return Clause(
        id=reader.string(keys.get("id"), "id"),
        clause=reader.string(keys.get("clause"), "clause"),
        requires=reader.string(keys.get("requires"), "requires").strip(),
        obligation=reader.word(keys.get("obligation"), "obligation", _OBLIGATIONS) or Obligation.MUST,
        checks=tuple(chain(*reader.each(keys.get("checks"), "checks", lambda item: reader.word(item, "check", known)))),
        ask=reader.string(keys.get("ask"), "ask").strip(),
        outside=reader.string(keys.get("outside"), "outside").strip(),
    )
