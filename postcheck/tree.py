"""YAML and JSON as a tree that knows where every value stands, for drafts, checks and policies alike.

YAML is read by events, not loaded: nothing is built from a tag, an alias or a hostile depth, a repeated key is
seen, and `no` or `2026-11-14` stays what the writer typed until it is known what was wanted.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from postcheck.source import BOM, Style

MAX_DEPTH = 20
MAX_CHARACTERS = 1_000_000
"""Of a file's YAML or JSON. The longest caption of any platform is 63,206 characters."""

Kind = Literal["text", "empty", "true or false", "number", "date", "list", "map"]


@dataclass(slots=True)
class Node:
    """A value with its span in the source. `value` is the text as typed, a list, or keys with their values."""

    kind: Kind
    value: Any
    start: int
    end: int
    style: Style = Style.PLAIN

    def plain(self) -> Any:
        """The value as plain Python data: str, int, float, bool, None, list, dict."""
        if self.kind == "list":
            return [item.plain() for item in self.value]
        if self.kind == "map":
            return {key: entry.value.plain() for key, entry in self.value.items()}
        if self.kind == "true or false":
            # YAML 1.1 takes the words yes, no, on and off for it, too: in a list of words they are words.
            return {"true": True, "false": False}.get(self.value.lower(), self.value)
        if self.kind == "number":
            # What YAML 1.1 writes in other ways (0x10, 12:30, .inf) stays a text, and fails where a number is wanted.
            if re.fullmatch(r"[-+]?(?:0|[1-9]\d*)", self.value):
                return int(self.value)
            return float(self.value) if re.fullmatch(r"[-+]?\d+\.\d+(?:e[-+]?\d+)?", self.value) else self.value
        return None if self.kind == "empty" else self.value


@dataclass(slots=True)
class Entry:
    """A key's place, and its value."""

    start: int
    end: int
    value: Node


class Broken(Exception):
    """The text is not YAML or JSON that postcheck reads: what is wrong, and the offset."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset


# ------------------------------------------------------------------------------------------------- YAML

_TAG_KINDS: dict[str, Kind] = {
    "tag:yaml.org,2002:null": "empty",
    "tag:yaml.org,2002:bool": "true or false",
    "tag:yaml.org,2002:int": "number",
    "tag:yaml.org,2002:float": "number",
    "tag:yaml.org,2002:timestamp": "date",
}


def read_yaml(text: str, start: int = 0, end: int | None = None) -> Node:
    """The one YAML document in `text[start:end]`; an empty document is an empty map.

    Raises:
        Broken: not YAML, or YAML that postcheck refuses (aliases, tags, repeated keys, several documents).
    """
    import yaml

    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    part = text[start:end]
    if part.startswith(BOM):
        part, start = part[1:], start + 1
    if len(part) > MAX_CHARACTERS:
        raise Broken(f"This is longer than {MAX_CHARACTERS:,} characters.", start)
    try:
        return _yaml_tree(text, yaml.parse(part, Loader=loader), loader.yaml_implicit_resolvers, start)
    except yaml.reader.ReaderError as error:
        # libyaml counts bytes here, the pure Python reader code points.
        position = error.position
        if loader is not yaml.SafeLoader:
            position = len(part.encode("utf-8", "surrogatepass")[:position].decode("utf-8", "ignore"))
        code = part[position : position + 1] or "\0"
        message = f"The character U+{ord(code):04X} cannot stand in YAML; delete it."
        raise Broken(message, start + position) from None
    except yaml.MarkedYAMLError as error:
        problem = str(error.problem)
        mark = error.problem_mark or error.context_mark
        if error.context_mark and problem.startswith(_BEGINS_BEFORE):
            mark = error.context_mark
        position = mark.index if mark else 0
        raise Broken(_yaml_advice(problem, part[position : position + 1]), start + position) from None


_BEGINS_BEFORE = ("found unexpected end of stream", "did not find expected ',' or ", "could not find expected ':'")
"""Faults that are noticed at their end; where they begin is what a person must see."""
_YAML_ADVICE = {
    "mapping values are not allowed": (
        "A colon followed by a space is in a text, which then needs quotation marks; or this line is indented further "
        "than the one above it."
    ),
    "found unexpected end of stream": "A quotation mark is opened and never closed.",
    "did not find expected key": "This line does not fit the ones above: look at its indentation and quotation marks.",
    "could not find expected ':'": "A colon is missing after the key.",
    "did not find expected ',' or ']'": "A list that begins with [ is not closed with ].",
    "did not find expected ',' or '}'": "A map that begins with { is not closed with }.",
    "found unknown escape": "In double quotation marks a backslash must be written twice.",
}


def _yaml_advice(problem: str, char: str) -> str:
    if problem.startswith("found character that cannot start any token"):
        if char == "\t":
            return "A line is indented with a tab: use spaces."
        return f"A text cannot begin with `{char}`: put it in quotation marks."
    for start, advice in _YAML_ADVICE.items():
        if problem.startswith(start):
            return advice
    return f"This is not valid YAML: {problem}."


_CUT_HASHTAG = re.compile(
    r"""[ \t]*(?:(?:\r\n|\r|\n)[ \t]+)?  # at the end of the line, or indented on the next
        (\#(?![\s#])[^\s:]+)(?!\S*:)      # a hashtag, but not a key that was commented out""",
    re.VERBOSE,
)


