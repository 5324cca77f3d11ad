"""What a text must hold for a regular expression to match in it.

Most expressions of the checks are long, and most texts hold not one of the words that they are about. Compiling such an
expression costs a hundred times as much as seeing that: so what each needs is worked out when the checks are read, kept
with them, and an expression is compiled when a text first holds what it needs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

_MOST_WORDS = 1000
PART = re.compile(r"(?<!\(\?P)<([a-z_]+)>")
"""A part in an expression, but not the name of a group, `(?P<hit>...)`."""
_IN_PLACE_OF_PARTS = 0xE000
"""The private-use area of Unicode: nobody writes an expression with these."""


Needs = tuple[tuple[str, ...], ...]
"""Groups of texts, folded in case: of each group a text must hold one. No group at all: any text may do."""


def needed(expression: str, parts: Mapping[str, Sequence[str]]) -> Needs:
    """What a folded text must hold for `expression` to match in it without regard to capitals, the rarest group first.

    `parts` are the lists that `<name>` in the expression stands for.
    """
    return _needed(expression, _Parts(parts))


class _Parts:
    """What each list needs, worked out once."""

    def __init__(self, parts: Mapping[str, Sequence[str]]) -> None:
        self._parts = parts
        self._known: dict[str, tuple[str, ...]] = {}

    def needed(self, name: str) -> tuple[str, ...]:
        if name not in self._known:
            self._known[name] = _any_of(_rarest(_needed(one, self)) for one in self._parts[name])
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
            found[expression] = ()
    return found


def _needed(expression: str, parts: _Parts) -> Needs:
    names = PART.findall(expression)
    numbers = iter(range(_IN_PLACE_OF_PARTS, _IN_PLACE_OF_PARTS + len(names)))
    tree = _tree(PART.sub(lambda _: chr(next(numbers)), expression))
    return _of_sequence(tree, names, parts) if tree is not None else ()


def _rarest(needs: Needs) -> tuple[str, ...]:
    return needs[0] if needs else ()


def _tree(expression: str) -> Any:
    """The standard library's own parse of an expression; None should it ever stop giving it out."""
    try:
        from re import _parser  # type: ignore[attr-defined]
    except ImportError:
        return None
    return _parser.parse(expression)


def _of_sequence(tree: Any, names: Sequence[str], parts: _Parts) -> Needs:
    """All items of a sequence must match: what the choosiest few of them need says enough."""
    choices: list[tuple[str, ...]] = []
    run = ""
    for operation, value in tree:
        operation = str(operation)
        if operation == "LITERAL" and value < _IN_PLACE_OF_PARTS:
            run += chr(value)
            continue
        choices.append((run,))
        run = ""
        choices += _of_item(operation, value, names, parts)
    choices.append((run,))
    folded_choices = {tuple(sorted({one.casefold() for one in choice})) for choice in choices if choice}
    usable = [choice for choice in folded_choices if all(map(_says_something, choice))]
    return tuple(sorted(usable, key=lambda choice: (_commonness(choice), choice))[:_MOST_GROUPS])


_MOST_GROUPS = 3


def _says_something(text: str) -> bool:
    """A single letter or a space is in every text; a sign such as $ is not."""
    return len(text.strip()) >= 2 or (bool(text.strip()) and not text.isalnum() and text.strip() not in _COMMON_SIGNS)


_COMMON_SIGNS = frozenset(".,:;!?-'’\"/")


_EVERYWHERE = re.compile(
    "a|about|all|an|and|any|are|as|at|be|but|by|can|do|for|from|get|has|have|here|how|i|if|in|ing|is|it|its|just|like|"
    "make|may|more|my|new|no|not|now|of|on|one|or|our|out|so|that|the|there|these|they|this|to|up|us|use|was|we|what|"
    "when|will|with|you|your"
)


def _commonness(choice: tuple[str, ...]) -> float:
    """Roughly in how many of a hundred posts one of these is found."""
    return sum(50.0 if _EVERYWHERE.fullmatch(one.strip()) else _BY_LENGTH.get(len(one), 0.5) for one in choice)


_BY_LENGTH = {1: 10.0, 2: 40.0, 3: 10.0, 4: 3.0, 5: 1.0}


def _of_item(operation: str, value: Any, names: Sequence[str], parts: _Parts) -> Needs:
    if operation == "LITERAL":
        return (_of_character(value, names, parts),)
    if operation == "SUBPATTERN":
        return _of_sequence(value[3], names, parts)
    if operation == "BRANCH":
        return (_any_of(_rarest(_of_sequence(branch, names, parts)) for branch in value[1]),)
    if operation in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT") and value[0] >= 1:
        return _of_sequence(value[2], names, parts)
    if operation == "ASSERT":
        return _of_sequence(value[1], names, parts)
    if operation == "IN" and all(str(kind) == "LITERAL" for kind, _ in value):
        # The parser makes a set of a choice between single characters, and so of one between parts.
        return (_any_of(_of_character(code, names, parts) for _, code in value),)
    if operation == "ATOMIC_GROUP":
        return _of_sequence(value, names, parts)
    return ()


def _of_character(code: int, names: Sequence[str], parts: _Parts) -> tuple[str, ...]:
    place = code - _IN_PLACE_OF_PARTS
    return parts.needed(names[place]) if 0 <= place < len(names) else (chr(code),)


def _any_of(choices: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """What several alternatives need between them; nothing where one of them needs nothing."""
    words: set[str] = set()
    for choice in choices:
        if not choice:
            return ()
        words.update(choice)
    return tuple(sorted(words)) if len(words) <= _MOST_WORDS else ()


@lru_cache(maxsize=64)
def folded(text: str) -> str:
    """Without regard to capitals: as texts and what is needed in them are compared."""
    return text.casefold()
