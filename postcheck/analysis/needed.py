"""What a text must hold for a regular expression to match in it.

Most expressions of the checks are long, and most texts hold not one of the words that they are about. Compiling such an
expression costs a hundred times as much as seeing that: so what each needs is worked out when the checks are read, kept
with them, and an expression is compiled when a text first holds what it needs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

_MOST_WORDS = 1000
PART = re.compile(r"(?<!\(\?P)<([a-z_]+)>")
"""A part in an expression, but not the name of a group, `(?P<hit>...)`."""
PERSON = re.compile(r"\(\?P<person>")
"""The beginning of a group for a name; of several in one expression, each needs a name of its own."""
_IN_PLACE_OF_PARTS = 0xE000
"""The private-use area of Unicode: nobody writes an expression with these."""


Needs = Sequence["Group"]
"""Groups, of each of which a text must hold one. No group at all: any text may do."""
Group = Sequence["str | Needs"]
"""Texts as `folded` gives them; or, for what matches only where several are held, their groups in turn."""


def holds(text: str, needs: Needs) -> bool:
    """Does `text`, which is folded, hold what is needed?"""
    return all(any(one in text if isinstance(one, str) else holds(text, one) for one in group) for group in needs)


def least(needs: Needs) -> Iterator[str]:
    """Texts without any of which none holds what is needed; nothing where any text may do."""
    for one in needs[0] if needs else ():
        if isinstance(one, str):
            yield one
        else:
            yield from least(one)


def needed(expression: str, parts: Mapping[str, Sequence[str]]) -> Needs:
    """What a folded text must hold for `expression` to match in it without regard to capitals, the rarest group first.

    `parts` are the lists that `<name>` in the expression stands for.
    """
    return _needed(expression, _Parts(parts))


class _Parts:
    """What each list needs, worked out once."""

    def __init__(self, parts: Mapping[str, Sequence[str]]) -> None:
        self._parts = parts
        self._known: dict[str, Group] = {}

    def needed(self, name: str) -> Group:
        if name not in self._known:
            self._known[name] = _any_of(_needed(one, self) for one in self._parts[name])
        return self._known[name]


def needed_by_all(expressions: Iterable[str], parts: Mapping[str, Sequence[str]]) -> dict[str, Needs]:
    """What each of the expressions needs. One that is none, or names a part that is not there, is left to whoever
    compiles it."""
    known = _Parts(parts)
    found: dict[str, Needs] = {}
    for expression in expressions:
        try:
            found[expression] = _needed(expression, known)
        except (KeyError, re.error):
            found[expression] = []
    return found


def _needed(expression: str, parts: _Parts) -> Needs:
    names = PART.findall(expression)
    numbers = iter(range(_IN_PLACE_OF_PARTS, _IN_PLACE_OF_PARTS + len(names)))
    tree = _tree(PART.sub(lambda _: chr(next(numbers)), expression))
    return _of_sequence(tree, names, parts) if tree is not None else []


def _tree(expression: str) -> Any:
    """The standard library's own parse of an expression; None should it ever stop giving it out."""
    try:
        from re import _parser  # type: ignore[attr-defined]
    except ImportError:
        return None
    return _parser.parse(PERSON.sub("(?:", expression))


def _of_sequence(tree: Any, names: Sequence[str], parts: _Parts) -> Needs:
    """All items of a sequence must match: what the choosiest few of them need says enough."""
    groups: list[Group] = []
    run = ""
    for operation, value in tree:
        text, goes_on = _text_of(str(operation), value)
        run += text
        if not goes_on:
            groups.append([run])
            run = ""
            if not text:
                groups += _of_item(str(operation), value, names, parts)
    groups.append([run])
    usable = {repr(group): group for group in groups if group and all(map(_says_something, group))}
    rarest_first = sorted(usable.items(), key=lambda item: (_commonness(item[1]), item[0]))
    return [group for _, group in rarest_first[:_MOST_GROUPS]]


_MOST_GROUPS = 3


