"""Flashes in moving pictures, by WCAG 2.2, 2.3.1: measured frame by frame, with one second kept.

WCAG measures at 1024 by 768 pixels, where a window of 341 by 256 is the 10 degrees that count. A video is taken as fit
inside that frame, as one sees it full screen: it fills the width or, upright, the height (432 by 768 at 9:16): such a
screen shows no more of it at once. Smaller pictures are taken as blown up to it, the worst that a viewer does.

Each frame is looked at on points of 0.1 degree, which every square that counts holds at least one of. Only where these
show four transitions within a second over nearly a quarter of a window is that second measured at (about) every pixel
of the 1024 by 768 frame, and that alone decides.
"""

from __future__ import annotations

from collections import deque
from dataclasses import asdict, dataclass, field
from typing import Any

from postcheck.analysis.calm import Calm
from postcheck.analysis.colors import Picture, Points, colors, points, smaller
from postcheck.analysis.transitions import FINE, MANY, SECOND, TICKS, TOO_MANY, Grid, Sight, Transitions

_FRAME = (1024, 768)
_WINDOW = (341, 256)
_QUARTER = 0.25
_FIRST_LOOK = 0.19
"""Of a window. A quarter of it counts for so much at the least on the points of the first look: a solid part of 170 by
128 pixels may lose a row and a column of them, and of squares of 0.1 degree each still holds one."""
_MEND_TIME = TICKS * 3 // 2
"""Sights of one kind so close together are one event."""
EXTENDED_SECONDS, EXTENDED_OF = 4.0, 5.0
EXTENDED = "extended"
_BOTH = ("uv", "rgb")
"""Rules of red, see `transitions`."""


@dataclass(frozen=True, slots=True)
class Event:
    """A stretch with flashes above the threshold; plain data, see `plain`."""

    kind: str
    """`general`, `red`, or `extended`: two or three flashes a second for 4 of 5 seconds."""
    start: float
    end: float
    """Seconds."""
    flashes: float
    """In the worst second; half a flash is one transition."""
    share: float
    """Of the window of 10 degrees that flashes at once."""
    box: tuple[int, int, int, int]
    """Left, top, width and height, in pixels of the frame."""
    worst: float
    """Seconds: the end of the worst second."""
    frame: int
    """The number of the frame at that time, from 0."""
    moving: bool = False
    """The points do not keep time: stripes that move past, perhaps."""


@dataclass(slots=True)
class FlashFacts:
    frames: int = 0
    seconds: float = 0.0
    width: int = 0
    height: int = 0
    """As the frames are stored."""
    events: list[Event] = field(default_factory=list)

    def plain(self) -> dict[str, Any]:
        return asdict(self)


def facts_from(plain: dict[str, Any]) -> FlashFacts:
    events = [Event(**{**event, "box": tuple(event["box"])}) for event in plain["events"]]
    return FlashFacts(**{**plain, "events": events})


class _View:
    """How a picture of a size is seen within the frame of 1024 by 768."""

    def __init__(self, width: int, height: int, *, turned: bool) -> None:
        """`turned` where the picture is shown turned by a quarter."""
        shown = (height, width) if turned else (width, height)
        fit = min(_FRAME[0] / shown[0], _FRAME[1] / shown[1])
        self.reduced = max(1, int(1.1 / fit))
        """Pixels of a frame, across and down, to a point of the closest look."""
        self.stride = max(1, int(FINE / (fit * self.reduced)))
        """Points of the closest look to one of the first."""
        window = (_WINDOW[0] / fit, _WINDOW[1] / fit) if turned else (_WINDOW[1] / fit, _WINDOW[0] / fit)
        self.fine = _grid(width, height, fit, window, self.reduced, _QUARTER)
        self.rough = _grid(width, height, fit, window, self.reduced * self.stride, _FIRST_LOOK)


