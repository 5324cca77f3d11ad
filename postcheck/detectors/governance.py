"""Who, where and when: the facts of a draft against the lists of the city."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from postcheck.detectors.limits import platform_id
from postcheck.detectors.patterns import expressions
from postcheck.errors import near_miss
from postcheck.model import PASSED, Context, Draft, Observation, Options, Outcome
from postcheck.source import Text

# A time without a zone is somewhere between these two on the time line (UTC+14 to UTC-12).
_EARLIEST = timedelta(hours=-14)
_LATEST = timedelta(hours=12)


def _texts(draft: Draft, field: str) -> list[Text]:
    value = getattr(draft, field)
    if value is None:
        return []
    return list(value) if isinstance(value, tuple) else [value]


def field_missing(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    """Option `field`: account, author, platforms ..."""
    field = options["field"]
    if any(todo.field == field for todo in draft.todos):
        return  # governance/left-to-do speaks of it
    if any(text.value.strip() for text in _texts(draft, field)):
        yield PASSED
    else:
        yield Observation(Outcome.FAILED, draft.place, {"field": field})


def field_not_listed(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    """Options: `field`, and `listed`, the city's list. Without a list nothing can be unlisted. Names of platforms are
    compared as platforms: `twitter` is X; those of accounts without the @."""
    listed = options["listed"]
    if not listed:
        return
    known = {_compared(name, context) for name in listed}
    for text in _texts(draft, options["field"]):
        if _compared(text.value, context) in known:
            yield PASSED
        else:
            names = [*listed, *context.platforms] if options["field"] == "platforms" else listed
            data = {"value": text.value, "listed": ", ".join(listed), "hint": near_miss(text.value, names)}
            yield Observation(Outcome.FAILED, text.whole(), data)


def _compared(name: str, context: Context) -> str:
    """A platform by its id; of a handle neither the @ nor capitals count."""
    return platform_id(name.strip().removeprefix("@"), context)


def nothing_to_post(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    if any(text.value for text in draft.posts()) or draft.media():
        yield PASSED
    else:
        yield Observation(Outcome.FAILED, draft.place)


def schedule_in_the_past(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    if draft.publish_at is None:
        return
    when, text = draft.publish_at.when, draft.publish_at.text
    now = context.now.astimezone(when.tzinfo or UTC)
    data = {"when": when.isoformat(" ", "minutes"), "now": now.isoformat(" ", "minutes")}
    if when.tzinfo is not None:
        past = when < context.now
        yield Observation(Outcome.FAILED, text.whole(), data) if past else PASSED
        return
    utc = datetime.combine(when.date(), when.time(), UTC)
    if utc < context.now - _LATEST:
        yield Observation(Outcome.FAILED, text.whole(), data)
    elif utc < context.now - _EARLIEST:
        yield Observation(Outcome.CANT_TELL, text.whole(), data)
    else:
        yield PASSED


def left_to_do(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    """Values that say TODO; and by the option `patterns`, regular expressions, what a person still meant to write in
    any text of the draft."""
    for todo in draft.todos:
        yield Observation(Outcome.FAILED, todo.whole(), {"found": f"{todo.field}: {todo.value}"})
    fields = (draft.account, draft.author, draft.publisher, draft.category, draft.title)
    alts = (image.alt for image in draft.images)
    for text in (*fields, *draft.posts(), *alts):
        if text is None or not text.value:
            continue
        spans = sorted({match.span() for one in expressions(options, "patterns") for match in one.finditer(text.value)})
        for start, end in spans:
            yield Observation(Outcome.FAILED, text.at(start, end), {"found": text.value[start:end]})
        if not spans:
            yield PASSED


_LINK = re.compile(
    r"(?<![\w@./-])(?:https?://)?(?P<host>(?:[a-z0-9-]{1,63}\.){1,5}(?:gov|org|com|net|us|edu|io|co|ly|info|city|me))(?![\w.-]*@|\w)"
    r"(?:[/?#][^\s<>\"]*)?",
    re.IGNORECASE,
)


def link_elsewhere(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    """A post with links none of which leads to the city. Option `domains`: the city's; without them nothing is said."""
    domains = [domain.lower().removeprefix("www.") for domain in options["domains"]]
    if not domains:
        return
    for text in draft.posts():
        links = [match for match in _LINK.finditer(text.value) if "." in match["host"]]
        if any(_is_below(match["host"].lower(), domains) for match in links):
            yield PASSED
        elif links:
            first = links[0]
            data = {"host": first["host"].lower(), "domains": " or ".join(options["domains"])}
            yield Observation(Outcome.CANT_TELL, text.at(first.start(), first.end()), data)


def _is_below(host: str, domains: list[str]) -> bool:
    return any(host == domain or host.endswith(f".{domain}") for domain in domains)
