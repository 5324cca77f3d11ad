"""Regular expressions from a check's options, with the parts they are built of.

`parts` names lists of alternatives; `<name>` in an expression stands for any one of them. So a check file can keep its
words as lists that anybody can read and add to, and its expressions short.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache

from postcheck.model import Options

_PART = re.compile(r"(?<!\(\?P)<([a-z_]+)>")
"""But not the name of a group, `(?P<hit>...)`."""


@cache
def expressions(options: Options, key: str) -> list[re.Pattern[str]]:
    """The expressions under `key`, to be matched without regard to capitals.

    Raises:
        KeyError: an expression uses a part that is not there.
        re.error: an expression is none.
    """
    return [expression(one, options) for one in options.get(key, ())]


@cache
def expression(written: str, options: Options) -> re.Pattern[str]:
    """`written` with its parts filled in."""
    return re.compile(_filled(written, options.get("parts") or {}), re.IGNORECASE)


def _filled(written: str, parts: Mapping[str, Sequence[str]]) -> str:
    """A part may be built of other parts."""
    return _PART.sub(lambda match: f"(?:{'|'.join(_filled(one, parts) for one in parts[match[1]])})", written)
