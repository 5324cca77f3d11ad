"""Where in moving pictures light or red goes up and down, how often in a second, and over how much of one's view.

The terms are those of WCAG 2.2, "general flash and red flash thresholds"
(https://www.w3.org/TR/WCAG22/#dfn-general-flash-and-red-flash-thresholds). A transition is the change between a peak
and the next valley of the plot of one point against time, or back; a flash is two of them, opposing. Of each point of a
grid the last peak and valley are kept, and a transition is counted at the frame where the change from it reaches what
WCAG asks. Then the points are put together, in each window of 341 by 256 pixels (10 degrees), in two ways:

- as one: more than a quarter of the window brightens, or darkens, at the same time, and little of it does the opposite.
  These transitions are counted for the window, whichever points make them.
- point by point: more than a quarter of the window are points that each changed so often within the second, and at the
  same time. Which way each goes does not matter: halves that flash in turn are flashing too.

Stripes that move past make each point flash as well, though nothing lights up: points that do not keep time together
are marked as `moving`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

TICKS = 10_000
"""In a second. Times are whole ticks, since differences of fractions must come out the same at any place."""
SECOND = TICKS - 10
"""What is a millisecond less than a second apart still counts as a second apart: WebM rounds times to milliseconds."""
AT_ONCE = TICKS // 15
"""Transitions within two frames at 30 frames a second are concurrent: light that swells takes a while for all."""
TOO_MANY = 7
"""Transitions in a second: more than three flashes."""
MANY = 4
"""Transitions in a second that tire where they go on: two flashes (EA IRIS, extended flash failure)."""

STEP = 0.1
DARKER = 0.8
"""General flash: a change of relative luminance of 0.1 or more, where the darker image is below 0.8."""
SATURATED = 0.8
RED_STEP = 0.2
"""Red flash: to or from a state of R/(R+G+B) of 0.8 or more, over more than 0.2 in CIE 1976 u'v' (WCAG 2.2, note 3)."""
OLD_RED_STEP = 20 / 320
"""The rule before: to or from such a state, with a change of max(R-G-B, 0) x 320 of more than 20 (WCAG 2.1)."""
BLACK = 0.0075
"""R+G+B below which a color is taken for black: the glare of a screen in a room, 0.2 of 80 cd/m2 (IEC 61966-2-1)."""
_EPSILON = 1e-6
_ONE_WAY = 2.0
"""As one means that so many times more of the window goes one way than the other."""
_IN_TIME = 0.8
"""Of the transitions of points that keep time, this share falls on the busiest frames, one for each transition and one
to spare."""
_POSITIONS = 4
"""Points from one window to the next."""

GENERAL, RED = "general", "red"


@dataclass(frozen=True, slots=True)
class Grid:
    """Points of a picture that is fit to 1024 by 768."""

    height: int
    width: int
    pixel: float
    """Pixels of the 1024 by 768 frame from one point to the next."""
    window: tuple[int, int]
    """Height and width, in points; never more than the grid has."""
    least: float
    """Points that are a quarter of the window (less for a first look)."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What is too much, or nearly, at one frame."""

    kind: str
    transitions: int
    """Within the second that ends here."""
    since: int
    """Ticks: when the first of them was made."""
    share: float
    """Of the window of 10 degrees that changes at once."""
    box: tuple[int, int, int, int]
    """Left, top, width and height, in points."""
    moving: bool = False


@lru_cache(maxsize=1)
def linear_table() -> Any:
    """Relative to linear light of each 8-bit value (sRGB, as WCAG 2.2 defines relative luminance)."""
    import numpy as np

    value = np.arange(256) / 255
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4).astype(np.float32)


