"""What the checks of captions files share: each file once, and many places told in one finding."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from postcheck.analysis.captions import captions
from postcheck.analysis.cues import Captions, Cue, written_time
from postcheck.analysis.spoken import kind_of
from postcheck.analysis.video.facts import video_facts
from postcheck.detectors.scan import broken
from postcheck.errors import CannotTest
from postcheck.model import PASSED, Asset, Context, Draft, Observation, Outcome
from postcheck.source import Location

_MOST_TOLD = 3
"""Places in one message. Captions that a machine made break a rule in every third cue."""


def each(
    draft: Draft,
    context: Context,
    judge: Callable[[Asset, Captions], Iterator[Observation]],
    kinds: Container[str] = ("captions", "subtitles"),
) -> Iterator[Observation]:
    """What `judge` says of each captions file, once. One that cannot be read is untested, so that the others do not
    make the check passed. Files of other `kinds` are passed over: a chapter may stand for an hour."""
    assets = {asset.name: asset for video in draft.videos for asset in video.captions}
    for asset in assets.values():
        try:
            read = captions(asset, context.texts)
        except CannotTest as reason:
            yield replace(broken(reason, ""), location=Location(asset=asset.name))
        else:
            if kind_of(asset.name, read) in kinds:
                yield from judge(asset, read)


ANY_KIND = ("captions", "subtitles", "chapters", "descriptions", "metadata")


def shape(draft: Draft, asset: Asset) -> str:
    """`vertical` or `landscape`: of the video that these captions belong to; of several, the narrowest.

    Raises:
        CannotTest: that cannot be told.
    """
    videos = (video_facts(video.asset.path) for video in draft.videos if asset in video.captions)
    return "vertical" if any(facts.height > facts.width for facts in videos) else "landscape"


@dataclass(frozen=True, slots=True)
class Place:
    """A cue that breaks a rule."""

    cue: Cue
    badness: float
    """The greater the worse."""
    told: str
    """The figure, such as "31 characters a second"."""
    is_grave: bool = False
    """Beyond the check's second threshold."""


def place_of(cue: Cue) -> Location:
    start, end = sorted((cue.start, cue.end))
    payload = cue.payload
    return replace(payload.source.location(payload.start, payload.end, payload.field), interval=(start, end))


def folded(asset: Asset, read: Captions, found: Sequence[Place], **data: Any) -> Iterator[Observation]:
    """One finding a file, at its worst cue: by the message `failed` where one is grave, else by `failed-slight`."""
    if not read.cues:
        return
    if not found:
        yield PASSED
        return
    worst = sorted(found, key=lambda place: (-place.is_grave, -place.badness, place.cue.start_ms))[:_MOST_TOLD]
    told = "; ".join(f"{written_time(place.cue.start_ms)}: {place.told}" for place in worst)
    data = {
        "file": asset.name,
        "told": told + ("; and others" if len(found) > len(worst) else ""),
        "count": len(found),
        "total": len(read.cues),
        "grave": sum(place.is_grave for place in found),
        **data,
    }
    message = "" if worst[0].is_grave else "failed-slight"
    yield Observation(Outcome.FAILED, place_of(worst[0].cue), data, message)