def _grid(width: int, height: int, fit: float, window: tuple[float, float], step: int, share: float) -> Grid:
    """Of points that are `step` pixels apart."""
    down, across = -(-height // step), -(-width // step)
    sides = window[0] / step, window[1] / step
    return Grid(
        height=down,
        width=across,
        pixel=fit * step,
        window=(min(max(round(sides[0]), 1), down), min(max(round(sides[1]), 1), across)),
        least=sides[0] * sides[1] * share,
    )


class FirstLook:
    """Could there be flashes? Quick, and says so of much that is none; what it calls calm is."""

    def __init__(self, width: int, height: int, *, turned: bool = False, red_rules: tuple[str, ...] = _BOTH) -> None:
        """As of `Flashes`."""
        self._view = _View(width, height, turned=turned)
        self._rules = red_rules
        self._calm = Calm(self._view.rough)
        self._rough: Transitions | None = None
        self._kept: deque[tuple[int, Points]] = deque()

    def is_restless(self, picture: Picture, ticks: int) -> bool:
        """Four transitions within a second over nearly a quarter of a window? Where all is calm not even that is
        reckoned; it begins with the second before."""
        seen = points(picture, self._view.reduced, self._view.stride)
        self._kept.append((ticks, seen))
        while len(self._kept) > 2 and self._kept[1][0] <= ticks - SECOND:
            self._kept.popleft()
        if self._calm.holds(seen, ticks):
            self._rough = None
            return False
        chosen = [self._kept[-1]]
        if self._rough is None:
            self._rough = Transitions(self._view.rough, self._rules)
            chosen = list(self._kept)
        sights = [self._rough.add(one.colors(), then) for then, one in chosen]
        return any(sights)


class Flashes:
    """Feed it the frames of a moving picture in order, with their times; then ask for the result."""

    def __init__(self, width: int, height: int, *, turned: bool = False, red_rules: tuple[str, ...] = _BOTH) -> None:
        """`width`, `height`: of the frames, in pixels; `turned` where they are shown turned by a quarter."""
        self._size = width, height
        self._rules = red_rules
        self._view = _View(width, height, turned=turned)
        self._first_look = FirstLook(width, height, turned=turned, red_rules=red_rules)
        self._fine: Transitions | None = None
        self._kept: deque[tuple[int, int, Picture]] = deque()
        self._look_until = -1
        self._frames = 0
        self._first: int | None = None
        self._ticks = -1
        self._finely_at = -1
        self._events: list[Event] = []
        self._tiring: deque[tuple[int, int]] = deque()

    def add(self, picture: Picture, seconds: float) -> None:
        """The times must not go back; a frame that comes at the time of the last is taken a millisecond later."""
        ticks = round(seconds * TICKS)
        ticks = max(ticks, self._ticks + TICKS // 1000) if self._frames else ticks
        self._first = ticks if self._first is None else self._first
        number, self._frames, self._ticks = self._frames, self._frames + 1, ticks
        self._kept.append((number, ticks, smaller(picture, self._view.reduced)))
        while len(self._kept) > 2 and self._kept[1][1] <= ticks - SECOND:
            self._kept.popleft()
        if self._first_look.is_restless(picture, ticks):
            self._look_until = ticks + TICKS
        if ticks <= self._look_until:
            self._look_closely()
        else:
            self._fine = None

    def _look_closely(self) -> None:
        """At all frames that are kept, or at the newest where those before have been looked at."""
        if self._fine is None:
            self._fine = Transitions(self._view.fine, self._rules)
            chosen = list(self._kept)
        else:
            chosen = [self._kept[-1]]
        for number, ticks, picture in chosen:
            before = self._finely_at
            sights = self._fine.add(colors(picture), ticks)
            if ticks <= before:
                continue  # it was looked at before a pause
            self._finely_at = ticks
            for sight in sights:
                if sight.transitions >= TOO_MANY:
                    self._raise(sight, ticks, number)
            self._count_tiring(sights, before, ticks, number)

    def _raise(self, sight: Sight, ticks: int, number: int, kind: str = "") -> None:
        now, kind = ticks / TICKS, kind or sight.kind
        since = ticks - EXTENDED_OF * TICKS if kind == EXTENDED else sight.since
        start = max(since, self._first or 0) / TICKS
        share = round(sight.share, 3)
        event = Event(kind, start, now, sight.transitions / 2, share, self._box(sight), now, number, sight.moving)
        for place in range(len(self._events) - 1, -1, -1):
            other = self._events[place]
            if (other.kind, other.moving) == (kind, event.moving) and now - other.end <= _MEND_TIME / TICKS:
                worse = max(other, event, key=lambda one: (one.flashes, one.share))
                self._events[place] = Event(
                    kind,
                    other.start,
                    now,
                    worse.flashes,
                    worse.share,
                    worse.box,
                    worse.worst,
                    worse.frame,
                    worse.moving,
                )
                return
        self._events.append(event)

    def _count_tiring(self, sights: list[Sight], before: int, ticks: int, number: int) -> None:
        """Two or three flashes a second, in 4 of 5 seconds."""
        tiring = [sight for sight in sights if MANY <= sight.transitions < TOO_MANY and not sight.moving]
        if not tiring:
            return
        self._tiring.append((ticks, min(ticks - before, TICKS // 5) if before >= 0 else 0))
        while self._tiring[0][0] <= ticks - EXTENDED_OF * TICKS:
            self._tiring.popleft()
        if sum(length for _, length in self._tiring) >= EXTENDED_SECONDS * TICKS:
            self._raise(tiring[0], ticks, number, EXTENDED)

    def _box(self, sight: Sight) -> tuple[int, int, int, int]:
        left, top, width, height = (value * self._view.reduced for value in sight.box)
        return left, top, min(width, self._size[0] - left), min(height, self._size[1] - top)

    def result(self) -> FlashFacts:
        seconds = (self._ticks - (self._first or 0)) / TICKS if self._frames else 0.0
        width, height = self._size
        sure = [event for event in self._events if not event.moving]
        events = [event for event in self._events if not event.moving or not any(_meet(event, one) for one in sure)]
        return FlashFacts(self._frames, seconds, width, height, sorted(events, key=lambda one: (one.start, one.kind)))


def _meet(one: Event, other: Event) -> bool:
    return one.kind == other.kind and one.start <= other.end and other.start <= one.end
