"""Names of accounts: what they may be made of, when two are the same, and when one may be taken for another."""

from __future__ import annotations

import re
import unicodedata

from postcheck.errors import UsageError

LONGEST = 100
"""Characters of a name."""
_NAME = re.compile(rf"[A-Za-z0-9](?:[A-Za-z0-9._@-]{{0,{LONGEST - 2}}}[A-Za-z0-9])?")
"""Letters of other scripts look like these (а, е, о), and cannot be sent in the header of a proxy."""
_LOOKS = (("rn", "m"), ("vv", "w"), ("0", "o"), ("1", "l"), ("i", "l"), ("_", "."), ("-", "."))
"""What is taken for something else where names are read: I and l, O and 0."""


def written(name: str) -> str:
    """The name as an account keeps it.

    Raises:
        UsageError: it is none.
    """
    normal = unicodedata.normalize("NFKC", name[: LONGEST + 1].strip())
    if len(name) > LONGEST or not _NAME.fullmatch(normal):
        raise UsageError(
            f"`{name[:LONGEST]}` cannot be an account's name. Take letters from A to Z, digits and . _ @ - between "
            f"them, {LONGEST} at most."
        )
    return normal


def fold(name: str) -> str:
    """Two names are the same where this is. Of any text, also one that is no name."""
    text = unicodedata.normalize("NFKC", name[: 10 * LONGEST].strip()).casefold()
    return unicodedata.normalize("NFKC", text)


def looks(name: str) -> str:
    """Two names may be taken for each other where this is the same."""
    text = fold(name)
    for one, other in _LOOKS:
        text = text.replace(one, other)
    return text