def _yaml_tree(text: str, events: Iterator[Any], resolvers: Mapping[str, Any], base: int) -> Node:
    # One frame for each open list or map: the node, and for a map the key that waits for its value.
    root = Node("map", {}, base, base)
    frames: list[tuple[Node, list[tuple[str, int, int]]]] = []
    documents = 0
    for event in events:
        name = type(event).__name__
        if name == "DocumentStartEvent":
            documents += 1
            if documents > 1:
                raise Broken("A second document begins here; only one is read.", base + event.start_mark.index)
            continue
        if name in ("MappingEndEvent", "SequenceEndEvent"):
            # The end mark of a block stands at the next thing; a block ends with its last value.
            frames.pop()
            continue
        if name not in ("ScalarEvent", "MappingStartEvent", "SequenceStartEvent", "AliasEvent"):
            continue
        start, end = base + event.start_mark.index, base + event.end_mark.index
        if name == "AliasEvent" or event.anchor is not None:
            raise Broken("Anchors and aliases (& and *) are not read here: write the value out.", start)
        if event.tag is not None and event.tag != "!":
            raise Broken(f"The tag {event.tag} is not read here: leave it out.", start)
        if name == "ScalarEvent":
            node = _scalar(event, text, start, end, resolvers)
        else:
            node = Node("map", {}, start, end) if name == "MappingStartEvent" else Node("list", [], start, end)
        if not frames:
            root = node
        else:
            _attach(frames[-1], node)
        if name != "ScalarEvent":
            frames.append((node, []))
            if len(frames) > MAX_DEPTH:
                raise Broken(f"Lists and maps are nested more than {MAX_DEPTH} deep.", start)
    if root.kind == "empty":
        return Node("map", {}, root.start, root.end)
    return root


def _scalar(event: Any, text: str, start: int, end: int, resolvers: Mapping[str, Any]) -> Node:
    if event.style in ("|", ">"):
        return Node("text", event.value, start, end, Style(event.style))
    cut = _CUT_HASHTAG.match(text, end)
    if cut:
        raise Broken(f"YAML drops `{cut[1]}` and what follows it: put the whole in quotation marks.", cut.start(1))
    if event.style:  # the span is of the text between the quotation marks
        return Node("text", event.value, start + 1, end - 1, Style(event.style))
    return Node(_resolve(event.value, resolvers) if event.implicit[0] else "text", event.value, start, end)


def _resolve(value: str, resolvers: Mapping[str, Any]) -> Kind:
    for tag, pattern in resolvers.get(value[:1], []):
        if pattern.match(value):
            return _TAG_KINDS.get(tag, "text")
    return "text"


