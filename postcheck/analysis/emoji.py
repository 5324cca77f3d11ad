"""Where emoji stand in a text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from postcheck.analysis.text import emoji

_MAY_BE = re.compile(
    "[\u203c\u2049\u20e3\u2122\u2139\u2194-\u21aa\u231a-\u27bf\u2934-\u2b55\u3030-\u3299\U0001f000-\U0001faff]"
)
_BETWEEN = " \u00a0\u200d\ufe0f"
"""What may stand between emoji of one group."""


@dataclass(frozen=True, slots=True)
class Group:
    """Emoji beside each other, with no more than spaces between them."""

    start: int
    end: int
    count: int
    first: str


@lru_cache(maxsize=64)
def emoji_spans(value: str) -> tuple[tuple[int, int], ...]:
    """Of each emoji, a sequence of several code points as one."""
    if value.isascii() or not _MAY_BE.search(value):
        return ()
    return tuple(match.span() for match in emoji(value))


@lru_cache(maxsize=64)
def emoji_groups(value: str) -> tuple[Group, ...]:
    spans = emoji_spans(value)
    groups: list[list[tuple[int, int]]] = []
    for span in spans:
        if groups and not value[groups[-1][-1][1] : span[0]].strip(_BETWEEN):
            groups[-1].append(span)
        else:
            groups.append([span])
    return tuple(Group(group[0][0], group[-1][1], len(group), value[slice(*group[0])]) for group in groups)
