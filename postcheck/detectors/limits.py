"""Which limits bear on a draft: those of the platforms it names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from postcheck.model import Context, Draft, Limit, Observation, Outcome, Platform
from postcheck.source import Location, Text


def platform_named(name: str, context: Context) -> Platform | None:
    """The platform that a draft's word means: `Twitter` is x."""
    return context.platforms.get(name.strip().lower())


def platform_id(name: str, context: Context) -> str:
    """One id for every name of a platform. An unknown name is its own id."""
    platform = platform_named(name, context)
    return platform.id if platform else name.strip().lower()


def known_platforms(draft: Draft, context: Context) -> list[Platform]:
    """The draft's platforms that postcheck knows, each once."""
    named = (platform_named(text.value, context) for text in draft.platforms)
    return list({platform.id: platform for platform in named if platform is not None}.values())


def limits_for(draft: Draft, context: Context, what: str) -> Iterator[tuple[Platform, Limit]]:
    for platform in known_platforms(draft, context):
        yield from ((platform, limit) for limit in platform.limits if limit.what == what)


def post_for(draft: Draft, platform: Platform, context: Context) -> Text:
    """What will stand on the platform: its own variant, else the caption."""
    for name, text in draft.variants.items():
        if platform_named(name, context) is platform:
            return text
    return draft.caption


def exceeded(platform: Platform, limit: Limit, location: Location, /, **data: Any) -> Observation:
    """A limit that is exceeded: by the message `failed-unconfirmed` where nobody has confirmed it."""
    data = {"platform": platform.title, "most": limit.most, **data}
    return Observation(Outcome.FAILED, location, data, "" if limit.confirmed else "failed-unconfirmed")
