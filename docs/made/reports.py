"""The formats of a report, and the JSON report's schema as tables."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import click

from docs.made.markdown import code, plain, table
from docs.made.words import words_for
from postcheck.cli import main
from postcheck.reporters.json import schema_text


def formats() -> list[str]:
    """The words that --format takes."""
    (option,) = (option for option in main.commands["check"].params if "--format" in option.opts)
    assert isinstance(option.type, click.Choice)
    return [str(choice) for choice in option.type.choices]


def _formats() -> str:
    words = words_for("formats", formats(), more=True)
    rows = [[code(f"--format {name}"), plain(said)] for name, said in words.items()]
    return table(["Format", "What it is for"], rows)


def _schema() -> str:
    return "\n".join(_objects())


def _objects() -> Iterator[str]:
    schema = json.loads(schema_text())
    yield "### The report\n"
    yield from _object(schema)
    for name, told in schema["$defs"].items():
        if "properties" in told:
            yield f"### {name}\n"
            if "description" in told:
                yield f"{plain(told['description'])}\n"
            yield from _object(told)
    rest = {name: told for name, told in schema["$defs"].items() if "properties" not in told}
    yield "### Values\n"
    yield table(["Name", "It is"], [[name, _kind(told)] for name, told in rest.items()])


def _object(told: dict[str, Any], path: str = "") -> Iterator[str]:
    """The properties of an object; those of objects within it by `outer.inner`."""
    yield table(["Key", "It holds", "Always there"], _rows(told, path))


def _rows(told: dict[str, Any], path: str) -> Iterator[list[str]]:
    for name, value in told["properties"].items():
        said = f"{_kind(value)}. {plain(value['description'])}" if "description" in value else _kind(value)
        yield [code(path + name), said, "yes" if name in told.get("required", ()) else "no"]
        inner = _inner(value)
        if inner:
            yield from _rows(inner, f"{path}{name}.")


def _inner(value: dict[str, Any]) -> dict[str, Any] | None:
    """The object that stands in a value, in its items, or as one of its kinds."""
    for one in (value, value.get("items", {}), *value.get("oneOf", ()), *value.get("anyOf", ())):
        if "properties" in one:
            return dict(one)
    return None


def _kind(value: dict[str, Any]) -> str:
    if "$ref" in value:
        name = value["$ref"].rpartition("/")[2]
        return f"[{name}](#{_anchor(name)})"
    if "const" in value:
        return code(json.dumps(value["const"]))
    if "enum" in value:
        return " or ".join(code(one) for one in value["enum"])
    for word in ("anyOf", "oneOf"):
        if word in value:
            return " or ".join(_kind(one) for one in value[word])
    if "pattern" in value:
        return f"a text of the form {code(value['pattern'])}"
    kinds = value["type"] if isinstance(value["type"], list) else [value["type"]]
    return " or ".join(_items(value) if kind == "array" else _NOUNS[kind] for kind in kinds)


def _items(value: dict[str, Any]) -> str:
    items = value.get("items")
    if not items or items.get("type") == "object":
        return "a list"
    return f"a list of {_kind(items)}"


def _anchor(name: str) -> str:
    """Of the section of an object; of all plain values in common."""
    return name if "properties" in json.loads(schema_text())["$defs"][name] else "values"


_NOUNS = {
    "string": "a text", "integer": "a whole number", "number": "a number", "boolean": "true or false",
    "object": "an object", "null": "null",
}  # fmt: skip

PARTS = {"formats": _formats, "schema": _schema}
