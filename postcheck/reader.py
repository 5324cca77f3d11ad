"""Reads a tree against what is known of its keys, and collects every problem with its line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from postcheck.errors import Problem, did_you_mean
from postcheck.source import Source, Text
from postcheck.tree import Entry, Kind, Node

TODO = "TODO"
_T = TypeVar("_T")

_WANTED = {
    "text": "a text",
    "true or false": "true or false",
    "number": "a number",
    "date": "a date and time",
    "list": "a list",
    "map": "keys and values",
}


_TRUE = ("true", "yes", "on")
_FALSE = ("false", "no", "off")


class Reader:
    """Reads a tree against what is known of its keys, and collects every problem instead of stopping at one."""

    def __init__(self, source: Source, path: str) -> None:
        self.source = source
        self.path = path
        self.problems: list[Problem] = []
        self.todos: list[Text] = []
        """Values that are the bare word TODO: they are read as not given, and counted here."""

    def problem(self, message: str, offset: int, advice: str = "") -> None:
        line, column = self.source.line_and_column(offset)
        self.problems.append(Problem(message, self.path, line, column, advice))

    def sorted_problems(self) -> tuple[Problem, ...]:
        return tuple(sorted(self.problems, key=lambda problem: (problem.line or 0, problem.column or 0)))

    def entries(self, node: Node, known: Sequence[str], what: str, required: Sequence[str] = ()) -> dict[str, Node]:
        """The values of a map by key, without the empty ones and TODO. Unknown and missing keys are problems."""
        if node.kind != "map":
            self._wrong_kind(node, what, "map")
            return {}
        for key, entry in node.value.items():
            if key not in known:
                self.problem(f"Unknown key `{key}` in {what}.", entry.start, did_you_mean(key, known))
        found = {}
        for key, entry in node.value.items():
            if entry.value.kind == "text" and entry.value.value == TODO:
                self.todos.append(self._text(entry.value, key))
            elif key in known and entry.value.kind != "empty":
                found[key] = entry.value
        for key in required:
            if key not in found:
                self.problem(f"The key `{key}` is missing in {what}.", node.start)
        return found

    def mapping(self, node: Node | None, what: str) -> Iterable[tuple[str, Entry]]:
        """The entries of a map whose keys are free."""
        if node is None:
            return ()
        if node.kind != "map":
            self._wrong_kind(node, what, "map")
            return ()
        return node.value.items()  # type: ignore[no-any-return]

    def items(self, node: Node | None, what: str) -> list[Node]:
        if node is None:
            return []
        if node.kind != "list":
            self._wrong_kind(node, what, "list")
            return []
        return node.value  # type: ignore[no-any-return]

    def text(self, node: Node | None, what: str) -> Text | None:
        """A text with its place. What YAML would take for something else must be in quotation marks."""
        if node is None:
            return None
        if node.kind != "text":
            self._wrong_kind(node, what, "text")
            return None
        return self._text(node, what)

    def _text(self, node: Node, what: str) -> Text:
        return Text(node.value, self.source, what, node.start, node.end, node.style)

    def string(self, node: Node | None, what: str) -> str:
        text = self.text(node, what)
        return text.value if text else ""

    def strings(self, node: Node | None, what: str) -> tuple[str, ...]:
        return tuple(self.string(item, what) for item in self.items(node, what))

    def flag(self, node: Node | None, what: str) -> bool | None:
        if node is None:
            return None
        if node.kind != "true or false":
            self._wrong_kind(node, what, "true or false")
            return None
        return str(node.value).lower() in _TRUE  # YAML 1.1 takes yes, no, on and off for truth values, too

    def number(self, node: Node | None, what: str) -> int:
        if node is not None and node.kind == "number" and isinstance(node.plain(), int):
            return int(node.plain())
        if node is not None:
            self._wrong_kind(node, what, "number")
        return 0

    def word(self, node: Node | None, what: str, known: Mapping[str, _T]) -> _T | None:
        """The entry of `known` that the text names."""
        text = self.text(node, what)
        if text is None or node is None:
            return None
        if text.value not in known:
            self.problem(f"`{text.value}` is no {what}.", node.start, did_you_mean(text.value, list(known)))
            return None
        return known[text.value]

    def each(self, node: Node | None, what: str, read: Callable[[Node], _T | None]) -> tuple[_T, ...]:
        found = (read(item) for item in self.items(node, what))
        return tuple(item for item in found if item is not None)

    def _wrong_kind(self, node: Node, what: str, wanted: Kind) -> None:
        typed = node.value if isinstance(node.value, str) else ""
        if wanted == "text" and node.kind in ("true or false", "number", "date"):
            self.problem(
                f"`{what}` is read as a {_noun(node.kind)}, not as a text.",
                node.start,
                f'Put it in quotation marks: "{typed}".',
            )
        else:
            found = _WANTED.get(node.kind, "empty")
            self.problem(f"`{what}` must be {_WANTED[wanted]}, not {found}.", node.start, _mend(what, node, wanted))


def _noun(kind: Kind) -> str:
    return "truth value" if kind == "true or false" else kind


def _mend(what: str, node: Node, wanted: Kind) -> str:
    """What to write instead, where that can be told."""
    typed = node.value if isinstance(node.value, str) else ""
    if wanted == "map" and ":" in typed:
        return "Write a space after each colon."
    if wanted == "list" and typed:
        return f"Write `[{typed}]`."
    if wanted == "list" and node.kind == "map":
        return "Begin each entry with a hyphen and a space: `- `."
    if wanted == "true or false":
        word = typed.strip().lower()
        meant = "true" if word in _TRUE else "false" if word in _FALSE else ""
        return f"Write `{what}: {meant}`, without quotation marks." if meant else "Leave it out where you do not know."
    return ""
