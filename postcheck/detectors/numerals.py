"""Figures where AP asks for words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from postcheck.analysis.prose import Prose
from postcheck.detectors.writing import Hit
from postcheck.model import Context, Draft, Options

_FIGURE = re.compile(
    r"(?P<figure>\d[\d,]*)(?= [a-z])(?! ?(?:[ap]\.?m\b|a\.m|p\.m|million|billion|percent|feet|inches))"
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_WORD = re.compile(r"\b[A-Za-z][\w'’-]*")
_LINE_FIGURE = re.compile(r"^\W*\d", re.MULTILINE)


def sentence_figure(prose: Prose, options: Options, draft: Draft, context: Context) -> Iterator[Hit]:
    """A full sentence, ended by a mark and of `minimum_words` words and more, that begins with a figure. Years may
    begin a sentence; items of a list do."""
    if len(_LINE_FIGURE.findall(prose.masked)) > 1:
        return
    for start, end in prose.sentences:
        match = _FIGURE.match(prose.masked, start)
        if match is None or _YEAR.fullmatch(match["figure"]) or prose.masked[end - 1] not in ".!?":
            continue
        if len(_WORD.findall(prose.masked, match.end(), end)) + 1 >= options["minimum_words"]:
            yield Hit(start, match.end("figure"))