def _text_of(operation: str, value: Any) -> tuple[str, bool]:
    """The text that an item always matches, and whether what follows stands right behind it."""
    if operation == "LITERAL" and value < _IN_PLACE_OF_PARTS:
        return folded(chr(value)), True
    if operation == "IN" and all(_is_digit(str(kind), what) for kind, what in value):
        return "0", True
    if operation in _REPEATS and len(value[2]) == 1:
        text, _ = _text_of(str(value[2][0][0]), value[2][0][1])
        return text * min(value[0], 5), bool(text) and value[0] == value[1] <= 5
    return "", False


_REPEATS = ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT")


def _is_digit(kind: str, what: Any) -> bool:
    if kind == "LITERAL":
        return chr(what) in "0123456789"
    if kind == "RANGE":
        return bool(ord("0") <= what[0] and what[1] <= ord("9"))
    return (kind, str(what)) == ("CATEGORY", "CATEGORY_DIGIT")


def _says_something(one: str | Needs) -> bool:
    """A single letter or a space is in every text; a sign such as $ is not."""
    if not isinstance(one, str):
        return True
    text = one.strip()
    return len(text) >= 2 or (bool(text) and not text.isalpha() and text not in _COMMON_SIGNS)


_COMMON_SIGNS = frozenset(".,:;!?-'’\"/")


_EVERYWHERE = re.compile(
    "a|about|all|an|and|any|are|as|at|be|but|by|can|do|for|from|get|has|have|here|how|i|if|in|ing|is|it|its|just|like|"
    "make|may|more|my|new|no|not|now|of|on|one|or|our|out|so|that|the|there|these|they|this|to|up|us|use|was|we|what|"
    "when|will|with|you|your|0+"
)


def _commonness(group: Group) -> float:
    """Roughly in how many of a hundred posts one of these is found."""
    return sum(_commonness_of(one) for one in group)


def _commonness_of(one: str | Needs) -> float:
    if not isinstance(one, str):
        return _commonness(one[0]) / 2
    return 50.0 if _EVERYWHERE.fullmatch(one.strip()) else _BY_LENGTH.get(len(one), 0.5)


_BY_LENGTH = {1: 10.0, 2: 40.0, 3: 10.0, 4: 3.0, 5: 1.0}
_COMMON = 0.6
"""What is held by more posts than this is looked at more closely, where there is more to look at."""


def _of_item(operation: str, value: Any, names: Sequence[str], parts: _Parts) -> Needs:
    if operation == "LITERAL":
        return [_of_character(value, names, parts)]
    if operation == "SUBPATTERN":
        return _of_sequence(value[3], names, parts)
    if operation == "BRANCH":
        return [_any_of(_of_sequence(branch, names, parts) for branch in value[1])]
    if operation in _REPEATS and value[0] >= 1:
        return _of_sequence(value[2], names, parts)
    if operation == "ASSERT":
        return _of_sequence(value[1], names, parts)
    if operation == "IN" and all(str(kind) == "LITERAL" for kind, _ in value):
        # The parser makes a set of a choice between single characters, and so of one between parts.
        return [_any_of([_of_character(code, names, parts)] for _, code in value)]
    if operation == "ATOMIC_GROUP":
        return _of_sequence(value, names, parts)
    return []


def _of_character(code: int, names: Sequence[str], parts: _Parts) -> Group:
    place = code - _IN_PLACE_OF_PARTS
    return parts.needed(names[place]) if 0 <= place < len(names) else [folded(chr(code))]


def _any_of(choices: Iterable[Needs]) -> Group:
    """What several alternatives need between them; nothing where one of them needs nothing."""
    group: dict[str, str | Needs] = {}
    for needs in choices:
        if not needs or not needs[0]:
            return []
        several = len(needs) > 1 and _commonness(needs[0]) > _COMMON
        group |= {repr(one): one for one in ([needs] if several else needs[0])}
    ordered = sorted(group.items(), key=lambda item: (not isinstance(item[1], str), item[0]))
    return [one for _, one in ordered] if len(ordered) <= _MOST_WORDS else []


def folded(text: str) -> str:
    """Without regard to capitals, every digit a 0: as texts and what is needed in them are compared."""
    return _folded(text) if len(text) > 1 else _DIGIT.sub("0", text.casefold())


@lru_cache(maxsize=64)
def _folded(text: str) -> str:
    return _DIGIT.sub("0", text.casefold())


_DIGIT = re.compile(r"\d")
