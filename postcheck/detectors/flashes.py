"""Flashes in videos and animated pictures."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from postcheck.analysis.animation import flashes_in_animation
from postcheck.analysis.flashes import EXTENDED, Event, FlashFacts, facts_from
from postcheck.analysis.image import image_facts
from postcheck.analysis.measured import measured
from postcheck.analysis.video.facts import video_facts, watched
from postcheck.detectors.pictures import untested
from postcheck.detectors.videos import clock
from postcheck.errors import CannotTest
from postcheck.model import PASSED, Context, Draft, Image, Observation, Options, Outcome, Video
from postcheck.source import Location

ANIMATED = ("GIF", "PNG", "WEBP")
"""Pillow's names of the formats that can move."""


def flashing(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    def judge(item: Image | Video, facts: FlashFacts) -> Iterator[Observation]:
        for event in facts.events:
            if event.kind == EXTENDED:
                continue
            message = "cantTell-moving" if event.moving else "failed-red" if event.kind == "red" else ""
            outcome = Outcome.CANT_TELL if event.moving else Outcome.FAILED
            yield _seen(item, facts, event, outcome, message)

    return _each(draft, judge)


def extended(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    """Two or three flashes a second that go on."""

    def judge(item: Image | Video, facts: FlashFacts) -> Iterator[Observation]:
        for event in facts.events:
            if event.kind == EXTENDED:
                yield _seen(item, facts, event, Outcome.FAILED, "")

    return _each(draft, judge)


def _each(draft: Draft, judge: Callable[[Image | Video, FlashFacts], Iterator[Observation]]) -> Iterator[Observation]:
    """What stands still has nothing to judge, and is not called passed."""
    for item in draft.media():
        try:
            facts = _facts(item)
        except CannotTest as reason:
            yield untested(item, reason)
        except Exception as error:  # one odd file must not hide what is found in the others
            told = CannotTest(f"Watching {item.asset.name} broke off: {type(error).__name__}: {error}")
            yield untested(item, told)
        else:
            if facts.frames > 1:
                yield from list(judge(item, facts)) or [PASSED]


def _facts(item: Image | Video) -> FlashFacts:
    path = item.asset.path
    if isinstance(item, Video):
        if video_facts(path).fault:
            raise CannotTest(f"{item.asset.name} cannot be read as a video.")
        return watched(path).flashes
    facts = image_facts(path)
    if facts.fault:
        raise CannotTest(f"{item.asset.name} cannot be read as a picture.")
    if facts.format not in ANIMATED:
        return FlashFacts(frames=1)
    return facts_from(measured(path, "flashes", lambda: flashes_in_animation(path).plain()))


def _seen(item: Image | Video, facts: FlashFacts, event: Event, outcome: Outcome, message: str) -> Observation:
    data = {
        "file": item.asset.name,
        "kind": event.kind,
        "flashes": event.flashes,
        "share": round(event.share, 2),
        "at": clock(event.start),
        "until": clock(event.end),
        "worst": round(event.worst, 2),
        "frame": event.frame,
        "where": where(event.box, facts.width, facts.height),
    }
    interval = round(event.start, 3), round(event.end, 3)
    return Observation(outcome, Location(item.asset.name, item.field, box=event.box, interval=interval), data, message)


_MOST = 0.8
"""Of each side: what is larger is all of the picture."""


def where(box: tuple[int, int, int, int], width: int, height: int) -> str:
    """The place of a box in a picture, in words."""
    left, top, across, down = box
    if across >= _MOST * width and down >= _MOST * height:
        return "all over the picture"
    row = "" if down >= _MOST * height else ("top", "", "bottom")[_third(top + down / 2, height)]
    column = "" if across >= _MOST * width else ("left", "", "right")[_third(left + across / 2, width)]
    words = f"{row} {column}".strip()
    return f"at the {words}" if words else "in the middle"


def _third(middle: float, length: int) -> int:
    return min(int(middle * 3 / length), 2)