class Transitions:
    """Of one grid. Feed it the red, green and blue of its points, frame by frame."""

    def __init__(self, grid: Grid, rules: tuple[str, ...] = ("uv", "rgb")) -> None:
        """`rules`: by which red is judged, `uv` (WCAG 2.2), `rgb` (before), or either of both."""
        self._grid = grid
        self._rules = rules
        table = linear_table()
        self._tables = (table, table * 0.2126, table * 0.7152, table * 0.0722)
        self._light = _Zigzag(grid, GENERAL)
        self._by_rule: dict[str, _Red | _OldRed] = {}
        self._before: tuple[Any, Any, Any] | None = None
        self._red_points: Any = None
        self._red_until = -1

    def add(self, colors: tuple[Any, Any, Any], ticks: int) -> list[Sight]:
        """`colors`: red, green and blue, 8 bits each, an array of the grid's size."""
        import cv2

        _, of_red, of_green, of_blue = self._tables
        parts = [cv2.LUT(color, table) for color, table in zip(colors, (of_red, of_green, of_blue), strict=True)]
        luminance = cv2.add(cv2.add(parts[0], parts[1]), parts[2])
        found = self._light.add(luminance, ticks)
        return found + self._reds(colors, ticks)

    def _reds(self, colors: tuple[Any, Any, Any], ticks: int) -> list[Sight]:
        """Reckoned while saturated red comes, goes or changes: most videos have none of it."""
        import cv2
        import numpy as np

        points = _saturated_points(colors)
        before, points_before = self._before, self._red_points
        self._before, self._red_points = colors, points
        if before is None:
            return []
        changed = (cv2.absdiff(colors[0], before[0]) > _STILL) | (points ^ points_before)
        changed &= points | points_before
        if np.count_nonzero(changed) >= self._grid.least / 8:  # an eighth, since a change may take several frames
            self._red_until = ticks + _RED_SECONDS
        if ticks > self._red_until:
            self._by_rule.clear()
            return []
        linear = tuple(cv2.LUT(color, self._tables[0]) for color in colors)
        if not self._by_rule:
            old = tuple(cv2.LUT(color, self._tables[0]) for color in before)
            self._by_rule.update({rule: _RED_RULES[rule](self._grid, old) for rule in self._rules})
        return [sight for machine in self._by_rule.values() for sight in machine.add(linear, ticks)]


def _saturated_points(colors: tuple[Any, Any, Any]) -> Any:
    """At least those where a color is saturated, R >= 4 (G + B) in linear light, reckoned in whole numbers."""
    import cv2

    red, green, blue = colors
    parts, fourths = _whole_light()
    return (cv2.LUT(red, fourths) >= cv2.add(cv2.LUT(green, parts), cv2.LUT(blue, parts))) & (red >= _DARKEST_RED)


@lru_cache(maxsize=1)
def _whole_light() -> tuple[Any, Any]:
    """Of each 8-bit value, its light in parts of 10,000, rounded down; and a fourth of that of a red, rounded up."""
    import numpy as np

    light = linear_table().astype(np.float64) * 10_000
    return light.astype(np.uint16), np.ceil(light / 4 + 1).astype(np.uint16)


_STILL = 2
"""8-bit values by which a red that does not flash may change from frame to frame: it takes 7 and more to flash."""
_RED_SECONDS = 3 * TICKS // 2
_DARKEST_RED = 18
"""The 8-bit value from which BLACK is passed."""


