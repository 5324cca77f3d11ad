"""Flashes: a suite of clips that are drawn here, and what three methods say of them.

    python benchmarks/flashes.py [--fewer 4] [--ffmpeg 5]

What is true of a clip is reckoned from its parameters by the words of WCAG 2.2: the states that each region is drawn
in, the frames at which they change, and the largest part of a window of 341 by 256 (of 1024 by 768) that the regions
cover together. Beside ours stand the mean of the frame, and ffmpeg's filter `photosensitivity`, which is given the
threshold that suits it best on these very clips (every fifth: it takes longest). The bar: 99 % of ours right, outside
2 % of each threshold. Then some clips go through H.264, and the cost of a frame of 1920 by 1080 is measured. Exit code
1 where the bar is not reached.
"""

from __future__ import annotations

import argparse
import itertools
import math
import random
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any

import imageio_ffmpeg
import numpy as np

from postcheck.analysis.flashes import Flashes
from postcheck.analysis.transitions import linear_table
from postcheck.analysis.video.watch import work as watch

Color = tuple[int, ...]
Rect = tuple[int, int, int, int]
"""Left, top, width and height, in pixels."""
BAND = 0.02
SECONDS = 1.6
RATES = (24, 25, 30, 50, 60)


@dataclass(frozen=True, slots=True)
class Region:
    rect: Rect
    states: tuple[Color, Color]
    turned: bool = False
    """It starts in the second state: in antiphase to the others."""


@dataclass(frozen=True, slots=True)
class Clip:
    group: str
    size: tuple[int, int] = (640, 480)
    fps: int = 30
    rate: float = 5.0
    """Flashes a second."""
    regions: tuple[Region, ...] = ()
    ground: Color = (90, 90, 90)
    start: float = 0.0
    """Part of a period that is over at the first frame."""
    rules: tuple[str, ...] = ("uv", "rgb")
    seconds: float = SECONDS

    def state(self, frame: int) -> int:
        return math.floor((frame / self.fps * self.rate + self.start) * 2 + 1e-9) % 2

    def frames(self) -> Iterator[Any]:
        width, height = self.size
        looks = []
        for state in (0, 1):
            look = np.empty((height, width, 3), np.uint8)
            look[:] = self.ground
            for region in self.regions:
                left, top, across, down = region.rect
                look[top : top + down, left : left + across] = region.states[state ^ region.turned]
            looks.append(look)
        for frame in range(round(self.seconds * self.fps)):
            yield looks[self.state(frame)]


# ------------------------------------------------------------------------------- what is true, from the parameters


def linear(color: Color) -> list[float]:
    return [
        value / 255 / 12.92 if value / 255 <= 0.04045 else ((value / 255 + 0.055) / 1.055) ** 2.4 for value in color
    ]


def luminance(color: Color) -> float:
    red, green, blue = linear(color)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def chromaticity(color: Color) -> tuple[float, float]:
    """CIE 1976 u'v'. Black has none; a screen that shows it glows in the color of its white."""
    red, green, blue = linear(color if sum(color) else (255, 255, 255))
    x = 0.4124 * red + 0.3576 * green + 0.1805 * blue
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = 0.0193 * red + 0.1192 * green + 0.9505 * blue
    return 4 * x / (x + 15 * y + 3 * z), 9 * y / (x + 15 * y + 3 * z)


def saturation(color: Color) -> float:
    return linear(color)[0] / max(sum(linear(color)), 1e-9)


def redness(color: Color) -> float:
    red, green, blue = linear(color)
    return max(red - green - blue, 0.0) * 320


def is_flash(one: Color, other: Color, rules: tuple[str, ...]) -> tuple[bool, bool]:
    """Does going between the two make a flash; and is it near a threshold on which that hangs?"""
    step, dark = abs(luminance(one) - luminance(other)), min(luminance(one), luminance(other))
    red = max(saturation(one), saturation(other))
    verdicts = [([step - 0.1, 0.8 - dark], [0.1, 0.8])]
    if "uv" in rules:
        verdicts.append(([red - 0.8, math.dist(chromaticity(one), chromaticity(other)) - 0.2], [0.8, 0.2]))
    if "rgb" in rules:
        verdicts.append(([red - 0.8, abs(redness(one) - redness(other)) - 20], [0.8, 20]))
    return combine(verdicts)


