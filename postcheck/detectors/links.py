"""Links as a reader hears them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from postcheck.analysis.prose import Prose
from postcheck.analysis.text import MASK
from postcheck.detectors.writing import Hit
from postcheck.model import Context, Draft, Options


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
