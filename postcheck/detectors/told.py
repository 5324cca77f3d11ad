"""What the words in a picture say, and whether the alt text or the post says it too."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from difflib import SequenceMatcher
from typing import NamedTuple

from postcheck.analysis.lettering import Lettering, Line, lettering
from postcheck.detectors.alt_text import alt_of
from postcheck.detectors.lettering import EVEN, PHOTOGRAPH, STRAIGHT, css_size
from postcheck.detectors.pictures import each, place_in
from postcheck.model import PASSED, Context, Draft, Image, Observation, Options, Outcome

_SURE = 0.9
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    "|nov(?:ember)?|dec(?:ember)?)"
)


class _Fact(NamedTuple):
    """A kind of thing that a reader must not miss: how it is written, and what of it must be told."""

    expression: str
    plain: Callable[[re.Match[str]], str]


def _digits(match: re.Match[str]) -> str:
    return re.sub(r"\D", "", match[0]).removeprefix("1" if len(re.sub(r"\D", "", match[0])) == 11 else "")


def _date(match: re.Match[str]) -> str:
    month = match["month"].lower()
    return f"{month if month.isdigit() else _MONTHS.index(month[:3]) + 1} {int(match['day'])}"


def _time(match: re.Match[str]) -> str:
    return f"{int(match['hour'])}:{match['minute'] or '00'} {match['half'][0].lower()}"


FACTS = {
    "telephone number": _Fact(r"(?<!\d)(?:1[-. ])?(?:\(\d{3}\) ?|\d{3}[-. ])?\d{3}[-. ]\d{4}(?!\d)", _digits),
    "date": _Fact(rf"\b(?P<month>{_MONTH})\.? ?(?P<day>[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?\b", _date),
    "date, day first": _Fact(rf"\b(?P<day>[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)? (?P<month>{_MONTH})\b", _date),
    "date in figures": _Fact(
        r"(?<![\d/])(?P<month>1[0-2]|0?[1-9])/(?P<day>[12]\d|3[01]|0?[1-9])(?:/\d{2,4})?(?!\d)", _date
    ),
    "time": _Fact(r"(?<![\d:])(?P<hour>1[0-2]|0?[1-9])(?::(?P<minute>[0-5]\d))? ?(?P<half>[ap])\.? ?m\b\.?", _time),
    "amount": _Fact(r"\$ ?\d[\d,]*(?:\.\d\d)?", lambda match: re.sub(r"\D", "", match[0].removesuffix(".00"))),
    "web address": _Fact(
        r"\b(?:https?://)?(?:www\.)?(?P<site>(?:[a-z0-9-]{1,63}\.){1,5}(?:gov|org|com|net|us|edu))\b(?:/[\w./-]*)?",
        lambda match: match["site"].lower(),
    ),
}
"""By what they are called in a message. A weekday alone is no fact: a date says more."""


def misses_text(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    """Options: `shown_width` and `minimum`, CSS pixels: smaller words are not what the picture is for. `told`: the
    share of the words of a title that must be told."""
    post = " ".join(text.value for text in draft.posts())

    def judge(image: Image, found: Lettering) -> Iterator[Observation]:
        alt = alt_of(image)
        if alt is None and not image.decorative:
            return  # alt-text/missing speaks of it
        lines = _prominent(image, found, options)
        if not lines:
            return
        text = f"{alt.value if alt else ''} {post}"
        missing = [(line, fact) for line in lines for fact in _facts(line.text) if not _is_told(fact, text)]
        if missing:
            facts = list(dict.fromkeys(fact.words for _, fact in missing))
            data = {"file": image.asset.name, "found": _quoted(facts), "facts": facts}
            yield Observation(Outcome.FAILED, place_in(image, missing[0][0].box), data)
            return
        tallest = max(line.cap for line in lines)
        title = [line for line in lines if line.cap >= tallest * _OF_THE_TALLEST]
        words = _words(" ".join(line.text for line in title))
        of_text = _words(text)
        told = [word for word in words if any(_alike(word, other) for other in of_text)]
        if len(words) >= _FEWEST and len(told) < len(words) * options["told"]:
            said = " / ".join(line.text for line in title)
            yield Observation(
                Outcome.CANT_TELL, place_in(image, title[0].box), {"file": image.asset.name, "said": said}
            )
        else:
            yield PASSED

    return each(draft, lettering, judge)


_OF_THE_TALLEST = 0.6
_FEWEST = 2
"""Words of a title."""


def _prominent(image: Image, found: Lettering, options: Options) -> list[Line]:
    """What was put upon the picture to be read, not a street sign in it or the small print of a screenshot."""
    if found.flat < PHOTOGRAPH:
        return []
    return [
        line
        for line in found.lines
        if line.on != "black"
        and line.sure >= _SURE
        and abs(line.tilt) <= STRAIGHT
        and line.uneven <= EVEN
        and css_size(line, found.width, options) >= options["minimum"]
    ]


class _Said(NamedTuple):
    kind: str
    words: str
    plain: str


def _facts(text: str) -> list[_Said]:
    return [
        _Said(kind, match[0].strip(), fact.plain(match))
        for kind, fact in FACTS.items()
        for match in re.finditer(fact.expression, text, re.IGNORECASE | re.ASCII)
    ]


def _is_told(said: _Said, text: str) -> bool:
    """A web address may have a letter or two misread."""
    others = [other for other in _facts(text) if other.kind[:4] == said.kind[:4]]
    if any(other.plain == said.plain for other in others):
        return True
    if said.kind == "telephone number":  # with the area code or without
        return any(other.plain[-7:] == said.plain[-7:] for other in others)
    if said.kind == "amount":  # 5 dollars
        return re.search(rf"(?<!\d){said.plain}(?!\d)", text.replace(",", "")) is not None
    if said.kind == "time":
        return said.plain == "12:00 p" and "noon" in text.lower()
    if said.kind == "web address":
        return any(SequenceMatcher(None, other.plain, said.plain).ratio() >= _SLIP for other in others)
    return False


_SLIP = 0.85


def _words(text: str) -> list[str]:
    """Those that carry meaning, in small letters."""
    return [word for word in re.findall(r"[^\W_]{3,}", text.lower()) if word not in _EMPTY]


_EMPTY = frozenset(
    (
        "the",
        "and",
        "for",
        "you",
        "your",
        "our",
        "with",
        "from",
        "are",
        "this",
        "that",
        "have",
        "has",
        "will",
        "was",
        "not",
        "all",
        "can",
        "its",
        "here",
        "how",
        "what",
        "when",
        "who",
        "why",
        "more",
    )
)


def _alike(one: str, other: str) -> bool:
    """The same word, in another form or misread by a letter."""
    if one[:4] == other[:4]:
        return True
    return abs(len(one) - len(other)) <= 2 and SequenceMatcher(None, one, other).ratio() >= _SLIP


def _quoted(facts: list[str]) -> str:
    shown = [f"“{fact}”" for fact in facts[:4]]
    more = len(facts) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")
