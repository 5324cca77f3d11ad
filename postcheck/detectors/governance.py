"""Who, where and when: the facts of a draft against the lists of the city."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from postcheck.detectors.patterns import expressions
from postcheck.errors import nearest
from postcheck.model import PASSED, Context, Draft, Observation, Outcome
from postcheck.source import Text

Options = Mapping[str, Any]

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
    if any(text.value.strip() for text in _texts(draft, options["field"])):
        yield PASSED
    else:
        yield Observation(Outcome.FAILED, draft.place, {"field": options["field"]})


def field_not_listed(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    """Options: `field`, and `listed`, the city's list. Without a list nothing can be unlisted. Names of platforms are
    compared as platforms: `twitter` is X."""
    listed = options["listed"]
    if not listed:
        return
    known = {_same(name, context) for name in listed}
    for text in _texts(draft, options["field"]):
        if _same(text.value, context) in known:
            yield PASSED
        else:
            near = nearest(text.value, listed)
            hint = f"Did you mean `{near}`?" if near else ""
            data = {"value": text.value, "listed": ", ".join(listed), "hint": hint}
            yield Observation(Outcome.FAILED, text.whole(), data)


def _same(name: str, context: Context) -> str:
    folded = name.strip().lower()
    platform = context.platforms.get(folded)
    return platform.id if platform else folded


def schedule_in_the_past(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    if draft.publish_at is None:
        return
    when, text = draft.publish_at.when, draft.publish_at.text
    data = {"when": when.isoformat(" ", "minutes"), "now": f"{context.now:%Y-%m-%d %H:%M %Z}"}
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
        found = next((match for one in expressions(options, "patterns") if (match := one.search(text.value))), None)
        if found:
            yield Observation(Outcome.FAILED, text.at(*found.span()), {"found": found[0]})
        else:
            yield PASSED
