"""checks/<area>/<fault>.yaml -> Check, and checks/platforms.yaml -> Platform: strict, with the line of every fault."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from postcheck import kept
from postcheck.errors import CatalogError, Problem, did_you_mean
from postcheck.model import LIMITS, Check, Citation, Example, Limit, Message, Outcome, Platform, Severity
from postcheck.reader import Reader
from postcheck.resources import data_folder
from postcheck.source import Source
from postcheck.tree import Broken, Node, read_yaml

AREAS = (
    "alt-text", "image", "captions", "video", "text-access", "ap-style", "inclusive", "political", "commercial",
    "prohibited", "privacy", "consent", "rights", "governance", "platform", "account",
)  # fmt: skip
ACCOUNT_AREA = "account"
"""Its checks look at accounts, all others at posts."""

_CHECK_KEYS = (
    "title", "severity", "detector", "options", "facts", "yields_to", "hides", "citations", "rationale", "advice",
    "messages", "examples",
)  # fmt: skip
_REQUIRED_CHECK_KEYS = ("title", "severity", "detector", "rationale", "advice", "messages")
_EXAMPLE_KEYS = ("name", "outcome", "draft", "places", "facts", "lists", "options", "at", "boundary")
_LIMIT_KEYS = ("what", "most", "unit", "formats", "source", "as_of", "confirmed")
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_SEVERITIES = {severity.value: severity for severity in Severity}
_OUTCOMES = {outcome.value: outcome for outcome in Outcome}


@dataclass(frozen=True, slots=True)
class Catalog:
    """Everything in checks/ but the policies."""

    checks: Mapping[str, Check]
    """By id, in the order of the areas."""
    platforms: Mapping[str, Platform]
    """By every name a draft may use, in lower case."""
    parts: Mapping[str, tuple[str, ...]]
    """Lists that the expressions of any check may name."""
    digest: str
    """`sha256:` over the names and contents of every file of checks/, policies included."""


@lru_cache(maxsize=4)
def load_catalog(folder: Path | None = None, *, cache: bool = True) -> Catalog:
    """Read `folder`, by default the checks that come with postcheck. Examples are left unread: only `explain`
    and the tests want them, and they are most of the text. `cache` takes the checks that come with postcheck from
    where the last run kept them, while they are unchanged.

    Raises:
        CatalogError: with every fault in every file.
    """
    if folder is not None or not cache:
        return _read(folder or data_folder("checks"))
    folder = data_folder("checks")
    state = kept.state_of(folder)
    known = kept.load(state)
    if known is not None:
        return Catalog(**known)
    catalog = _read(folder)
    kept.save(state, catalog)
    return catalog


def _read(folder: Path) -> Catalog:
    digest = hashlib.sha256()
    checks: dict[str, Check] = {}
    problems: list[Problem] = []
    for path in sorted(folder.rglob("*.yaml")):
        content = path.read_bytes()
        name = path.relative_to(folder).as_posix()
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
        area = name.partition("/")[0]
        if area in AREAS:
            try:
                check, reader = _read_check(path, content, folder, examples=False)
            except CatalogError as error:
                problems += error.problems
                continue
            problems += reader.problems
            checks[check.id] = check
        elif name not in ("platforms.yaml", "parts.yaml") and area != "policies":
            raise CatalogError(f"{path}: a check lies in one of the areas {', '.join(AREAS)}.")
    for check in checks.values():
        for other in check.yields_to:
            if other not in checks:
                advice = did_you_mean(other, list(checks))
                problems.append(Problem(f"yields_to: there is no check `{other}`.", f"{check.id}.yaml", advice=advice))
    if problems:
        raise CatalogError(problems)
    parts = _read_parts(folder / "parts.yaml")
    for check_id, check in checks.items():
        checks[check_id] = replace(check, needs=_needs(check, parts))
    ordered = dict(sorted(checks.items(), key=lambda item: (AREAS.index(item[0].split("/")[0]), item[0])))
    return Catalog(
        checks=ordered,
        platforms=_read_platforms(folder / "platforms.yaml"),
        parts=parts,
        digest=f"sha256:{digest.hexdigest()}",
    )


def _needs(check: Check, parts: Mapping[str, Sequence[str]]) -> Mapping[str, object]:
    from postcheck.analysis.needed import needed_by_all  # only where the catalog is not kept

    expressions = [one for name in EXPRESSIONS for one in check.options.get(name, ())]
    expressions += [rule["find"] for rule in check.options.get("replace", ())]
    return needed_by_all(expressions, {**parts, **check.options.get("parts", {})})


EXPRESSIONS = (
    "failed", "cant_tell", "suspected", "failed_tag", "cant_tell_tag", "with_sign", "always", "weak", "silent", "signs",
    "ours", "unless", "in_alt", "in_caption", "of_nobody", "of_people",
)  # fmt: skip
"""The options that hold lists of expressions."""


def read_check(path: Path, folder: Path | None = None) -> Check:
    """One check with its examples.

    Raises:
        CatalogError: with every fault in the file.
    """
    check, reader = _read_check(path, path.read_bytes(), folder or data_folder("checks"), examples=True)
    if reader.problems:
        raise CatalogError(reader.problems)
    return check


def shown_by(check_ids: Iterable[str]) -> tuple[str, str]:
    """The first examples, as `check: name`, of which one fails and one passes a check of these; where no check fails
    any, one of a question. "" where there is none."""
    second = "", ""
    for check_id in check_ids:
        outcomes: dict[Outcome, str] = {}
        for example in _examples(check_id):
            outcomes.setdefault(example.outcome, f"{check_id}: {example.name}")
        kept_by = outcomes.get(Outcome.PASSED, "")
        if kept_by and Outcome.FAILED in outcomes:
            return outcomes[Outcome.FAILED], kept_by
        second = second if second[0] else (outcomes.get(Outcome.CANT_TELL, ""), kept_by)
    return second


@lru_cache(maxsize=1024)
def _examples(check_id: str) -> tuple[Example, ...]:
    return read_check(check_path(check_id)).examples


def check_path(check_id: str, folder: Path | None = None) -> Path:
    return (folder or data_folder("checks")) / f"{check_id}.yaml"


def open_data(path: Path, content: bytes | None = None, end: str | None = None) -> tuple[Node, Reader]:
    """The tree of a YAML file of checks/, up to a line that is `end`.

    Raises:
        CatalogError: not UTF-8, or not YAML.
    """
    try:
        text = (path.read_bytes() if content is None else content).decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise CatalogError(f"{path}: byte {error.start} is not UTF-8.") from None
    reader = Reader(Source(path.name, text), str(path))
    stop = text.find(f"\n{end}\n") if end else -1
    try:
        return read_yaml(text, 0, stop + 1 if stop >= 0 else None), reader
    except Broken as broken:
        reader.problem(broken.message, broken.offset)
        raise CatalogError(reader.problems) from None


def _read_check(path: Path, content: bytes, folder: Path, *, examples: bool) -> tuple[Check, Reader]:
    node, reader = open_data(path, content, None if examples else "examples:")
    check_id = path.relative_to(folder).with_suffix("").as_posix()
    if not all(_NAME.fullmatch(part) for part in check_id.split("/")) or check_id.count("/") != 1:
        reader.problem(f"`{check_id}` is not <area>/<fault> in small letters, digits and hyphens.", 0)
    keys = reader.entries(node, _CHECK_KEYS, "a check", _REQUIRED_CHECK_KEYS)
    if examples and "examples" in keys and list(node.value)[-1] != "examples":
        reader.problem("`examples` must come last: of a check's file only what stands before it is read.", 0)
    return (
        Check(
            id=check_id,
            title=reader.string(keys.get("title"), "title"),
            severity=reader.word(keys.get("severity"), "severity", _SEVERITIES) or Severity.ERROR,
            detector=reader.string(keys.get("detector"), "detector"),
            rationale=reader.string(keys.get("rationale"), "rationale").strip(),
            advice=reader.string(keys.get("advice"), "advice").strip(),
            messages=_messages(reader, keys.get("messages")),
            citations=reader.each(keys.get("citations"), "citations", lambda item: _citation(reader, item)),
            options={key: entry.value.plain() for key, entry in reader.mapping(keys.get("options"), "options")},
            facts={
                key: reader.string(entry.value, "a fact's name")
                for key, entry in reader.mapping(keys.get("facts"), "facts")
            },
            yields_to=reader.strings(keys.get("yields_to"), "yields_to"),
            hides=bool(reader.flag(keys.get("hides"), "hides")),
            examples=reader.each(keys.get("examples"), "examples", lambda item: _example(reader, item)),
        ),
        reader,
    )


def _citation(reader: Reader, node: Node) -> Citation:
    keys = reader.entries(node, ("title", "clause", "url"), "a citation", ("title",))
    return Citation(*(reader.string(keys.get(key), key) for key in ("title", "clause", "url")))


def _messages(reader: Reader, node: Node | None) -> dict[str, Message]:
    """A message is named after the outcome it belongs to: `failed`, `cantTell`, `failed-unconfirmed` ..."""
    messages = {}
    for name, entry in reader.mapping(node, "messages"):
        if name.split("-")[0] not in ("failed", "cantTell", "untested"):
            reader.problem(
                f"The message `{name}` belongs to no outcome.", entry.start, "Begin with failed, cantTell or untested."
            )
        if entry.value.kind == "map":
            keys = reader.entries(entry.value, ("text", "advice", "at_most"), "a message", ("text",))
            messages[name] = Message(
                reader.string(keys.get("text"), "text").strip(),
                reader.string(keys.get("advice"), "advice").strip(),
                reader.word(keys.get("at_most"), "severity", _SEVERITIES),
            )
        else:
            messages[name] = Message(reader.string(entry.value, f"messages.{name}").strip())
    return messages


def _example(reader: Reader, node: Node) -> Example:
    keys = reader.entries(node, _EXAMPLE_KEYS, "an example", ("name", "outcome", "draft"))

    def plain(key: str) -> dict[str, object]:
        return {name: entry.value.plain() for name, entry in reader.mapping(keys.get(key), key)}

    return Example(
        name=reader.string(keys.get("name"), "name"),
        outcome=reader.word(keys.get("outcome"), "outcome", _OUTCOMES) or Outcome.PASSED,
        draft=plain("draft"),
        places=reader.strings(keys.get("places"), "places") if "places" in keys else None,
        facts=plain("facts"),
        lists=plain("lists"),
        options=plain("options"),
        at=reader.string(keys.get("at"), "at"),
        boundary=bool(reader.flag(keys.get("boundary"), "boundary")),
    )


def _read_platforms(path: Path) -> dict[str, Platform]:
    if not path.exists():
        return {}
    node, reader = open_data(path)
    platforms: dict[str, Platform] = {}
    for platform_id, entry in reader.mapping(node, "platforms.yaml"):
        keys = reader.entries(entry.value, ("title", "aliases", "limits"), "a platform", ("title",))
        platform = Platform(
            platform_id,
            reader.string(keys.get("title"), "title"),
            reader.strings(keys.get("aliases"), "aliases"),
            reader.each(keys.get("limits"), "limits", lambda item: _limit(reader, item)),
        )
        for name in (platform_id, platform.title.lower(), *platform.aliases):
            platforms[name] = platform
    if reader.problems:
        raise CatalogError(reader.problems)
    return platforms


def _read_parts(path: Path) -> dict[str, tuple[str, ...]]:
    if not path.exists():
        return {}
    node, reader = open_data(path)
    parts = {name: reader.strings(entry.value, name) for name, entry in reader.mapping(node, "parts.yaml")}
    if reader.problems:
        raise CatalogError(reader.problems)
    return parts


def _limit(reader: Reader, node: Node) -> Limit:
    keys = reader.entries(node, _LIMIT_KEYS, "a limit", ("what", "source", "as_of", "confirmed"))
    return Limit(
        what=reader.word(keys.get("what"), "limit", {name: name for name in LIMITS}) or "",
        source=reader.string(keys.get("source"), "source"),
        as_of=reader.string(keys.get("as_of"), "as_of"),
        confirmed=bool(reader.flag(keys.get("confirmed"), "confirmed")),
        most=reader.number(keys.get("most"), "most"),
        unit=reader.string(keys.get("unit"), "unit") or "characters",
        formats=reader.strings(keys.get("formats"), "formats"),
    )


def area_of(check_id: str) -> str:
    return check_id.partition("/")[0]


def matching(pattern: str, check_ids: Iterable[str]) -> list[str]:
    """The ids that `pattern` names: an id, an area, or a shell pattern such as `alt-text/*`."""
    from fnmatch import fnmatchcase

    return [
        check_id for check_id in check_ids
        if check_id == pattern or area_of(check_id) == pattern.rstrip("/") or fnmatchcase(check_id, pattern)
    ]  # fmt: skip
