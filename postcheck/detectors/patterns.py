"""Regular expressions from a check's options, with the parts they are built of.

`parts` names lists of alternatives; `<name>` in an expression stands for any one of them. So a check file can keep its
words as lists that anybody can read and add to, and its expressions short.

Names of persons are a special case. What is capitalized may be one, unless it is a word of the list `no_person`; that
list is so long that it is not put into each expression for every word of a name. A group `(?P<person>...)` stands for
the name, in as many places as need be, and what it has matched is looked up afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, cached_property
from itertools import count

from postcheck.analysis.needed import PART, PERSON, Needs, folded, holds, needed
from postcheck.model import NEEDS, Options


class Expression:
    """One expression, to be matched without regard to capitals. It is compiled when a text first holds what it
    needs."""

    def __init__(self, written: str, options: Options) -> None:
        self._written = written
        self._parts: Mapping[str, Sequence[str]] = options.get("parts") or {}
        known = options.get(NEEDS, {})
        self.needs: Needs = known[written] if written in known else needed(written, self._parts)
        """What a text must hold for the expression to match (see `analysis.needed`)."""

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        numbers = count()
        filled = _filled(self._written, self._parts)
        return re.compile(PERSON.sub(lambda _: f"(?P<{NAMED}{next(numbers)}>", filled), re.IGNORECASE)

    def may_match(self, text: str) -> bool:
        return not self.needs or holds(folded(text), self.needs)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        if not self.may_match(text):
            return iter(())
        return self._naming(text) if self._persons else self.compiled.finditer(text)

    def search(self, text: str) -> re.Match[str] | None:
        return next(self.finditer(text), None)

    def fullmatch(self, text: str) -> re.Match[str] | None:
        match = self.compiled.fullmatch(text) if self.may_match(text) else None
        return match if match is not None and self._names_persons(match) else None

    @cached_property
    def _persons(self) -> list[str]:
        """The groups for names."""
        return [name for name in self.compiled.groupindex if name.startswith(NAMED)]

    def _naming(self, text: str) -> Iterator[re.Match[str]]:
        """The matches whose names can be those of persons. Where one cannot, another match may begin within it."""
        match = self.compiled.search(text)
        while match is not None:
            is_one = self._names_persons(match)
            if is_one:
                yield match
            start = match.end() if is_one and match.end() > match.start() else match.start() + 1
            match = self.compiled.search(text, start)

    def _names_persons(self, match: re.Match[str]) -> bool:
        words = {word for name in self._persons for word in _WORD.findall(match[name] or "")}
        return not words or words.isdisjoint(_no_person(tuple(self._parts["no_person"])))


NAMED = "person"
"""How the names of the groups for names begin."""
_WORD = re.compile(r"[^\W\d_]+")


@cache
def _no_person(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(words)


@cache
def expressions(options: Options, key: str) -> list[Expression]:
    """The expressions under `key`.

    Raises:
        KeyError: an expression uses a part that is not there.
        re.error: an expression is none.
    """
    return [expression(one, options) for one in options.get(key, ())]


@cache
def expression(written: str, options: Options) -> Expression:
    return Expression(written, options)


def _filled(written: str, parts: Mapping[str, Sequence[str]]) -> str:
    """The expression with its parts filled in. A part may be built of other parts."""
    return PART.sub(lambda match: f"(?:{'|'.join(_filled(one, parts) for one in parts[match[1]])})", written)
