"""Lists within a sentence, told from other words between commas by the look of their parts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from postcheck.analysis.prose import Prose
from postcheck.analysis.text import MASK
from postcheck.detectors.writing import Hit
from postcheck.model import Context, Draft, Options, Outcome

_LAST_COMMA = re.compile(r",(?P<space>[ ]+)(?P<word>and|or|&)[ ]+", re.IGNORECASE)
_CLAUSE_START = re.compile(r"[;:!?•—–▪►✅➡|\n]|\.(?=\s+[A-Z])| - |--")
_PART_END = re.compile(r"[.,;:!?()\[\]•—–|\n]| - |--|$")
_COMMA = re.compile(r",\s+")
_WORD = re.compile(rf"{MASK}+|[\w$%#][\w.'’&/%$+-]*")
_JOINED = re.compile(r"(?<!\w)(?:and|or|nor|&|\+|plus)(?!\w)|/", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d")


def serial_comma(prose: Prose, options: Options, draft: Draft, context: Context) -> Iterator[Hit]:
    """The comma before the last part of a series of three and more.

    Failed where the parts have at most `longest` words and look like names of things; cantTell where they look like
    actions or are longer, up to `longest_asked` words. Whatever else may stand between two commas is left alone: a
    place, a date, an explanation, an opening, a name called, a clause of its own. The other options are lists of words:

    - `never_inside`: with one of these the last but one part is none;
    - `never_last`: what follows is no part where it begins with one of these;
    - `never_before`: where the words before the two commas end with one of these, no series is there;
    - `openers`: a few words after one of these at the start only set the scene;
    - `actions`, `determiners`, `possessives`, `prepositions`, `places`.
    """
    masked = prose.masked
    for match in _LAST_COMMA.finditer(masked):
        sentence_start, sentence_end = prose.sentence(match.start())
        starts = [found.end() for found in _CLAUSE_START.finditer(masked, sentence_start, match.start())]
        start = starts[-1] if starts else sentence_start
        commas = list(_COMMA.finditer(masked, start, match.start()))
        if not commas:
            continue
        end = _PART_END.search(masked, match.end(), max(sentence_end, match.end()))
        series = _Series(
            before=masked[commas[-2].end() if len(commas) > 1 else start : commas[-1].start()],
            middle=masked[commas[-1].end() : match.start()],
            last=masked[match.end() : end.start() if end else sentence_end],
            begins=len(commas) == 1,
            closed=end is not None and end[0] == ",",
        )
        outcome = _judged(series, options)
        if outcome is not None:
            first = commas[-1].end()
            middle, word = prose.value[first : match.start()], prose.value[match.start("space") : match.end("word")]
            yield Hit(first, match.end("word"), middle + word, outcome)


@dataclass(frozen=True, slots=True)
class _Series:
    """`before`, `middle`, and `last`. Does a clause begin with what is before? Does a comma follow the last?"""

    before: str
    middle: str
    last: str
    begins: bool
    closed: bool


def _judged(series: _Series, options: Options) -> Outcome | None:
    """None where it is no series, or where AP has the comma."""
    before, middle, last = (_WORD.findall(part) for part in (series.before, series.middle, series.last))
    if not before or not middle or not last or len(middle) > options["longest_asked"]:
        return None
    if any(mark in series.middle for mark in '()[]"“”') or _is_joined(series, last):
        return None
    if _plain(before[-1]) in _words(options, "never_before") or _plain(last[0]) in _words(options, "never_last"):
        return None
    if any(_plain(word) in _words(options, "never_inside") for word in middle):
        return None
    opens = series.begins and _plain(before[0]) in _words(options, "openers") and len(before) <= 4
    # "For questions, comments, or concerns, call ..." is a series; "On Monday, staff, and ..." is none.
    if opens and not (series.closed and len(middle) <= 2 and len(last) <= 3):
        return None
    if _is_place_or_date(before, middle, last, options) or not _are_alike(series, before, middle, last):
        return None
    return _by_kind(series, before, middle, last, options)


def _is_joined(series: _Series, last: list[str]) -> bool:
    """Does a part itself hold "and"? Then AP sets the comma."""
    first_words = " ".join(last[:4]) if len(last) > 4 else series.last
    return any(_JOINED.search(text) for text in (series.middle, first_words, " ".join(series.before.split()[-3:])))


def _is_place_or_date(before: list[str], middle: list[str], last: list[str], options: Options) -> bool:
    if _plain(" ".join(middle)) in _words(options, "places"):
        return True
    months = _months(options)
    has_figure = any(word[0].isdigit() for word in middle)
    if has_figure and any(_plain(word) in months for word in middle):
        return True
    if middle[0].isdigit():
        after_date = len(before) > 1 and _plain(before[-2]) in months and bool(_YEAR.fullmatch(middle[0]))
        return after_date or not (before[-1][0].isdigit() and last[0][0].isdigit())
    return False


def _are_alike(series: _Series, before: list[str], middle: list[str], last: list[str]) -> bool:
    """Have the parts capitals alike? "Jane Roe, director, and ..." and "our director, Jane Roe, and ..." have not."""
    first = _case(before[-1]) if not (series.begins and len(before) == 1) else ""
    cases = {first, _case(middle[0]), _case(last[0])} - {""}
    return len(cases) < 2


def _case(word: str) -> str:
    """ "" where capitals say nothing: abbreviations, figures, hashtags, all capitals."""
    letters = [char for char in word if char.isalpha()]
    if len(letters) < 2 or any(char.isdigit() for char in word) or any(char.isupper() for char in letters[1:]):
        return ""
    return "capital" if letters[0].isupper() else "small"


def _by_kind(
    series: _Series, before: list[str], middle: list[str], last: list[str], options: Options
) -> Outcome | None:
    determiners, possessives = _words(options, "determiners"), _words(options, "possessives")
    prepositions = _words(options, "prepositions")
    first, following = _plain(middle[0]), _plain(last[0])
    if _is_action(middle, options):
        subordinate = series.begins and _plain(before[0]) in _words(options, "openers")
        return Outcome.CANT_TELL if _is_action(last, options) and not subordinate else None
    if any(_plain(word) in determiners | possessives for word in middle[1:]) and first not in prepositions:
        return None
    if first in possessives:
        near = {_plain(word) for word in before[-3:]}
        return _by_length(middle, options) if following in possessives and near & (possessives | _YOU) else None
    if first in determiners:
        near = {_plain(word) for word in before[-4:]}
        alike = following in determiners | possessives and near & (determiners | possessives)
        return Outcome.CANT_TELL if alike else None
    if first in prepositions:
        return _by_length(middle, options) if following in prepositions else None
    if following in prepositions and len(last) > 1:
        return None
    if _case(middle[0]) == "capital" and len(middle) > 1 and _case(middle[1]) == "capital":
        return Outcome.CANT_TELL
    if following in _words(options, "actions") and len(last) > 1:
        return None
    if following in possessives:
        return Outcome.CANT_TELL
    if following.endswith("ing") and len(last) > 1 and _plain(last[1]) in determiners | possessives | {"others"}:
        return Outcome.CANT_TELL
    return _by_length(middle, options)


_YOU = frozenset(("you", "yourself", "yourselves", "me", "us", "them", "him", "her"))


def _is_action(part: list[str], options: Options) -> bool:
    """ "wash your hands", "protecting others"; and a single "wash", but not a single "washing": it may be a thing."""
    first = _plain(part[0])
    return first in _words(options, "actions") or (first.endswith("ing") and len(first) > 5 and len(part) > 1)


def _by_length(middle: list[str], options: Options) -> Outcome:
    return Outcome.FAILED if len(middle) <= options["longest"] else Outcome.CANT_TELL


def _plain(word: str) -> str:
    return word.lower().replace("’", "'").rstrip(".")


@cache
def _words(options: Options, key: str) -> frozenset[str]:
    return frozenset(str(word).lower() for word in options[key])


@cache
def _months(options: Options) -> frozenset[str]:
    return frozenset(name.lower() for key in ("month", "month_cut") for name in options["parts"][key])
