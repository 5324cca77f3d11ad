"""Words and expressions from a check's options: phrases, patterns and substitutions."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from postcheck.analysis.prose import Prose
from postcheck.detectors.patterns import NAMED, expression, expressions
from postcheck.detectors.writing import Hit, cased_as, spelled
from postcheck.model import Applicability, Context, Draft, Options, Outcome

_OUTCOMES = {"failed": Outcome.FAILED, "cantTell": Outcome.CANT_TELL}


def phrases(prose: Prose, options: Options, draft: Draft, context: Context) -> Iterator[Hit]:
    """Options: `phrases`, each with what to write instead: a text, several to choose from, or "" for nothing.
    `outcome`: failed (so where it is not given) or cantTell.

    Capitals do not count; a space stands for any white space, an apostrophe for both kinds.
    """
    expression, writes = _phrases(options)
    outcome = _OUTCOMES[options.get("outcome", "failed")]
    for match in expression.finditer(prose.masked):
        write = writes[_plain(match[0])]
        choices = [cased_as(match[0], choice) for choice in ([write] if isinstance(write, str) else write) if choice]
        start, choices = _with_article(prose, match.start(), choices)
        data = {"alternatives": " or ".join(f"“{choice}”" for choice in choices)}
        # Of several, the first is shown, and none is written by itself.
        fix = Applicability.DISPLAY if len(choices) > 1 else None
        yield Hit(start, match.end(), choices[0] if choices else None, outcome, fix, data)


_ARTICLE = re.compile(r"(?<!\w)(an?) $", re.IGNORECASE)
_VOWEL = re.compile(r"(?!uni|use|one|eu)[aeiou]|hon|hour|heir", re.IGNORECASE)
"""How a word that takes “an” begins."""


def _with_article(prose: Prose, start: int, choices: list[str]) -> tuple[int, list[str]]:
    """Where “a” must become “an” or the other way round, the article is replaced too."""
    article = _ARTICLE.search(prose.masked, max(start - 3, 0), start)
    if article is None or not choices:
        return start, choices
    first = choices[0]
    wanted = "" if first.split()[0].lower().endswith("s") and " " not in first else "an" if _VOWEL.match(first) else "a"
    if wanted == article[1].lower() or not wanted:
        return start, choices
    return article.start(), [
        f"{cased_as(article[1][0], 'an' if _VOWEL.match(choice) else 'a')} {choice}" for choice in choices
    ]


@cache
def _phrases(options: Options) -> tuple[re.Pattern[str], dict[str, str | list[str]]]:
    writes = {_plain(phrase): write for phrase, write in options["phrases"].items()}
    longest_first = sorted(writes, key=len, reverse=True)
    alternatives = "|".join(map(spelled, longest_first))
    return re.compile(rf"(?<![\w'’-])(?:{alternatives})(?![\w]|[-'’]\w)", re.IGNORECASE), writes


def _plain(phrase: str) -> str:
    return " ".join(phrase.lower().replace("’", "'").split())


def pattern(prose: Prose, options: Options, draft: Draft, context: Context) -> Iterator[Hit]:
    """Options: `failed` and `cant_tell`, lists of expressions; `failed_tag` and `cant_tell_tag`, of expressions for the
    words of a hashtag alone. A group named `hit` is what is meant; other named groups can be told in the message.
    Places that an expression above has taken are not told again."""
    return told(prose, prose.masked, options)


def pattern_in_links(prose: Prose, options: Options, draft: Draft, context: Context) -> Iterator[Hit]:
    """As `pattern`, but links, e-mail addresses, @mentions and hashtags are read as they are written."""
    return told(prose, prose.value, options)


Holds = Callable[[re.Match[str]], object]


def told(prose: Prose, text: str, options: Options, holds: Holds = bool) -> Iterator[Hit]:
    """What `failed` and `cant_tell` find in `text`, which is one reading of the prose, and `holds` accepts."""
    for key, hit in found(prose, options, ("failed", "cant_tell"), text, holds):
        yield replace(hit, outcome=Outcome.FAILED) if key == "failed" else hit


def found(
    prose: Prose, options: Options, keys: Sequence[str], text: str | None = None, holds: Holds = bool
) -> Iterator[tuple[str, Hit]]:
    """What the expressions under each key match, the first of those that meet, as hits that ask; and the key. Of a
    hashtag's words also what those under the key with `_tag` match."""
    text = prose.masked if text is None else text
    taken: list[tuple[int, int]] = []
    for key in keys:
        tags = expressions(options, f"{key}_tag") if prose.whole is not prose else []
        for one in (*expressions(options, key), *tags):
            for match in one.finditer(text):
                start, end = _place(match)
                if holds(match) and _take(taken, start, end):
                    yield key, Hit(start, end, None, Outcome.CANT_TELL, data=_groups(match))


@dataclass(frozen=True, slots=True)
class _Replacement:
    find: str
    write: Any
    is_table: bool
    outcome: Outcome
    fix: Applicability | None
    message: str
    triggers: tuple[str, ...]


def substitution(prose: Prose, options: Options, draft: Draft, context: Context) -> Iterator[Hit]:
    """Options: `replace`, a list of `find` (an expression) and `write`: what to put there, with `\\1` or `\\g<name>`
    for its groups; or a table from what is replaced (in small letters, without a period at its end) to what to put
    there. And where they differ from the check's: `outcome`, `fix`, `message`, `triggers`.

    What is found is shown, or the group named `hit` where there is one; the group named `old` is what is replaced,
    or all that is shown. The first that replaces a place has it. `keep_capitals`: what is all capitals stays so.
    """
    taken: list[tuple[int, int]] = []
    for rule in _replacements(options):
        if rule.triggers and not any(map(prose.has, rule.triggers)):
            continue
        for match in expression(rule.find, options).finditer(prose.masked):
            place = _place(match)
            start, end = match.span("old") if "old" in match.re.groupindex else place
            if not _take(taken, start, end):
                continue
            found = prose.masked[start:end]
            write = rule.write[found.lower().rstrip(".")] if rule.is_table else match.expand(rule.write)
            if options.get("keep_capitals") and found.isupper():
                write = write.upper()
            if write != found:
                yield Hit(*place, write, rule.outcome, rule.fix, _groups(match), rule.message, (start, end))


@cache
def _replacements(options: Options) -> list[_Replacement]:
    return [
        _Replacement(
            rule["find"],
            {str(old): new for old, new in rule["write"].items()} if isinstance(rule["write"], dict) else rule["write"],
            isinstance(rule["write"], dict),
            _OUTCOMES[rule.get("outcome", options.get("outcome", "failed"))],
            Applicability(rule["fix"]) if "fix" in rule else None,
            rule.get("message", ""),
            tuple(rule.get("triggers", ())),
        )
        for rule in options["replace"]
    ]


def _take(taken: list[tuple[int, int]], start: int, end: int) -> bool:
    """Take the place, where no rule above has taken some of it. `taken` is kept in order."""
    index = bisect_left(taken, (start, end))
    if (index and taken[index - 1][1] > start) or (index < len(taken) and taken[index][0] < end):
        return False
    taken.insert(index, (start, end))
    return True


def _place(match: re.Match[str]) -> tuple[int, int]:
    return match.span("hit") if "hit" in match.re.groupindex else match.span()


def _groups(match: re.Match[str]) -> dict[str, str]:
    return {
        name: text
        for name, text in match.groupdict().items()
        if text and name not in ("hit", "old") and not name.startswith(NAMED)
    }
