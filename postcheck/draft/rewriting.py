"""Changes in YAML that a person wrote: what is changed is written anew, all else stays byte for byte.

The places come from postcheck's own tree (`postcheck/tree.py`). A library that loads and writes the whole again also
writes what nobody touched in its own way, and loses the comments about an entry that is taken out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from postcheck.messages import say
from postcheck.reader import TODO
from postcheck.source import Style
from postcheck.tree import Broken, Node, read_yaml

GONE = object()
"""In place of a value: the key is to be taken out."""


class Unable(Exception):
    """The change cannot be made without losing something: what and why, for a person."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """A value that is written as it stands, such as a date and time."""

    text: str


@dataclass(frozen=True, slots=True)
class Keys:
    """Changes inside a map that is there: for each key its new value, GONE, or `Keys` or `Items` again.

    `order` is where a new key belongs. A value that is one text stands for a map with nothing but `file`.
    """

    changes: Mapping[str, Any]
    order: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Items:
    """The entries of a list that is there, as they are to follow one another: those that were in it by their position,
    with what is changed in them (`Keys`, or None), and new ones as None with their value."""

    entries: Sequence[tuple[int | None, Any]]


_FIRST = re.compile(r"[^\W\d_]")
_PLAIN = re.compile(r"[\w .;’“”!?%$()/&+…—–'-]*[\w.!?)’”%]")
"""Of which no character means anything to YAML inside a text, whoever reads it. A comma does in a flow list."""
_WORDS = ("y", "n", "yes", "no", "on", "off", "true", "false", "null", TODO.lower())
"""What some reader of YAML takes for more than a text."""
_UNPRINTABLE = re.compile("[^\t\n -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"}
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")
_DASH = re.compile(r"(?:\A|(?<=[\r\n]))[ \t]*(-)(?=[ \t\r\n])")
_CLOSING = re.compile(r"(?:[\s,]|#[^\r\n]*)*[\]}]")
_QUOTED = (Style.DOUBLE, Style.SINGLE, Style.JSON)
_STEP = 2


def scalar(value: str, *, flow: bool = False, quoted: bool = False) -> str:
    """`value` on one line, in quotation marks wherever it could be read as something else."""
    if not quoted and _is_plain(value) and not (flow and "," in value):
        return value
    text = "".join(_ESCAPES.get(char, char) for char in value)
    return '"' + _UNPRINTABLE.sub(_escape, text) + '"'


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02X}" if code < 0x100 else f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}"


def _is_plain(value: str) -> bool:
    usable = _FIRST.match(value) and _PLAIN.fullmatch(value.replace(",", "")) and not value.endswith(",")
    if not usable or value.lower() in _WORDS or len(value) > 1000 or _UNPRINTABLE.search(value):
        return False
    try:
        node = read_yaml(f"key: {value}").value["key"].value
    except Broken:
        return False
    return bool(node.kind == "text" and node.value == value)


class Rewriter:
    """Of one text, from which a tree was read."""

    def __init__(self, text: str, newline: str, root: Node) -> None:
        self.text = text
        self.newline = newline
        self.offset = self._dash_offset(root)

    def root(self, root: Node, changes: Keys, at: int) -> str:
        """The whole text with the changes; `at` is where keys go when there are none yet."""
        if not root.value:
            if self._is_flow(root):
                at, end = root.start, self._end(root)
            else:
                end = at
            lines = self._lines({key: value for key, value in changes.changes.items() if value is not GONE}, 0)
            before = self.text[:at]
            return self._joined(before, lines) + self.text[end:]
        start, end = self._region(root)
        return self.text[:start] + self._keys(root, changes) + self.text[end:]

    # ------------------------------------------------------------------------------------- where things stand

    def _is_flow(self, node: Node) -> bool:
        return node.kind in ("list", "map") and self.text[node.start : node.start + 1] in ("[", "{")

    def _is_block(self, node: Node) -> bool:
        return node.kind in ("list", "map") and not self._is_flow(node)

    @staticmethod
    def _start(node: Node) -> int:
        return node.start - 1 if node.kind == "text" and node.style in _QUOTED else node.start

    def _end(self, node: Node) -> int:
        """Of its own text; what follows on the line is not part of it."""
        if node.kind in ("list", "map"):
            children = self._children(node)
            end = self._end(children[-1]) if children else node.start + 1
            if self._is_flow(node):
                closing = _CLOSING.match(self.text, end)
                return closing.end() if closing else end
            return end
        if node.style in (Style.LITERAL, Style.FOLDED):
            return node.start + len(self.text[node.start : node.end].rstrip())
        return node.end + 1 if node.style in _QUOTED else node.end

    @staticmethod
    def _children(node: Node) -> list[Node]:
        return list(node.value) if node.kind == "list" else [entry.value for entry in node.value.values()]

    def _line_start(self, position: int) -> int:
        return max(self.text.rfind("\n", 0, position), self.text.rfind("\r", 0, position)) + 1

    def _line_end(self, position: int) -> int:
        """Behind the line end."""
        match = _LINE.match(self.text, position)
        return match.end() if match else len(self.text)

    def _begins(self, node: Node) -> list[int]:
        """Where each entry begins: its key, or in a list of the block style its dash."""
        if node.kind == "map":
            starts = [entry.start for entry in node.value.values()]
            return [start - (self.text[start - 1 : start] in ("'", '"')) for start in starts]
        if self._is_flow(node):
            return [self._start(item) for item in node.value]
        begins, before = [], self._line_start(node.start)
        for item in node.value:
            *_, dash = _DASH.finditer(self.text, before, self._start(item))
            begins.append(dash.start(1))
            before = self._end(item)
        return begins

    def _parts(self, node: Node) -> list[tuple[int, int]]:
        """The whole lines of each entry of a block; of the first only what follows where it stands behind a dash.
        Between two of them are lines of comments and empty ones."""
        parts = []
        for begin, child in zip(self._begins(node), self._children(node), strict=True):
            line = self._line_start(begin)
            head = begin if self.text[line:begin].strip() else line
            parts.append((head, self._line_end(max(begin, self._end(child)))))
        return parts

    def _region(self, node: Node) -> tuple[int, int]:
        """What `_keys` and `_items` write anew."""
        if self._is_block(node):
            parts = self._parts(node)
            return parts[0][0], parts[-1][1]
        return self._start(node), self._end(node)

    def _dash_offset(self, root: Node) -> int:
        """How much further than its key a list of this file is indented."""
        for entry in root.value.values() if root.kind == "map" else ():
            if entry.value.kind == "list" and entry.value.value and self._is_block(entry.value):
                dash = self._begins(entry.value)[0]
                key: int = entry.start - self._line_start(entry.start)
                return max(dash - self._line_start(dash) - key, 0)
        return _STEP

    # ------------------------------------------------------------------------------------- what is written anew

    def _keys(self, node: Node, changes: Keys) -> str:
        """The region of a map, changed."""
        if self._is_flow(node):
            return self._flow_keys(node, changes)
        begins, parts = self._begins(node), self._parts(node)
        column = begins[0] - self._line_start(begins[0])
        is_inline = parts[0][0] == begins[0] and column > 0
        names: list[str] = []
        bodies: list[tuple[int | None, str]] = []
        for place, (key, entry) in enumerate(node.value.items()):
            head, tail = parts[place]
            change = changes.changes.get(key, self)  # itself: no change
            if change is GONE:
                continue
            body = self.text[head:tail] if change is self else self._entry(begins[place], head, tail, entry, change)
            names.append(key)
            bodies.append((place, body))
        for key, value in changes.changes.items():
            if key in node.value or value is GONE:
                continue
            place = self._place_of(key, names, changes.order)
            if is_inline and bodies and bodies[0][0] == 0:
                place = max(place, 1)
            names.insert(place, key)
            bodies.insert(place, (None, self._line(key, value, column)))
        whole = self._block(parts, bodies)
        if is_inline and bodies and bodies[0][0] != 0:  # what stood behind the dash is gone
            if whole[:column].strip():
                return self.newline + whole
            return whole[column:]
        return whole

    @staticmethod
    def _place_of(key: str, names: Sequence[str], order: Sequence[str]) -> int:
        """Behind the last of those that belong before it."""
        if key not in order:
            return len(names)
        before = order[: order.index(key)]
        return max((place + 1 for place, name in enumerate(names) if name in before), default=0)

    def _entry(self, begin: int, head: int, tail: int, entry: Any, change: Any) -> str:
        """The lines of a key with another value."""
        node: Node = entry.value
        column = begin - self._line_start(begin)
        if isinstance(change, Keys | Items):
            start, end = self._region(node)
            inner = self._keys(node, change) if isinstance(change, Keys) else self._items(node, change)
            return self.text[head:start] + inner + self.text[end:tail]
        quoted = node.kind == "text" and node.style in _QUOTED
        first, rest = self._value(change, column, quoted=quoted)
        if self._is_block(node) and node.value:
            colon = self.text.index(":", entry.end) + 1
            gap = self.text[colon : self._region(node)[0]]
            return self.text[head:colon] + (f" {first}" if first else "") + gap + rest
        start, end = self._start(node), self._end(node)
        before = self.text[head:start]
        if not first:
            before = before.rstrip()
        elif not before[-1:].isspace():
            before += " "
        return self._joined(before + first + self.text[end:tail], rest)

    def _items(self, node: Node, items: Items) -> str:
        """The region of a list, changed."""
        if self._is_flow(node):
            pieces = [
                self._flow(change) if place is None else self._flow_item(node.value[place], change)
                for place, change in items.entries
            ]
            return self._flow_joined(node, pieces)
        begins, parts = self._begins(node), self._parts(node)
        column = begins[0] - self._line_start(begins[0])
        bodies: list[tuple[int | None, str]] = []
        for place, change in items.entries:
            if place is None:
                bodies.append((None, self._item(change, column)))
                continue
            head, tail = parts[place]
            body = self.text[head:tail]
            if change is not None:
                body = self._changed_item(head, tail, node.value[place], change)
            bodies.append((place, body))
        return self._block(parts, bodies)

    def _changed_item(self, head: int, tail: int, item: Node, change: Keys) -> str:
        start, end = self._region(item)
        if item.kind == "map":
            return self.text[head:start] + self._keys(item, change) + self.text[end:tail]
        new = {key: value for key, value in change.changes.items() if value is not GONE}
        line = self.text[head:start] + f"file: {self.text[start:end]}" + self.text[end:tail]
        return self._joined(line, self._lines(new, start - self._line_start(start)))

    def _block(self, parts: Sequence[tuple[int, int]], bodies: Sequence[tuple[int | None, str]]) -> str:
        """The bodies one after the other. The comments above an entry go with it, and stay where it is taken out."""
        leads = [""] + [self.text[one[1] : other[0]] for one, other in pairwise(parts)]
        kept = [place for place, _ in bodies if place is not None]
        for taken_out in set(range(len(parts))) - set(kept):
            if "#" not in leads[taken_out]:
                leads[taken_out] = ""  # only empty lines
        in_order, told = kept == sorted(kept), 0
        whole = ""
        for place, body in bodies:
            if place is not None and in_order:
                whole = self._joined(whole, "".join(leads[told : place + 1]))
                told = place + 1
            elif place is not None:
                whole = self._joined(whole, leads[place])
            whole = self._joined(whole, body)
        left = leads[told:] if in_order else [lead for place, lead in enumerate(leads) if place not in kept]
        return self._joined(whole, "".join(left))

    def _joined(self, before: str, after: str) -> str:
        """With a line end between the two, where there is none."""
        return before + (self.newline if before and after and before[-1] not in "\r\n" else "") + after

    # ------------------------------------------------------------------------------------- the flow style

    def _flow_keys(self, node: Node, changes: Keys) -> str:
        pieces = []
        for begin, (key, entry) in zip(self._begins(node), node.value.items(), strict=True):
            change = changes.changes.get(key, self)
            start, end = self._start(entry.value), self._end(entry.value)
            if change is self:
                pieces.append(self.text[begin:end])
            elif isinstance(change, Items):
                pieces.append(self.text[begin:start] + self._items(entry.value, change))
            elif isinstance(change, Keys):
                pieces.append(self.text[begin:start] + self._keys(entry.value, change))
            elif change is not GONE:
                colon = self.text[begin:start].rstrip()
                pieces.append(f"{colon if colon.endswith(':') else colon + ':'} {self._flow(change)}")
        new = [(key, value) for key, value in changes.changes.items() if key not in node.value and value is not GONE]
        pieces += [f"{scalar(key, flow=True)}: {self._flow(value)}" for key, value in new]
        return self._flow_joined(node, pieces)

    def _flow_item(self, item: Node, change: Keys | None) -> str:
        start, end = self._start(item), self._end(item)
        if change is None:
            return self.text[start:end]
        if item.kind == "map":
            return self._keys(item, change)
        new = {key: value for key, value in change.changes.items() if value is not GONE}
        return f"{{file: {self.text[start:end]}{''.join(f', {key}: {self._flow(new[key])}' for key in new)}}}"

    def _flow_joined(self, node: Node, pieces: Sequence[str]) -> str:
        start, end = node.start, self._end(node)
        between = start + 1
        for begin, child in zip(self._begins(node), self._children(node), strict=True):
            self._refuse_comment(self.text[between:begin])
            between = self._end(child)
        self._refuse_comment(self.text[between:end])
        opening, closing = self.text[start], self.text[end - 1]
        pad = " " if self.text[start + 1] == " " and self.text[end - 2] == " " else ""
        return f"{opening}{pad}{', '.join(pieces)}{pad}{closing}"

    @staticmethod
    def _refuse_comment(gap: str) -> None:
        if "#" in gap:
            raise Unable(say("There are comments between [ and ] or { and }, which would be lost."))

    def _flow(self, value: Any) -> str:
        if isinstance(value, dict):
            return "{" + ", ".join(f"{scalar(key, flow=True)}: {self._flow(value[key])}" for key in value) + "}"
        if isinstance(value, list):
            return "[" + ", ".join(map(self._flow, value)) + "]"
        return self._scalar(value, flow=True)

    # ------------------------------------------------------------------------------------- the block style

    @staticmethod
    def _scalar(value: Any, *, flow: bool = False, quoted: bool = False) -> str:
        if isinstance(value, Stamp):
            return value.text
        if isinstance(value, bool):
            return "true" if value else "false"
        return scalar(value, flow=flow, quoted=quoted)

    def _value(self, value: Any, column: int, *, quoted: bool = False) -> tuple[str, str]:
        """What stands behind the colon of a key in `column`, and the lines below it."""
        if isinstance(value, dict) and value:
            return "", self._lines(value, column + _STEP)
        if isinstance(value, list) and any(isinstance(item, dict) for item in value):
            return "", "".join(self._item(item, column + self.offset) for item in value)
        if isinstance(value, dict | list):
            return self._flow(value), ""
        if isinstance(value, str) and _fits_literal(value.removesuffix("\n")):
            pad = " " * (column + _STEP)
            lines = [f"{pad}{line}" if line else "" for line in value.removesuffix("\n").split("\n")]
            return "|" if value.endswith("\n") else "|-", self.newline.join(lines) + self.newline
        return self._scalar(value, quoted=quoted), ""

    def _line(self, key: str, value: Any, column: int) -> str:
        first, rest = self._value(value, column)
        return f"{' ' * column}{scalar(key)}:{first and f' {first}'}{self.newline}{rest}"

    def _lines(self, data: Mapping[str, Any], column: int) -> str:
        return "".join(self._line(key, value, column) for key, value in data.items())

    def _item(self, value: Any, column: int) -> str:
        if isinstance(value, dict) and value:
            return f"{' ' * column}- {self._lines(value, column + _STEP)[column + _STEP :]}"
        return f"{' ' * column}- {self._flow(value)}{self.newline}"


def _fits_literal(value: str) -> bool:
    """Several lines that are read back as they are when they stand indented below `|-`."""
    lines = value.split("\n")
    return (
        len(lines) > 1
        and bool(lines[0].strip())
        and bool(lines[-1].strip())
        and not lines[0].startswith((" ", "\t"))
        and not _UNPRINTABLE.search(value)
    )