class _Counted:
    """The transitions of every point within the last second, and where too many are close together."""

    def __init__(self, grid: Grid, kind: str) -> None:
        import numpy as np

        self.grid, self.kind = grid, kind
        self._count = np.zeros((grid.height, grid.width), np.uint8)  # runs over: only differences are used
        self._up = np.zeros((grid.height, grid.width), bool)
        self._past: deque[tuple[int, Any]] = deque()
        height, width = grid.window
        self._rows = _starts(grid.height - height)
        self._columns = _starts(grid.width - width)
        shape = (len(self._rows), len(self._columns))
        self._window_count = np.zeros(shape, np.uint8)
        self._window_way = np.zeros(shape, np.int8)
        self._window_past: deque[tuple[int, Any]] = deque()

    def count(self, up: Any, down: Any, ticks: int) -> list[Sight]:
        """`up`, `down`: the points that have just made such a transition."""
        import numpy as np

        if not self._past:
            self._past.append((ticks - 2 * TICKS, self._count))
            self._window_past.append((ticks - 2 * TICKS, self._window_count))
        changed = up | down
        if changed.any():
            self._count = self._count + changed.view(np.uint8)
            self._up = (self._up & ~down) | up
        self._past.append((ticks, self._count))
        _forget(self._past, ticks)
        recent = self._count != _then(self._past, ticks - AT_ONCE)
        if changed.any() and np.count_nonzero(recent) >= self.grid.least:
            self._count_windows(recent)
        self._window_past.append((ticks, self._window_count))
        _forget(self._window_past, ticks)
        return self._sights(recent, ticks)

    def _count_windows(self, recent: Any) -> None:
        import numpy as np

        upward, downward = self._sums(recent & self._up), self._sums(recent & ~self._up)
        least = self.grid.least
        rises = (upward > least) & (upward >= _ONE_WAY * downward) & (self._window_way <= 0)
        falls = (downward > least) & (downward >= _ONE_WAY * upward) & (self._window_way >= 0)
        self._window_way = np.where(rises, np.int8(1), np.where(falls, np.int8(-1), self._window_way))
        self._window_count = self._window_count + (rises | falls).view(np.uint8)

    def _sights(self, recent: Any, ticks: int) -> list[Sight]:
        """The gravest that is seen at this frame, as one or point by point; none where all is well."""
        import numpy as np

        often = self._count - _then(self._past, ticks - SECOND)
        as_one = int((self._window_count - _then(self._window_past, ticks - SECOND)).max(initial=0))
        if as_one >= TOO_MANY:
            still = np.count_nonzero(recent) >= self.grid.least  # not when it has just stopped
            return [self._sight_as_one(as_one, often >= MANY)] if still else []
        for least in (TOO_MANY, MANY):
            sight = self._sight_by_point((often >= least) & recent, often, recent, ticks)
            if sight is not None:
                return [sight] if sight.transitions else []
        return [self._sight_as_one(as_one, often >= 1)] if as_one >= MANY else []

    def _sight_by_point(self, points: Any, often: Any, recent: Any, ticks: int) -> Sight | None:
        """Where `points` are more than a quarter of a window; without transitions where they are a fine pattern."""
        import numpy as np

        least = self.grid.least
        if np.count_nonzero(points) <= least:
            return None
        sums = self._sums(points)
        row, column = (int(place) for place in np.unravel_index(int(sums.argmax()), sums.shape))
        if sums[row, column] <= least:
            return None
        here = self._inside(row, column)
        if self._is_fine_pattern(recent[here], here):
            return Sight(self.kind, 0, 0, 0.0, (0, 0, 0, 0))
        counts = np.sort(often[here][points[here]])
        times = int(counts[-int(least) - 1])  # so often at least, on more than a quarter
        # Of stripes that move, those that have just reached the count keep time among themselves: others are asked too.
        moving = not self._keeps_time(often[here] >= max(times - 2, MANY), here, ticks, times)
        return self._sight(times, points, row, column, moving)

    def _sight_as_one(self, transitions: int, points: Any) -> Sight:
        import numpy as np

        sums = self._sums(points)
        row, column = np.unravel_index(int(sums.argmax()), sums.shape)
        return self._sight(transitions, points, int(row), int(column))

    def _sums(self, points: Any) -> Any:
        """How many of the points each window holds."""
        import cv2
        import numpy as np

        table = cv2.integral(points.view(np.uint8))
        height, width = self.grid.window
        low, high = table[self._rows], table[self._rows + height]
        rows = high - low
        return rows[:, self._columns + width] - rows[:, self._columns]

    def _inside(self, row: int, column: int) -> tuple[slice, slice]:
        height, width = self.grid.window
        top, left = int(self._rows[row]), int(self._columns[column])
        return slice(top, top + height), slice(left, left + width)

    def _sight(self, transitions: int, points: Any, row: int, column: int, moving: bool = False) -> Sight:
        import cv2
        import numpy as np

        here = self._inside(row, column)
        share = float(np.count_nonzero(points[here])) / (self.grid.least / 0.25)
        left, top, width, height = cv2.boundingRect(points.view(np.uint8))
        return Sight(self.kind, transitions, self._since(points), min(share, 1.0), (left, top, width, height), moving)

    def _since(self, points: Any) -> int:
        """Ticks: when half of the points had made a transition within the second that is kept."""
        first = self._past[0][1][points]
        return self._past[
            bisect_left(
                range(len(self._past) - 1), True, key=lambda at: (self._past[at][1][points] != first).mean() >= 0.5
            )
        ][0]

    def _is_fine_pattern(self, recent: Any, here: tuple[slice, slice]) -> bool:
        """Squares of less than 0.1 degree that go up and down in equal number are exempt, white noise among them."""
        import numpy as np

        way = np.where(recent, np.where(self._up[here], 1, -1), 0)
        upward, downward = np.count_nonzero(way > 0), np.count_nonzero(way < 0)
        if not upward or not downward or max(upward, downward) > _ONE_WAY * min(upward, downward):
            return False
        runs = []
        for one, other in ((way[1:], way[:-1]), (way[:, 1:], way[:, :-1])):
            either = int(np.count_nonzero((one != 0) | (other != 0)))
            runs.append(either / max(int(np.count_nonzero(one != other)), 1))
        return bool(max(runs) * self.grid.pixel < FINE)

    def _keeps_time(self, points: Any, here: tuple[slice, slice], ticks: int, times: int) -> bool:
        import numpy as np

        totals, last = [], None
        for then, count in self._past:
            if last is not None and count is not last and then > ticks - SECOND:
                totals.append(int((count[here] - last[here])[points].sum(dtype=np.int64)))
            last = count
        totals.sort(reverse=True)
        return sum(totals[: times + 1]) >= _IN_TIME * sum(totals)


