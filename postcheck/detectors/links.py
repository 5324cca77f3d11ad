"""Links as a reader hears them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from postcheck.analysis.prose import Prose
from postcheck.analysis.text import MASK
from postcheck.detectors.patterns import expressions
from postcheck.detectors.writing import Hit
from postcheck.model import Context, Draft, Options, Outcome


def short_link(prose: Prose, options: Options, draft: Draft, context: Context) -> Iterator[Hit]:
    """Option `hosts`: sites that shorten links."""
    if "/" not in prose.value:
        return
    value = prose.value.lower()
    if any(f"{host}/" in value for host in options["hosts"]):
        for match in _short(options).finditer(prose.value):
            yield Hit(*match.span(), data={"host": match["host"]})


@cache
def _short(options: Options) -> re.Pattern[str]:
    hosts = "|".join(re.escape(host) for host in options["hosts"])
    return re.compile(rf"(?<![\w.@/-])(?:https?://)?(?:www\.)?(?P<host>{hosts})/[^\s<>\"]*[\w/]", re.IGNORECASE)


def link_alone(prose: Prose, options: Options, draft: Draft, context: Context) -> Iterator[Hit]:
    """A link with not a word beside it."""
    if prose.words or MASK not in prose.masked or any(char.isalnum() for char in prose.masked):
        return
    for match in _LINK.finditer(prose.value):
        yield Hit(*match.span())
        return


_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)


def ad_link(prose: Prose, options: Options, draft: Draft, context: Context) -> Iterator[Hit]:
    """Options: `failed` and `cant_tell`, lists of expressions for what a link holds: the host and what follows. The
    hit is the whole link. `words`: expressions that must be in the text for `cant_tell`."""
    if "." not in prose.value:
        return
    for match in _ADDRESS.finditer(prose.value):
        link = match[0].rstrip(".,;:!?)")
        end = match.start() + len(link)
        if any(one.search(link) for one in expressions(options, "failed")):
            yield Hit(match.start(), end)
        elif any(one.search(link) for one in expressions(options, "cant_tell")) and any(
            one.search(prose.masked) for one in expressions(options, "words")
        ):
            yield Hit(match.start(), end, None, Outcome.CANT_TELL)


_ADDRESS = re.compile(r"(?<![\w.@/-])(?:https?://)?[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,6}/[^\s<>\"]*", re.IGNORECASE)
