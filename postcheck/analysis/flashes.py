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
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from postcheck.analysis.transitions import FINE, MANY, SECOND, TICKS, TOO_MANY, Grid, Sight, Transitions
from postcheck.errors import CannotTest

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
class Yuv:
    """Planes of a frame as most videos hold them, chroma at half the size; 8 bits."""

    luma: Any
    blue: Any
    red: Any
    matrix: str = "bt709"
    """Or bt601."""
    full_range: bool = False


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


class Flashes:
    """Feed it the frames of a moving picture in order, with their times; then ask for the result."""

    def __init__(self, width: int, height: int, *, turned: bool = False, red_rules: tuple[str, ...] = _BOTH):
        """`width`, `height`: of the frames, in pixels; `turned` where they are shown turned by a quarter."""
        shown = (height, width) if turned else (width, height)
        fit = min(_FRAME[0] / shown[0], _FRAME[1] / shown[1])
        self._size = width, height
        self._rules = red_rules
        self._reduced = max(1, int(1.1 / fit))
        """Pixels of a frame, across and down, to a point of the closest look."""
        self._window = (_WINDOW[0] / fit, _WINDOW[1] / fit) if turned else (_WINDOW[1] / fit, _WINDOW[0] / fit)
        self._fine_pixel = fit * self._reduced
        self._stride = max(1, int(FINE / self._fine_pixel))
        self._rough: Transitions | None = None
        self._calm: _Calm | None = None
        self._fine: Transitions | None = None
        self._fine_grid: Grid | None = None
        self._rough_grid: Grid
        self._kept: deque[tuple[int, int, _Small]] = deque()
        self._look_until = -1
        self._frames = 0
        self._first: int | None = None
        self._ticks = -1
        self._finely_at = -1
        self._events: list[Event] = []
        self._tiring: deque[tuple[int, int]] = deque()

    def add(self, picture: Any, seconds: float) -> None:
        """`picture`: a `Yuv`, or an array of height by width by red, green and blue, 8 bits. The times must not go
        back; a frame that comes at the time of the last takes its place a millisecond later."""
        ticks = round(seconds * TICKS)
        ticks = max(ticks, self._ticks + TICKS // 1000) if self._frames else ticks
        self._first = ticks if self._first is None else self._first
        number, self._frames, self._ticks = self._frames, self._frames + 1, ticks
        small = _Small.of(picture, self._reduced)
        if self._calm is None:
            height, width = small.shape
            self._fine_grid = self._grid(height, width, 1, _QUARTER)
            self._rough_grid = self._grid(
                -(-height // self._stride), -(-width // self._stride), self._stride, _FIRST_LOOK
            )
            self._calm = _Calm(self._rough_grid, self._stride)
        self._kept.append((number, ticks, small))
        while len(self._kept) > 2 and self._kept[1][1] <= ticks - SECOND:
            self._kept.popleft()
        if self._looks_restless(ticks):
            self._look_until = ticks + TICKS
        if ticks <= self._look_until:
            self._look_closely()
        else:
            self._fine = None

    def _looks_restless(self, ticks: int) -> bool:
        """By the first look. Where all is calm not even that is needed; it begins with the second before."""
        assert self._calm is not None
        if self._calm.holds(self._kept[-1][2], ticks):
            self._rough = None
            return False
        chosen = [self._kept[-1]]
        if self._rough is None:
            self._rough = Transitions(self._rough_grid, self._rules)
            chosen = list(self._kept)
        sights = [self._rough.add(small.colors(self._stride), then) for _, then, small in chosen]
        return any(sights)

    def _grid(self, height: int, width: int, stride: int, share: float) -> Grid:
        of_point = self._reduced * stride
        window = self._window[0] / of_point, self._window[1] / of_point
        return Grid(
            height=height,
            width=width,
            pixel=self._fine_pixel * stride,
            window=(min(max(round(window[0]), 1), height), min(max(round(window[1]), 1), width)),
            least=window[0] * window[1] * share,
        )

    def _look_closely(self) -> None:
        """At all frames that are kept, or at the newest where those before have been looked at."""
        assert self._fine_grid is not None
        if self._fine is None:
            self._fine = Transitions(self._fine_grid, self._rules)
            chosen = list(self._kept)
        else:
            chosen = [self._kept[-1]]
        for number, ticks, small in chosen:
            before = self._finely_at
            sights = self._fine.add(small.colors(1), ticks)
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
        left, top, width, height = (value * self._reduced for value in sight.box)
        return left, top, min(width, self._size[0] - left), min(height, self._size[1] - top)

    def result(self) -> FlashFacts:
        seconds = (self._ticks - (self._first or 0)) / TICKS if self._frames else 0.0
        width, height = self._size
        sure = [event for event in self._events if not event.moving]
        events = [event for event in self._events if not event.moving or not any(_meet(event, one) for one in sure)]
        return FlashFacts(self._frames, seconds, width, height, sorted(events, key=lambda one: (one.start, one.kind)))


def _meet(one: Event, other: Event) -> bool:
    return one.kind == other.kind and one.start <= other.end and other.start <= one.end


_MOST_LUMA, _MOST_CHROMA = 6, 3
"""How far luma and chroma of a point may go, in 8-bit values, while its relative luminance surely changes by less than
STEP: where a value rises from .9 to 1 of linear light, the steepest part of sRGB, it takes 11.2 of 255. By the matrices
of BT.601 and BT.709 no more than 1.164 of luma, .921 and .425 of the two chromas are added: 6, 3 and 3 make 11.02."""
_LEAST_RED, _RED_FOR_LUMA = 136, 0.42
"""Of red chroma, and for each value of luma above 16: a color with less of it is not saturated (see `_saturated_points`
of `transitions`)."""


class _Calm:
    """Tells that nothing can have flashed, by how far each point went within the last one to two seconds."""

    def __init__(self, grid: Grid, stride: int) -> None:
        self._grid, self._stride = grid, stride
        self._since = 0
        self._now: list[tuple[Any, Any]] = []
        self._before: list[tuple[Any, Any]] = []
        """Of luma, blue and red chroma: the least and the most at each point."""

    def holds(self, small: _Small, ticks: int) -> bool:
        import cv2
        import numpy as np

        if not isinstance(small.picture, Yuv):
            return False
        yuv = small.picture
        planes = [
            np.ascontiguousarray(plane[:: self._stride, :: self._stride]) for plane in (yuv.luma, yuv.blue, yuv.red)
        ]
        if not self._now or ticks - self._since > TICKS:
            self._before, self._since = self._now, ticks
            self._now = [(plane, plane) for plane in planes]
        else:
            kept = zip(self._now, planes, strict=True)
            self._now = [(cv2.min(least, plane), cv2.max(most, plane)) for (least, most), plane in kept]
        both = [
            (cv2.min(one[0], other[0]), cv2.max(one[1], other[1]))
            for one, other in zip(self._now, self._before or self._now, strict=True)
        ]
        ranges = [cv2.subtract(most, least) for least, most in both]
        chroma = cv2.max(ranges[1], ranges[2])
        wide = self._most_in_window(ranges[0] > _MOST_LUMA, 1) + self._most_in_window(chroma > _MOST_CHROMA, 2)
        if wide >= self._grid.least:
            return False
        reddest, darkest = both[2][1], both[0][0][::2, ::2]
        rows, columns = min(reddest.shape[0], darkest.shape[0]), min(reddest.shape[1], darkest.shape[1])
        red = reddest[:rows, :columns].astype(np.int16)
        needed = np.maximum(_LEAST_RED, 128 + _RED_FOR_LUMA * (darkest[:rows, :columns].astype(np.int16) - 16))
        return self._most_in_window(red >= needed, 2) < self._grid.least

    def _most_in_window(self, points: Any, apart: int) -> float:
        """Of the grid's points, the most that lie within one window. `apart`: how many of them, across and down, each
        of `points` stands for."""
        import cv2
        import numpy as np

        each = apart * apart
        count = float(np.count_nonzero(points) * each)
        if count < self._grid.least:
            return count
        height, width = (max(1, -(-side // apart)) for side in self._grid.window)
        sums = cv2.boxFilter(points.view(np.uint8), cv2.CV_32F, (width, height), normalize=False)
        return float(sums.max()) * each


@dataclass(frozen=True, slots=True)
class _Small:
    """A frame at the size of the closest look: an array of colors, or planes."""

    picture: Any

    @classmethod
    def of(cls, picture: Any, reduced: int) -> _Small:
        import cv2
        import numpy as np

        def smaller(plane: Any) -> Any:
            if reduced == 1:
                return np.array(plane)
            size = -(-plane.shape[1] // reduced), -(-plane.shape[0] // reduced)
            return cv2.resize(plane, size, interpolation=cv2.INTER_AREA)

        if isinstance(picture, Yuv):
            luma, blue, red = (smaller(plane) for plane in (picture.luma, picture.blue, picture.red))
            return cls(Yuv(luma, blue, red, picture.matrix, picture.full_range))
        return cls(smaller(picture))

    @property
    def shape(self) -> tuple[int, int]:
        plane = self.picture.luma if isinstance(self.picture, Yuv) else self.picture
        return plane.shape[0], plane.shape[1]

    def colors(self, stride: int) -> tuple[Any, Any, Any]:
        """Red, green and blue of every so many points, across and down."""
        import cv2
        import numpy as np

        if not isinstance(self.picture, Yuv):
            red, green, blue = cv2.split(np.ascontiguousarray(self.picture[::stride, ::stride]))
            return red, green, blue
        yuv = self.picture
        luma = np.ascontiguousarray(yuv.luma[::stride, ::stride])
        height, width = self.shape
        rows = np.minimum(np.arange(0, height, stride) // 2, yuv.blue.shape[0] - 1)
        columns = np.minimum(np.arange(0, width, stride) // 2, yuv.blue.shape[1] - 1)
        at = (rows[:, None] * yuv.blue.shape[1] + columns).ravel() if stride > 1 else None
        if at is not None:
            blue, red = (plane.ravel()[at].reshape(luma.shape) for plane in (yuv.blue, yuv.red))
        else:
            blue, red = (
                cv2.resize(plane, (plane.shape[1] * 2, plane.shape[0] * 2), interpolation=cv2.INTER_NEAREST)[
                    :height, :width
                ]
                for plane in (yuv.blue, yuv.red)
            )
            blue, red = np.ascontiguousarray(blue), np.ascontiguousarray(red)
        return _to_rgb(luma, blue, red, yuv.matrix, yuv.full_range)


_WEIGHTS = {"bt709": (0.2126, 0.0722), "bt601": (0.299, 0.114)}
"""Of red and blue in luma (ITU-R BT.709 and BT.601)."""
_tables: dict[tuple[str, bool], tuple[Any, ...]] = {}


def _to_rgb(luma: Any, blue: Any, red: Any, matrix: str, full_range: bool) -> tuple[Any, Any, Any]:
    import cv2
    import numpy as np

    of_luma, red_of_red, green_of_red, green_of_blue, blue_of_blue = _yuv_tables(matrix, full_range)
    base = cv2.LUT(luma, of_luma)
    of_green = cv2.add(cv2.LUT(red, green_of_red), cv2.LUT(blue, green_of_blue))
    made_red, made_green, made_blue = (
        cv2.convertScaleAbs(np.maximum(cv2.add(base, part), 0))  # rounds, and holds to 255
        for part in (cv2.LUT(red, red_of_red), of_green, cv2.LUT(blue, blue_of_blue))
    )
    return made_red, made_green, made_blue


def _yuv_tables(matrix: str, full_range: bool) -> tuple[Any, ...]:
    import numpy as np

    if (matrix, full_range) not in _tables:
        of_red, of_blue = _WEIGHTS[matrix]
        of_green = 1 - of_red - of_blue
        value = np.arange(256.0)
        luma = value if full_range else (value - 16) * (255 / 219)
        chroma = (value - 128) * (1 if full_range else 255 / 224)
        tables = (
            luma,
            chroma * 2 * (1 - of_red),
            chroma * -2 * (1 - of_red) * of_red / of_green,
            chroma * -2 * (1 - of_blue) * of_blue / of_green,
            chroma * 2 * (1 - of_blue),
        )
        _tables[matrix, full_range] = tuple(table.astype(np.float32) for table in tables)
    return _tables[matrix, full_range]


# ------------------------------------------------------------------------------------------ what frames come from


def flashes_of_pictures(frames: Iterable[tuple[Any, float]], loops: int = 0) -> FlashFacts:
    """Of an animated image: its frames, arrays of red, green and blue, each with the seconds that it stands.

    `loops`: how often it is shown; 0 is for ever. One that starts over is watched until its end has met its beginning
    and 6 seconds are over, since extended flashing shows in 5.
    """
    shown = list(frames)
    if len(shown) < 2:
        return FlashFacts(frames=len(shown))
    height, width = shown[0][0].shape[:2]
    meter = Flashes(width, height)
    now, rounds = 0.0, 0
    length = sum(seconds for _, seconds in shown)
    most = loops or max(2, -(-6 // max(length, 0.02)))
    while rounds < most and (rounds < 2 or now < _LONG_ENOUGH):
        for pixels, seconds in shown:
            meter.add(pixels, now)
            now += seconds
        rounds += 1
    facts = meter.result()
    facts.frames, facts.seconds = len(shown), length
    facts.events = [_in_one_round(event, length, len(shown)) for event in facts.events]
    return facts


_LONG_ENOUGH = 6.0


def _in_one_round(event: Event, length: float, frames: int) -> Event:
    return Event(**{**asdict(event), "worst": event.worst % length, "frame": event.frame % frames})


_SLOWEST_ASKED = 0.011
_STANDS_INSTEAD = 0.1
"""Seconds. Browsers show a frame for a tenth of a second where the file asks for a hundredth or less."""
MOST_ANIMATED = 2_000_000_000
"""Pixels of all frames together, decoded in about a minute."""


def flashes_in_animation(path: Path) -> FlashFacts:
    """Of a GIF, PNG or WebP; without events where it stands still.

    Raises:
        OSError: it cannot be opened or decoded.
        CannotTest: it has too many frames.
    """
    import numpy as np
    from PIL import Image

    with open(path, "rb") as file, Image.open(file, formats=("GIF", "PNG", "WEBP")) as image:
        count = getattr(image, "n_frames", 1)
        if count < 2:
            return FlashFacts(frames=1, width=image.width, height=image.height)
        if image.width * image.height * count > MOST_ANIMATED:
            raise CannotTest(
                f"{path.name} is too long to be watched: {count} frames of {image.width} by {image.height}."
            )
        loops = _loops(image)
        seen = [
            flashes_of_pictures(((np.asarray(look), seconds) for look, seconds in _shown(image, count, on)), loops)
            for on in (("white", "black") if image.has_transparency_data else ("white",))
        ]
    return max(seen, key=lambda facts: len(facts.events))


def _loops(image: Any) -> int:
    """0 is for ever. A GIF without a number of loops is shown once."""
    if image.format == "GIF":
        if "loop" not in image.info:
            return 1
        asked = int(image.info["loop"])
        return asked + 1 if asked else 0
    return int(image.info.get("loop", 0))


def _shown(image: Any, count: int, on: str) -> Iterator[tuple[Any, float]]:
    from PIL import Image

    for number in range(count):
        image.seek(number)
        seconds = float(image.info.get("duration", 0)) / 1000
        look = image.convert("RGBA")
        ground = Image.new("RGB", look.size, on)
        ground.paste(look, mask=look.getchannel("A"))
        yield ground, seconds if seconds >= _SLOWEST_ASKED else _STANDS_INSTEAD


def planes(frame: Any) -> Yuv:
    """Of a frame of PyAV, without copying where it has 8 bits and chroma at half the size."""
    import numpy as np

    if frame.format.name not in ("yuv420p", "yuvj420p"):
        frame = frame.reformat(format="yuv420p")
    luma, blue, red = (
        np.frombuffer(plane, np.uint8).reshape(plane.height, plane.line_size)[:, : plane.width]
        for plane in frame.planes
    )
    # 5, 6: BT.470 and SMPTE 170M; 2 is not said: small pictures are taken for BT.601, as players do.
    matrix = "bt601" if frame.colorspace in (5, 6) or (frame.colorspace == 2 and frame.height < 720) else "bt709"
    return Yuv(luma, blue, red, matrix, frame.format.name == "yuvj420p" or frame.color_range == 2)
