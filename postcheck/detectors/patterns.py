"""Regular expressions from a check's options, with the parts they are built of.

`parts` names lists of alternatives; `<name>` in an expression stands for any one of them. So a check file can keep its
words as lists that anybody can read and add to, and its expressions short.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache

from postcheck.model import Options

_PART = re.compile(r"<([a-z_]+)>")


def expressions(options: Options, key: str) -> list[re.Pattern[str]]:
    """The expressions under `key`, to be matched without regard to capitals.

    Raises:
        KeyError: an expression uses a part that is not there.
        re.error: an expression is none.
    """
    parts: Mapping[str, Sequence[str]] = options.get("parts", {})
    return _compiled(tuple(options.get(key, ())), tuple((name, tuple(words)) for name, words in parts.items()))


@cache
def _compiled(found: tuple[str, ...], parts: tuple[tuple[str, tuple[str, ...]], ...]) -> list[re.Pattern[str]]:
    words = dict(parts)
    filled = (_PART.sub(lambda match: f"(?:{'|'.join(words[match[1]])})", one) if words else one for one in found)
    return [re.compile(one, re.IGNORECASE) for one in filled]