FINE = 341 / 100
"""Pixels of the 1024 by 768 frame in 0.1 degree."""


def _starts(last: int) -> Any:
    import numpy as np

    return np.unique(np.append(np.arange(0, last + 1, _POSITIONS), last))


def _then(past: deque[tuple[int, Any]], ticks: int) -> Any:
    """What was counted up to that time."""
    for then, count in reversed(past):
        if then <= ticks:
            return count
    return past[0][1]


def _forget(past: deque[tuple[int, Any]], ticks: int) -> None:
    while len(past) > 1 and past[1][0] <= ticks - SECOND:
        past.popleft()


class _Zigzag(_Counted):
    """Of luminance."""

    def __init__(self, grid: Grid, kind: str) -> None:
        super().__init__(grid, kind)
        self._high: Any = None
        self._low: Any = None
        self._way: Any = None

    def add(self, luminance: Any, ticks: int) -> list[Sight]:
        import numpy as np

        if self._high is None:
            self._high, self._low = luminance.copy(), luminance.copy()
            self._way = np.zeros(luminance.shape, np.int8)
        high = np.maximum(self._high, luminance, out=self._high)
        low = np.minimum(self._low, luminance, out=self._low)
        down = (high - luminance >= STEP - _EPSILON) & (luminance < DARKER) & (self._way >= 0)
        up = (luminance - low >= STEP - _EPSILON) & (low < DARKER) & (self._way <= 0)
        up &= ~down
        np.copyto(low, luminance, where=down)
        np.copyto(high, luminance, where=up)
        np.copyto(self._way, np.int8(-1), where=down)
        np.copyto(self._way, np.int8(1), where=up)
        return self.count(up, down, ticks)


