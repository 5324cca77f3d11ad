"""Hashtags: their capitals, and how many there are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from postcheck.analysis.hashtag import Tags
from postcheck.analysis.prose import Prose
from postcheck.analysis.text import MASK, hashtags
from postcheck.detectors.amounts import beyond
from postcheck.detectors.writing import Hit
from postcheck.model import Context, Draft, Options


def hashtag_capitals(prose: Prose, options: Options, draft: Draft, context: Context) -> Iterator[Hit]:
    """Options: `words`, `short`, `edges` and `leave` as for `analysis.hashtag.Tags`."""
    if "#" not in prose.value and "＃" not in prose.value:
        return
    for tag in hashtags(prose.value):
        name = tag[0][1:]
        if name.isascii() and not name[1:].islower() and not name.isupper():
            continue
        write = _tags(options).written(name)
        if write and write != name:
            yield Hit(*tag.span(), tag[0][0] + write)


@cache
def _tags(options: Options) -> Tags:
    return Tags(options["words"], options["short"], options["edges"], options["leave"])


_CUT_OFF = re.compile(r"[-–](\d+)(?![\w-])")


def cut_hashtag(prose: Prose, options: Options, draft: Draft, context: Context) -> Iterator[Hit]:
    """A hyphen and a number follow the tag, which ends before them: "#COVID-19"."""
    if "#" not in prose.value:
        return
    for tag in hashtags(prose.value):
        number = _CUT_OFF.match(prose.value, tag.end())
        if number and tag[0][1:].isalpha():
            yield Hit(tag.start(), number.end(), tag[0] + number[1], data={"tag": tag[0]})


def too_many_hashtags(prose: Prose, options: Options, draft: Draft, context: Context) -> Iterator[Hit]:
    """Option `most`: so many may stand in a text. The hit is the first beyond."""
    if prose.value.count("#") + prose.value.count("＃") <= options["most"]:
        return
    found = list(hashtags(prose.value))
    if len(found) > options["most"]:
        yield beyond([tag.span() for tag in found], options["most"])


_GOES_ON = re.compile(r"[’']s\b|[,;:)]?[ ]+[^\W\d_A-Z]|[.!?,;:]")


def hashtags_in_sentence(prose: Prose, options: Options, draft: Draft, context: Context) -> Iterator[Hit]:
    """Option `most`: so many may be words of one sentence. Tags that follow the sentence do not count. The hit is the
    first beyond."""
    if prose.value.count("#") <= options["most"]:
        return
    inside: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for tag in hashtags(prose.value):
        if _is_word(prose.masked, *tag.span()):
            inside.setdefault(prose.sentence(tag.start()), []).append(tag.span())
    for spans in inside.values():
        if len(spans) > options["most"]:
            yield beyond(spans, options["most"])


def _is_word(text: str, start: int, end: int) -> bool:
    """Does the sentence go on after the tag, or end with it where a word stands before it?"""
    before = text[max(start - 3, 0) : start].rstrip(" ")
    after = _GOES_ON.match(text, end)
    if after is None or text[end : end + 1] == MASK:
        return False
    return after[0][-1] not in ".!?,;:" or (bool(before) and (before[-1].isalnum() or before[-1] in ",&("))