def combine(verdicts: list[tuple[list[float], list[float]]]) -> tuple[bool, bool]:
    """Any rule raises where all of its conditions hold."""
    sure = any(all(value > BAND * scale for value, scale in zip(*rule, strict=True)) for rule in verdicts)
    possible = any(all(value > -BAND * scale for value, scale in zip(*rule, strict=True)) for rule in verdicts)
    return sure, possible and not sure


def largest_share(clip: Clip, regions: list[Region]) -> float:
    """Of a window, by the regions together, wherever it lies: a side of it meets a side of a region."""
    width, height = clip.size
    fit = min(1024 / width, 768 / height)
    across, down = min(341 / fit, width), min(256 / fit, height)
    lefts, tops = {0.0}, {0.0}
    for region in regions:
        x, y, wide, high = region.rect
        lefts |= {x, x + wide - across}
        tops |= {y, y + high - down}
    best = 0.0
    for left in (min(max(value, 0), width - across) for value in lefts):
        for top in (min(max(value, 0), height - down) for value in tops):
            covered = sum(
                max(0.0, min(x + wide, left + across) - max(x, left))
                * max(0.0, min(y + high, top + down) - max(y, top))
                for x, y, wide, high in (region.rect for region in regions)
            )
            best = max(best, covered)
    return best / (341 * 256 / fit**2)


def truth(clip: Clip) -> bool | None:
    """Is it above the threshold? None within 2 % of one."""
    turns = [frame for frame in range(1, round(clip.seconds * clip.fps)) if clip.state(frame) != clip.state(frame - 1)]
    often = any(
        turns[index + 6] - turns[index] < clip.fps for index in range(len(turns) - 6)
    )  # seven changes that lie within one second
    flashing = [(region, is_flash(*region.states, clip.rules)) for region in clip.regions]
    sure = largest_share(clip, [region for region, (yes, _) in flashing if yes])
    possible = largest_share(clip, [region for region, (yes, near) in flashing if yes or near])
    if abs(clip.rate - 3) <= 3 * BAND:
        return None if possible > 0.25 * (1 - BAND) else False
    if not often:
        return False
    if sure > 0.25 * (1 + BAND):
        return True
    return None if possible > 0.25 * (1 - BAND) else False


# ------------------------------------------------------------------------------------------------------ the suite


def grey(wanted: float) -> Color:
    value = int(np.abs(linear_table() - wanted).argmin())
    return value, value, value


def solid(share: float, size: tuple[int, int], corner: tuple[float, float] = (0.5, 0.5), tall: float = 1.0) -> Rect:
    """That share of a window, as a rectangle in a corner (0 or 1) or between."""
    width, height = size
    fit = min(1024 / width, 768 / height)
    across = min(341 / fit * math.sqrt(share) * tall, 341 / fit)
    down = 341 * 256 / fit**2 * share / across
    across, down = round(across), round(down)
    return round((width - across) * corner[0]), round((height - down) * corner[1]), across, down