class _OldRed(_Counted):
    """Of max(R-G-B, 0), where one of the two states is saturated."""

    def __init__(self, grid: Grid, before: Any) -> None:
        import numpy as np

        super().__init__(grid, RED)
        shape = (grid.height, grid.width)
        self._high, self._high_red = _redness(before)
        self._low, self._low_red = self._high.copy(), self._high_red.copy()
        self._way = np.zeros(shape, np.int8)

    def add(self, linear: Any, ticks: int) -> list[Sight]:
        import numpy as np

        value, red = _redness(linear)
        for extreme, is_red, beyond in (
            (self._high, self._high_red, value > self._high),
            (self._low, self._low_red, value < self._low),
        ):
            np.copyto(extreme, value, where=beyond)
            np.copyto(is_red, red, where=beyond)
        down = (self._high - value > OLD_RED_STEP + _EPSILON) & (self._high_red | red) & (self._way >= 0)
        up = (value - self._low > OLD_RED_STEP + _EPSILON) & (self._low_red | red) & (self._way <= 0) & ~down
        for turned, extreme, is_red, way in ((down, self._low, self._low_red, -1), (up, self._high, self._high_red, 1)):
            np.copyto(extreme, value, where=turned)
            np.copyto(is_red, red, where=turned)
            np.copyto(self._way, np.int8(way), where=turned)
        return self.count(up, down, ticks)


def _redness(linear: Any) -> tuple[Any, Any]:
    import numpy as np

    red, green, blue = linear
    return np.maximum(red - green - blue, 0), _saturated(red, green, blue)


def _saturated(red: Any, green: Any, blue: Any) -> Any:
    total = red + green + blue
    return (red >= (SATURATED - _EPSILON) * total) & (total >= BLACK)


class _Red(_Counted):
    """Of CIE 1976 u'v', to and from saturated red. Between the two, of the red states the one nearest the red primary
    is kept, of the others the one farthest from it."""

    def __init__(self, grid: Grid, before: Any) -> None:
        import numpy as np

        super().__init__(grid, RED)
        self._in_red = _saturated(*before)
        color = _chromaticity(before)
        self._reds = [np.where(self._in_red, part, np.float32(np.inf)) for part in color]
        self._others = [np.where(self._in_red, np.float32(-9), part) for part in color]

    def add(self, linear: Any, ticks: int) -> list[Sight]:
        import numpy as np

        now = _chromaticity(linear)
        u, v, far = now
        red = _saturated(*linear)
        # A red that is redder, and another color that is less so, take the place of those kept on the same side.
        _keep(self._reds, now, red & self._in_red & (far < self._reds[2]))
        _keep(self._others, now, ~red & ~self._in_red & (far > self._others[2]))
        wide = RED_STEP + _EPSILON
        up = red & ~self._in_red & (np.hypot(u - self._others[0], v - self._others[1]) > wide)
        down = ~red & self._in_red & (np.hypot(u - self._reds[0], v - self._reds[1]) > wide)
        _keep(self._reds, now, up)
        _keep(self._others, now, down)
        self._in_red = (self._in_red | up) & ~down
        return self.count(up, down, ticks)


def _keep(kept: list[Any], now: tuple[Any, Any, Any], where: Any) -> None:
    import numpy as np

    for old, new in zip(kept, now, strict=True):
        np.copyto(old, new, where=where)


_PRIMARY = (0.4507, 0.5229)
_WHITE = (0.1978, 0.4683)
"""u'v' of the red primary and of the white of sRGB."""


_RED_RULES: dict[str, type[_Red] | type[_OldRed]] = {"uv": _Red, "rgb": _OldRed}


def _chromaticity(linear: Any) -> tuple[Any, Any, Any]:
    """u', v' and the distance from the red primary; black has the color of white."""
    import numpy as np

    red, green, blue = linear
    x = 0.4124 * red + 0.3576 * green + 0.1805 * blue
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = 0.0193 * red + 0.1192 * green + 0.9505 * blue
    total = x + 15 * y + 3 * z
    dark = red + green + blue < BLACK
    total[dark] = 1
    u, v = 4 * x / total, 9 * y / total
    u[dark], v[dark] = _WHITE
    return u, v, np.hypot(u - _PRIMARY[0], v - _PRIMARY[1])