def _attach(frame: tuple[Node, list[tuple[str, int, int]]], node: Node) -> None:
    parent, waiting = frame
    if parent.kind == "list":
        parent.value.append(node)
    elif waiting:
        key, start, end = waiting.pop()
        parent.value[key] = Entry(start, end, node)
    elif isinstance(node.value, str):
        if node.value in parent.value:
            raise Broken(f"The key `{node.value}` is here a second time; one of the two would be lost.", node.start)
        waiting.append((node.value, node.start, node.end))
    else:
        raise Broken("A list or a map cannot be a key.", node.start)


# ------------------------------------------------------------------------------------------------- JSON

_JSON_SPACE = re.compile(r"[ \t\r\n]*")
_JSON_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_JSON_WORD = re.compile(r"[-+.\w]+")
_JSON_WORDS: dict[str, Kind] = {"true": "true or false", "false": "true or false", "null": "empty"}


def read_json(text: str) -> Node:
    """The JSON document `text`. `json.loads` judges it; this only finds the places.

    Raises:
        Broken: not JSON, or JSON that postcheck refuses (repeated keys, half surrogate pairs, hostile depth).
    """
    start = 1 if text.startswith(BOM) else 0
    if len(text) > MAX_CHARACTERS:
        raise Broken(f"This is longer than {MAX_CHARACTERS:,} characters.", start)
    try:
        json.loads(text[start:], parse_int=str, parse_float=str, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        advice = "Look for a comma too many or too few, or a quotation mark that is missing."
        raise Broken(f"This is not valid JSON: {error.msg}. {advice}", start + error.pos) from None
    except RecursionError:
        raise Broken(f"Lists and maps are nested more than {MAX_DEPTH} deep.", start) from None
    except ValueError as error:
        word = re.search(r"-?\bInfinity\b|\bNaN\b", text)
        raise Broken(str(error), word.start() if word else start) from None
    return _json_value(text, _JSON_SPACE.match(text, start).end(), 0)  # type: ignore[union-attr]


def _no_constant(word: str) -> None:
    raise ValueError(f"{word} is not a value of JSON.")


def _json_value(text: str, start: int, depth: int) -> Node:
    def skip(position: int) -> int:
        match = _JSON_SPACE.match(text, position)
        return match.end() if match else position

    if depth > MAX_DEPTH:
        raise Broken(f"Lists and maps are nested more than {MAX_DEPTH} deep.", start)
    if text[start] == '"':
        return _json_string(text, start)
    if text[start] not in "[{":
        word = _JSON_WORD.match(text, start)
        end = word.end() if word else start
        return Node(_JSON_WORDS.get(text[start:end], "number"), text[start:end], start, end)
    is_map = text[start] == "{"
    node = Node("map", {}, start, start) if is_map else Node("list", [], start, start)
    position = skip(start + 1)
    while text[position] not in "]}":
        if is_map:
            key = _json_string(text, position)
            if key.value in node.value:
                raise Broken(f"The key `{key.value}` is here a second time; one of the two would be lost.", position)
            item = _json_value(text, skip(skip(key.end + 1) + 1), depth + 1)
            node.value[key.value] = Entry(key.start, key.end, item)
        else:
            item = _json_value(text, position, depth + 1)
            node.value.append(item)
        position = skip(item.end + (1 if item.style is Style.JSON else 0))
        if text[position] == ",":
            position = skip(position + 1)
    node.end = position + 1
    return node


def _json_string(text: str, start: int) -> Node:
    """The span is of the text between the quotation marks."""
    match = _JSON_STRING.match(text, start)
    if match is None:  # json.loads has accepted the document
        raise AssertionError("a JSON string was expected")
    value = json.loads(match.group(), strict=False)
    if any("\ud800" <= char <= "\udfff" for char in value):
        raise Broken("Half of a surrogate pair (\\ud800 to \\udfff) stands in this text.", start)
    return Node("text", value, match.start(1), match.end(1), Style.JSON)