def suite() -> Iterator[Clip]:
    chance = random.Random(7)
    speeds = itertools.cycle(RATES)
    black, white = grey(0.05), grey(0.45)
    states: tuple[Color, Color]
    rect: Rect
    for step in (0.08, 0.085, 0.09, 0.094, 0.097, 0.103, 0.106, 0.11, 0.12, 0.15, 0.2, 0.3, 0.4, 0.5):
        for dark in (0.0, 0.03, 0.1, 0.25, 0.45):
            states = grey(dark), grey(dark + step)
            yield Clip(
                "step", fps=next(speeds), regions=(Region(solid(0.5, (640, 480)), states),), start=chance.random()
            )
    for dark in (0.7, 0.72, 0.75, 0.77, 0.78, 0.82, 0.83, 0.85, 0.87, 0.9):
        for step in (0.09, 0.11, 0.13, 0.17):
            for _ in range(2):
                states = grey(dark), grey(min(dark + step, 1))
                region = Region(solid(0.6, (640, 480), (chance.random(), chance.random())), states)
                yield Clip("dark state", fps=next(speeds), regions=(region,), ground=grey(0.95))
    corners = [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0), (0.5, 0.5), (0.37, 0.61)]
    for share in (0.2, 0.22, 0.235, 0.24, 0.244, 0.256, 0.26, 0.265, 0.28, 0.3):
        for size in ((640, 480), (1280, 720), (720, 1280), (1920, 1080)):
            for corner in corners if size == (640, 480) else corners[4:] if max(size) < 1900 else corners[5:]:
                tall = chance.choice((0.7, 1.0, 1.6))
                rect = solid(share, size, corner, tall)
                yield Clip("area", size, next(speeds), regions=(Region(rect, (black, white)),), start=chance.random())
                left, top, across, down = rect
                half = across // 2
                halves = ((left, top, half, down), (left + half, top, across - half, down))
                antiphase = tuple(Region(part, (black, white), bool(index)) for index, part in enumerate(halves))
                yield Clip("area, antiphase", size, next(speeds), regions=antiphase)
        for size in ((640, 480), (1280, 720)):
            left, top, across, down = solid(0.92, size, (chance.random(), chance.random()))
            part = math.sqrt(share / 0.92 / 4)
            pieces = tuple(
                Region(
                    (round(left + across * x), round(top + down * y), round(across * part), round(down * part)),
                    (black, white),
                )
                for x, y in ((0, 0), (0.5, 0.07), (0.1, 0.52), (0.55, 0.55))
            )
            yield Clip("area, in four pieces", size, next(speeds), regions=pieces)
    for fps in RATES:
        for rate in (2, 2.3, 2.6, 2.8, 2.9, 2.93, 3.07, 3.1, 3.2, 3.4, 3.7, 4, 4.5, 5):
            for _ in range(3):
                region = Region((0, 0, 640, 480), (black, white))
                yield Clip("rate", fps=fps, rate=rate, regions=(region,), start=chance.random(), seconds=2.6)
    for rules in (("uv",), ("rgb",), ("uv", "rgb")):
        for pair in red_pairs(chance, 50):
            region = Region(solid(0.6, (640, 480), (chance.random(), chance.random())), pair)
            yield Clip(f"red by {' or '.join(rules)}", fps=next(speeds), regions=(region,), rules=rules)
    for _ in range(90):
        size = chance.choice(((640, 480), (480, 854), (1280, 720)))
        step, dark = chance.uniform(0.06, 0.3), chance.uniform(0, 0.7)
        rect = solid(chance.uniform(0.15, 0.5), size, (chance.random(), chance.random()), chance.choice((0.8, 1, 1.3)))
        region = Region(rect, (grey(dark), grey(dark + step)))
        ground = tuple(chance.choices(range(256), k=3))
        yield Clip(
            "at random", size, next(speeds), chance.uniform(1, 8), (region,), ground, chance.random(), seconds=2.2
        )


