"""Regular expressions from a check's options, with the parts they are built of.

`parts` names lists of alternatives; `<name>` in an expression stands for any one of them. So a check file can keep its
words as lists that anybody can read and add to, and its expressions short.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, cached_property

from postcheck.analysis.needed import PART, folded, needed
from postcheck.model import NEEDS, Options


class Expression:
    """One expression, to be matched without regard to capitals. It is compiled when a text first holds what it
    needs."""

    def __init__(self, written: str, options: Options) -> None:
        self._written = written
        self._parts: Mapping[str, Sequence[str]] = options.get("parts") or {}
        known = options.get(NEEDS, {})
        self.needs: Sequence[Sequence[str]] = known[written] if written in known else needed(written, self._parts)
        """What a text must hold for the expression to match (see `analysis.needed`)."""

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        return re.compile(_filled(self._written, self._parts), re.IGNORECASE)

    def may_match(self, text: str) -> bool:
        if not self.needs:
            return True
        low = folded(text)
        return all(any(one in low for one in group) for group in self.needs)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        return self.compiled.finditer(text) if self.may_match(text) else iter(())

    def search(self, text: str) -> re.Match[str] | None:
        return self.compiled.search(text) if self.may_match(text) else None

    def fullmatch(self, text: str) -> re.Match[str] | None:
        return self.compiled.fullmatch(text) if self.may_match(text) else None


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
