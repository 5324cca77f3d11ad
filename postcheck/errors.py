"""What can be wrong with what a person gave us, as opposed to a fault of ours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in a file, with the place and the mend.

    `line` and `column` count from 1, in Unicode code points; None where the whole file is meant.
    """

    message: str
    path: str
    line: int | None = None
    column: int | None = None
    advice: str = ""

    @property
    def place(self) -> str:
        """`post.md:14:8`, as far as it is known."""
        return ":".join(str(part) for part in (self.path, self.line, self.column) if part)

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" + (f" {self.advice}" if self.advice else "")


class PostcheckError(Exception):
    """Something the person who called postcheck can mend. The command line exits with 2."""

    def __init__(self, problems: Problem | Sequence[Problem] | str) -> None:
        if isinstance(problems, Problem):
            problems = (problems,)
        self.problems: tuple[Problem, ...] = () if isinstance(problems, str) else tuple(problems)
        super().__init__(problems if isinstance(problems, str) else "\n".join(str(problem) for problem in problems))


class UsageError(PostcheckError):
    """A path, an option or a name on the command line that cannot be followed."""


class Stale(UsageError):
    """What a person was shown is not how things are any more: look again, then decide."""


class NotAllowed(UsageError):
    """This person may not do this."""


class NotReady(UsageError):
    """This cannot be done with the draft as it stands, or not with what was told."""


class ConfigError(PostcheckError):
    """A fault in postcheck.toml or [tool.postcheck]."""


class CatalogError(PostcheckError):
    """A fault in a file of checks/."""


class DraftError(PostcheckError):
    """A draft that cannot be read; it carries every problem found, not only the first."""


class CannotTest(Exception):
    """A detector cannot measure this; the message is the reason, for a person. The check is then untested."""


def nearest(word: str, known: Sequence[str]) -> str | None:
    """The entry of `known` that was most likely meant by `word`, or None."""
    from difflib import get_close_matches  # only ever needed when something is wrong

    folded = {entry.casefold(): entry for entry in reversed(known)}
    found = get_close_matches(word.casefold(), list(folded), n=1, cutoff=0.6)
    return folded[found[0]] if found else None


def near_miss(word: str, known: Sequence[str]) -> str:
    """ "Did you mean `x`?", or "" where nothing is near."""
    near = nearest(word, known)
    return f"Did you mean `{near}`?" if near else ""


def did_you_mean(word: str, known: Sequence[str]) -> str:
    """As `near_miss`, or the whole list where nothing is near and the list is short."""
    if not known or len(known) > 12:
        return near_miss(word, known)
    return near_miss(word, known) or "Known: " + ", ".join(f"`{entry}`" for entry in known) + "."