def red_pairs(chance: random.Random, count: int) -> Iterator[tuple[Color, Color]]:
    """Of which the luminance does not flash. Half of them lie about the thresholds."""
    made = 0
    while made < count:
        top = chance.randrange(90, 256)
        other = chance.randrange(top // 8, top)
        one = (top, *(chance.choice(((other // 2, other // 3), (other // 3, other // 2), (0, 0)))))
        two = tuple(chance.randrange(0, 200) for _ in range(3))
        if not max(saturation(one), saturation(two)) >= 0.5 or abs(luminance(one) - luminance(two)) > 0.09:
            continue
        distance, change = math.dist(chromaticity(one), chromaticity(two)), abs(redness(one) - redness(two))
        near = 0.15 < distance < 0.25 or 10 < change < 40 or 0.7 < saturation(one) < 0.9
        if near or made % 2:
            made += 1
            yield one, two


def scene(seed: int, size: tuple[int, int]) -> Any:
    """A ground with large and small shapes, soft as photographs are."""
    import cv2

    chance = np.random.default_rng(seed)
    width, height = size
    look = np.zeros((height, width, 3), np.float32) + chance.integers(30, 220, 3)
    for scale, weight in ((6, 60), (24, 40), (90, 25)):
        rough = chance.normal(0, weight, (scale, scale * 2, 3)).astype(np.float32)
        look += cv2.resize(rough, (width, height), interpolation=cv2.INTER_CUBIC)
    return look.clip(0, 255).astype(np.uint8)


Draw = Callable[[float, int], Any]
"""A frame, by its time in seconds and its number."""
Shown = tuple[str, int, Callable[[], Iterator[Any]]]
"""Name, frames a second, and the frames."""


def shown(name: str, seconds: float, fps: int, draw: Draw) -> Shown:
    return name, fps, lambda: (draw(number / fps, number) for number in range(round(seconds * fps)))


def harmless() -> Iterator[Shown]:
    for number, fps in enumerate(RATES):
        still, wide, strip = scene(20 + number, SIZE), scene(number, (2400, 480)), ticker(number)
        for cuts in (0.7, 1.5, 2.5):
            yield shown("cuts", 3, fps, cutting([scene(seed, SIZE) for seed in range(30, 38)], cuts))
        for speed in (100, 300, 700):
            yield shown("pan", 2, fps, panning(wide, speed))
        for speed in (60, 150, 300):
            yield shown("ticker", 2, fps, scrolling(still, strip, speed))
        for period in (0.7, 1.2, 2.5):
            yield shown("fade", 2.6, fps, fading(still, period))
        for grain in (6, 20, 60):
            yield shown("noise", 1.5, fps, grainy(still, grain))
        for count in (1, 2, 3):
            yield shown("camera flashes", 3, fps, lit(still, count, fps))
        for rate in (0.5, 1.5, 2.5):
            yield shown("stripes that move slowly", 3, fps, striped(rate))


def fast_stripes() -> Iterator[Shown]:
    for fps, rate in itertools.product(RATES, (3.5, 4.5, 6)):
        yield shown("stripes that move fast", 3, fps, striped(rate))


SIZE = (640, 480)


def cutting(stills: list[Any], cuts: float) -> Draw:
    return lambda now, _: stills[int(now * cuts) % len(stills)]


def panning(wide: Any, speed: float) -> Draw:
    return lambda now, _: wide[:, int(now * speed) % 1760 :][:, :640]


def scrolling(still: Any, strip: Any, speed: float) -> Draw:
    def draw(now: float, _: int) -> Any:
        look = still.copy()
        look[430:470] = strip[:, int(now * speed) % 1700 :][:, :640]
        return look

    return draw


def fading(still: Any, period: float) -> Draw:
    return lambda now, _: (still * (0.5 + 0.5 * math.cos(math.tau * now / period))).astype(np.uint8)


def grainy(still: Any, grain: float) -> Draw:
    def draw(_: float, number: int) -> Any:
        return (still + np.random.default_rng(number).normal(0, grain, (480, 640, 1))).clip(0, 255).astype(np.uint8)

    return draw


def lit(still: Any, count: int, fps: int) -> Draw:
    """So many flashes of two frames in nine tenths of every other second."""

    def draw(now: float, _: int) -> Any:
        bright = now % 2 < 0.9 and (now % 2 * count / 0.9) % 1 < 2 / fps * count / 0.9
        return np.maximum(still, 240) if bright else still // 2

    return draw


def striped(rate: float) -> Draw:
    return lambda now, _: stripes(now * rate)


def stripes(periods: float) -> Any:
    look = np.full((SIZE[1], SIZE[0], 3), 60, np.uint8)
    look[:, (np.arange(SIZE[0]) / 80 - periods) % 1 < 0.5] = 200
    return look


def ticker(seed: int) -> Any:
    from PIL import Image, ImageDraw, ImageFont

    image = Image.new("RGB", (2400, 40), "#101030")
    words = "Leaf Day is Saturday. Move your car by 8 a.m. Crews sweep every street of the district. " * 3
    ImageDraw.Draw(image).text((10 + seed, 4), words, font=ImageFont.load_default(26), fill="#FFFFFF")
    return np.asarray(image)


# ----------------------------------------------------------------------------------------------------- the methods


def ours(frames: Iterator[Any], fps: int, rules: tuple[str, ...] = ("uv", "rgb")) -> str:
    """failed, passed, or asked."""
    meter = None
    for number, frame in enumerate(frames):
        if meter is None:
            meter = Flashes(frame.shape[1], frame.shape[0], red_rules=rules)
        meter.add(frame, number / fps)
    assert meter is not None
    events = [event for event in meter.result().events if event.kind != "extended"]
    if any(not event.moving for event in events):
        return "failed"
    return "asked" if events else "passed"


def of_frame_mean(frames: Iterator[Any], fps: int) -> bool:
    """Seven swings of 0.1 in the mean luminance of the frame, the darker below 0.8, within a second."""
    table, turns = linear_table(), []
    high = low = None
    way = 0
    for number, frame in enumerate(frames):
        small = table[frame[::4, ::4]]
        value = float((small @ np.array([0.2126, 0.7152, 0.0722], np.float32)).mean())
        high, low = (value, value) if high is None or low is None else (max(high, value), min(low, value))
        if way >= 0 and high - value >= 0.1 and value < 0.8:
            way, low = -1, value
            turns.append(number)
        elif way <= 0 and value - low >= 0.1 and low < 0.8:
            way, high = 1, value
            turns.append(number)
    return any(turns[index + 6] - turns[index] < fps for index in range(len(turns) - 6))


def of_ffmpeg(frames: Iterator[Any], fps: int) -> float:
    """The largest `badness` that the filter writes for a frame of the clip."""
    looks = list(frames)
    height, width = looks[0].shape[:2]
    judged = f"photosensitivity=frames={fps}:bypass=1,metadata=print:file=-"
    command = [
        imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-f", "rawvideo", "-pix_fmt", "rgb24",
        "-s", f"{width}x{height}", "-r", str(fps), "-i", "-", "-vf", judged, "-f", "null", "-",
    ]  # fmt: skip
    run = subprocess.run(command, input=b"".join(frame.tobytes() for frame in looks), capture_output=True, check=True)
    return max(
        (float(value) for value in re.findall(r"photosensitivity\.badness=([-\d.]+)", run.stdout.decode())), default=0.0
    )


# ------------------------------------------------------------------------------------------------------ the tables


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    truth: bool
    ours: str
    mean: bool
    badness: float | None
    """By ffmpeg, where it was asked."""
    clip: Clip | None


def rows(fewer: int, for_ffmpeg: int) -> Iterator[Row]:
    for number, clip in enumerate(itertools.islice(suite(), 0, None, fewer)):
        wanted = truth(clip)
        if wanted is None:
            continue
        yield Row(
            clip.group,
            wanted,
            ours(clip.frames(), clip.fps, clip.rules),
            of_frame_mean(clip.frames(), clip.fps),
            None if number % for_ffmpeg else of_ffmpeg(clip.frames(), clip.fps),
            clip,
        )
    for number, (name, fps, frames) in enumerate(itertools.islice(harmless(), 0, None, fewer)):
        badness = None if number % for_ffmpeg else of_ffmpeg(frames(), fps)
        yield Row(name, False, ours(frames(), fps), of_frame_mean(frames(), fps), badness, None)


def through_h264(clips: list[Clip]) -> list[tuple[Clip, int, bool, str]]:
    seen = []
    with tempfile.TemporaryDirectory() as folder:
        for number, clip in enumerate(clips):
            wanted = truth(clip)
            quality = (18, 23, 28)[number % 3]
            path = Path(folder) / "a.mp4"
            encode(clip, path, quality)
            events = [event for event in watch(path)["flashes"]["events"] if event["kind"] != "extended"]
            failed = any(not event["moving"] for event in events)
            seen.append((clip, quality, bool(wanted), "failed" if failed else "asked" if events else "passed"))
    return seen


def encode(clip: Clip, path: Path, quality: int) -> None:
    width, height = clip.size
    writer = imageio_ffmpeg.write_frames(
        str(path), (width, height), fps=clip.fps, codec="libx264", macro_block_size=2, quality=None,
        output_params=["-crf", str(quality), "-vf", "scale=out_color_matrix=bt709", "-colorspace", "bt709",
                       "-color_primaries", "bt709", "-color_trc", "bt709"],
    )  # fmt: skip
    writer.send(None)
    for frame in clip.frames():
        writer.send(np.ascontiguousarray(frame))
    writer.close()


def cost() -> None:
    """Of a frame of 1920 by 1080, decoded from H.264, without the decoding."""
    import av

    from postcheck.analysis.colors import planes

    size = (1920, 1080)
    still, wide = scene(1, size), scene(2, (2400, 1080))
    chance = np.random.default_rng(1)

    def talking(now: float, _: int) -> Any:
        look = still.copy()
        left, top = 760 + round(20 * math.sin(now * 3)), 300
        look[top : top + 500, left : left + 400] = (
            still[300:800, 700:1100] + chance.integers(-4, 4, (500, 400, 1))
        ).clip(0, 255)
        return look

    kinds: dict[str, Callable[[float, int], Any]] = {
        "a face that talks": talking,
        "a pan": lambda now, _: wide[:, int(now * 80) % 480 :][:, :1920],
        "flashing": lambda now, _: still if int(now * 10) % 2 else still // 2,
    }
    print("\nCost of a frame of 1920 by 1080: median and 95th percentile of milliseconds")
    with tempfile.TemporaryDirectory() as folder:
        for name, draw in kinds.items():
            path = Path(folder) / "a.mp4"
            writer = imageio_ffmpeg.write_frames(
                str(path),
                size,
                fps=30,
                macro_block_size=2,
                quality=None,
                output_params=["-crf", "23", "-preset", "veryfast"],
            )
            writer.send(None)
            for number in range(150):
                writer.send(np.ascontiguousarray(draw(number / 30, number)))
            writer.close()
            spent, decoding = [], time.perf_counter()
            with av.open(str(path)) as container:
                decoded = sum(1 for _ in container.decode(container.streams.video[0]))
            decoding = time.perf_counter() - decoding
            meter = Flashes(*size)
            with av.open(str(path)) as container:
                for frame in container.decode(container.streams.video[0]):
                    begun = time.perf_counter()
                    meter.add(planes(frame), frame.time)
                    spent.append((time.perf_counter() - begun) * 1000)
            spent = sorted(spent[3:])
            alone = decoding / decoded * 1000
            print(f"  {name:20} {median(spent):6.2f} {spent[len(spent) * 95 // 100]:6.2f}   decoding alone {alone:.2f}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fewer", type=int, default=1, help="every so many clips only")
    parser.add_argument("--ffmpeg", type=int, default=5, help="every so many clips also go to ffmpeg's filter")
    arguments = parser.parse_args()
    found = list(rows(arguments.fewer, arguments.ffmpeg))
    filtered = [(row.badness, row) for row in found if row.badness is not None]
    level = max(
        {0.0, *(badness for badness, _ in filtered), math.inf},
        key=lambda level: sum((badness >= level) is row.truth for badness, row in filtered),
    )
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in found:
        groups[row.name].append(row)
    print(f"{'':26} clips above     ours  frame mean  ffmpeg (badness of {level:.1f} or more) right of asked")
    for name, chosen in (*groups.items(), ("all", found)):
        by_ours = sum((row.ours == "failed") is row.truth for row in chosen) / len(chosen)
        by_mean = sum(row.mean is row.truth for row in chosen) / len(chosen)
        asked_of = [(badness >= level) is row.truth for badness, row in filtered if row in chosen]
        above = sum(row.truth for row in chosen)
        print(
            f"{name:26} {len(chosen):5} {above:5} {by_ours:8.1%} {by_mean:11.1%}  {sum(asked_of):4} of {len(asked_of)}"
        )
    wrong = [row for row in found if (row.ours == "failed") is not row.truth]
    for row in wrong:
        print(f"wrong: {row.name}: {row.ours}, in truth {'above' if row.truth else 'below'}: {row.clip}")
    asked = Counter(row.name for row in found if row.ours == "asked")
    print("asked about:", dict(asked) or "none")
    fast = Counter(ours(frames(), fps) for _, fps, frames in fast_stripes())
    print("stripes that move fast, which no rule settles:", dict(fast))
    clips = [clip for clip in suite() if truth(clip) is not None and not clip.group.startswith("red by")]
    chosen_clips = [replace(clip, rules=("uv", "rgb")) for clip in clips[:: max(1, len(clips) // 60)]]
    encoded = through_h264(chosen_clips)
    bad = [row for row in encoded if (row[3] == "failed") is not row[2]]
    print(f"\nThrough H.264 (CRF 18, 23, 28): {len(encoded) - len(bad)} of {len(encoded)} right")
    for clip, quality, wanted, said in bad:
        print(f"wrong at CRF {quality}: {said}, in truth {'above' if wanted else 'below'}: {clip}")
    cost()
    return int(len(wrong) > len(found) / 100)


if __name__ == "__main__":
    sys.exit(main())
