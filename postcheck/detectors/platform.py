"""What a platform takes: the length of a post, and how many of what may be in it."""

from __future__ import annotations

from collections.abc import Iterator

from postcheck.analysis.text import LENGTHS, fits, fitting_start, hashtags, links, mentions
from postcheck.detectors.limits import exceeded, known_platforms, limits_for, platform_id, platform_named, post_for
from postcheck.errors import near_miss
from postcheck.model import LIMITS, PASSED, Context, Draft, Observation, Options, Outcome, Platform
from postcheck.source import Text

_UNITS = {
    # What a person calls the unit.
    "characters": "characters",
    "x-weighted": "characters as X counts them",
    "graphemes": "characters",
    "bytes": "bytes",
    "threads": "characters as Threads counts them",
    "mastodon": "characters as Mastodon counts them",
}
_COUNTED = {"hashtags": hashtags, "mentions": mentions, "links": links}


def text_too_long(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    for platform, text in _posts(draft, context):
        for limit in platform.limits:
            if limit.what != "text" or not text.value:
                continue
            if fits(text.value, limit.unit, limit.most):
                yield PASSED
                continue
            length = LENGTHS[limit.unit](text.value)
            place = text.at(fitting_start(text.value, limit.unit, limit.most), len(text.value))
            field, unit = text.field.replace("variants.", "variant for "), _UNITS[limit.unit]
            yield exceeded(platform, limit, place, length=length, over=length - limit.most, unit=unit, field=field)


def _posts(draft: Draft, context: Context) -> Iterator[tuple[Platform, Text]]:
    """Each platform with its own text; and each variant, though its platform is not among the draft's."""
    named = known_platforms(draft, context)
    for platform in named:
        yield platform, post_for(draft, platform, context)
    for name, text in draft.variants.items():
        platform_of_variant = platform_named(name, context)
        if platform_of_variant is not None and platform_of_variant not in named:
            yield platform_of_variant, text


def too_many_in_text(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    """Option `what`: hashtags, mentions or links."""
    what = options["what"]
    for platform, text in _posts(draft, context):
        for limit in platform.limits:
            if limit.what != what:
                continue
            found = list(_COUNTED[what](text.value))
            if len(found) <= limit.most:
                yield PASSED
                continue
            yield exceeded(platform, limit, text.at(*found[limit.most].span()), count=len(found))


def too_many_images(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    count = len(draft.images)
    for platform, limit in limits_for(draft, context, "images") if count else ():
        if count <= limit.most:
            yield PASSED
        else:
            place = draft.images[limit.most].place
            yield exceeded(platform, limit, place, count=count, excess=count - limit.most)


def limit_unknown(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    """A platform that postcheck does not know, or of which it does not know a limit that bears on this draft."""
    bears = {"text": bool(draft.caption.value), "alt": bool(draft.images)}
    where_nothing_is_known = {"images": bool(draft.images), "video-bytes": bool(draft.videos)}
    for text in draft.platforms:
        platform = platform_named(text.value, context)
        if platform is None:
            data = {"platform": text.value, "hint": near_miss(text.value, list(context.platforms))}
            yield Observation(Outcome.CANT_TELL, text.whole(), data, "cantTell-platform")
            continue
        known = {limit.what for limit in platform.limits}
        is_listed = any(not what.startswith("captions-") for what in known)
        wanted = bears if is_listed else bears | where_nothing_is_known
        unknown = [what for what in LIMITS if wanted.get(what) and what not in known]
        if unknown:
            data = {"platform": platform.title, "what": " and ".join(_NOUNS[what] for what in unknown)}
            yield Observation(Outcome.CANT_TELL, text.whole(), data)
        else:
            yield PASSED


_NOUNS = {
    "text": "the length of a post",
    "alt": "the length of an alt text",
    "images": "the number of pictures",
    "video-bytes": "the size of a video",
}


def variant_unused(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    """A variant for a platform that the draft does not name, or that has a variant already."""
    taken: dict[str, str] = {}
    named = {platform_id(text.value, context) for text in draft.platforms}
    for name, text in draft.variants.items():
        platform = platform_id(name, context)
        data = {"variant": name, "other": taken.get(platform, "")}
        if platform in taken:
            yield Observation(Outcome.FAILED, text.whole(), data, "failed-twice")
        elif platform not in named:
            yield Observation(Outcome.FAILED, text.whole(), data)
        else:
            yield PASSED
        taken.setdefault(platform, name)
