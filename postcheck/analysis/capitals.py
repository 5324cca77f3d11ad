"""Words in capitals, and runs of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_UPPER = "A-ZÀ-ÖØ-Þ"
_TWO = re.compile(f"[{_UPPER}]{{2}}")
_REST = rf"[{_UPPER}'’]*[{_UPPER}](?:-[{_UPPER}0-9]+)*(?![\w’'&]|\.[{_UPPER}])"
_WORD = f"[{_UPPER}]{_REST}"
_BETWEEN = r"(?:[ ]?[,&/-][ ]?|[ ]{1,2}[-–—][ ]{1,2}|[ ]{1,2})(?:(?:A|I|\d[\d,]*)[ ])*"
_RUN = re.compile(rf"[{_UPPER}](?<![\w&.'’/#@-][{_UPPER}]){_REST}(?:{_BETWEEN}{_WORD})*")
_EACH = re.compile(_WORD)


@dataclass(frozen=True, slots=True)
class Run:
    """Words in capitals that follow each other with nothing in small letters between."""

    start: int
    end: int
    words: tuple[tuple[int, int, str], ...]
    """Of each: where it begins and ends, and the word."""
    is_label: bool
    """A colon follows: "TUNE IN:"."""


@lru_cache(maxsize=64)
def runs(text: str) -> tuple[Run, ...]:
    if not _TWO.search(text):
        return ()
    return tuple(
        Run(
            *match.span(),
            words=tuple((*word.span(), word[0]) for word in _EACH.finditer(text, *match.span())),
            is_label=text[match.end() : match.end() + 2].strip().startswith(":"),
        )
        for match in _RUN.finditer(text)
    )
