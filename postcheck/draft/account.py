"""account.yaml: what an account says of itself, and what the city keeps of it, as a draft without a post."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from postcheck.draft.files import read_text
from postcheck.errors import DraftError
from postcheck.model import Draft, Profile, UnreadableDraft
from postcheck.reader import Reader
from postcheck.source import Location, Source, Text
from postcheck.tree import Broken, Node, read_yaml

ACCOUNT_KEYS = (
    "platform", "kind", "handle", "name", "unit", "biography", "links", "contact", "archive", "holders", "approved_by",
)  # fmt: skip
KINDS = {name: name for name in ("official", "elected", "personal")}
_NAMES = ("account.yaml", "account.yml")


def is_account_file(name: str) -> bool:
    """`account.yaml`, or with any name before it: `parks.account.yaml`."""
    return name.lower() in _NAMES or name.lower().endswith(tuple(f".{one}" for one in _NAMES))


def read_account(path: Path, shown: str, texts: Mapping[Path, str]) -> Draft | UnreadableDraft:
    """The account in the file `path`, or everything that is wrong with it. `texts` stand in for files."""
    try:
        given = texts.get(path.resolve()) if texts else None
        source = Source(path.name, read_text(path, shown) if given is None else given, path)
    except DraftError as error:
        return UnreadableDraft(shown, error.problems)
    reader = Reader(source, shown)
    try:
        draft = _read(reader, shown)
    except Broken as broken:
        reader.problem(broken.message, broken.offset)
        return UnreadableDraft(shown, tuple(reader.problems))
    return UnreadableDraft(shown, reader.sorted_problems()) if reader.problems else draft


def _read(reader: Reader, shown: str) -> Draft:
    source = reader.source
    keys = reader.entries(read_yaml(source.text), ACCOUNT_KEYS, source.asset, ("platform",))
    platform = reader.text(keys.get("platform"), "platform")
    holders = _texts(reader, keys.get("holders"), "holders")
    profile = Profile(
        kind=reader.word(keys.get("kind"), "kind", KINDS) or "official",
        links=_texts(reader, keys.get("links"), "links") or (),
        contact=_texts(reader, keys.get("contact"), "contact") or (),
        holders=holders,
        **{
            key: reader.text(keys.get(key), key)
            for key in ("handle", "name", "unit", "biography", "archive", "approved_by")
        },
    )
    return Draft(
        path=shown,
        source=source,
        caption=Text("", source, "caption", 0, 0),
        place=Location(asset=source.asset),
        digest=f"sha256:{hashlib.sha256(source.text.encode()).hexdigest()}",
        platforms=(platform,) if platform else (),
        account=profile.handle,
        profile=profile,
        todos=tuple(reader.todos),
    )


def _texts(reader: Reader, node: Node | None, key: str) -> tuple[Text, ...] | None:
    """One text, or a list of them; None where there is no such key."""
    if node is None:
        return None
    nodes = node.value if node.kind == "list" else [node]
    return tuple(text for item in nodes if (text := reader.text(item, key)))
