"""Pictures with words in them whose colors, size and place are known, drawn for `accuracy.py images`.

The fonts are those of Debian's packages fonts-dejavu-core, fonts-liberation2, fonts-open-sans, fonts-roboto-unhinted,
fonts-lato, fonts-freefont-ttf, fonts-crosextra-carlito, fonts-crosextra-caladea and fonts-comic-neue.
"""

from __future__ import annotations

import io
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy
import wcag_contrast_ratio
from PIL import Image, ImageDraw, ImageFilter, ImageFont

FOLDER = Path("/usr/share/fonts")
FAMILIES = {
    "DejaVu Sans": ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf"),
    "Liberation Sans": ("LiberationSans-Regular.ttf", "LiberationSans-Bold.ttf"),
    "Liberation Serif": ("LiberationSerif-Regular.ttf", "LiberationSerif-Bold.ttf"),
    "Open Sans": ("OpenSans-Regular.ttf", "OpenSans-Bold.ttf"),
    "Roboto": ("Roboto-Regular.ttf", "Roboto-Bold.ttf"),
    "Lato": ("Lato-Regular.ttf", "Lato-Bold.ttf"),
    "FreeSerif": ("FreeSerif.ttf", "FreeSerifBold.ttf"),
    "Carlito": ("Carlito-Regular.ttf", "Carlito-Bold.ttf"),
    "Caladea": ("Caladea-Regular.ttf", "Caladea-Bold.ttf"),
    "Comic Neue": ("ComicNeue-Regular.otf", "ComicNeue-Bold.otf"),
}
WORDS = (
    "Leaf Day is Saturday", "Free flu shots", "Register by Friday", "Move your car", "Storm drains", "City Hall closed",
    "Open house 6 p.m.", "Call 555-0142", "Bring water and a hat", "Road work ahead", "Cooling centers open",
    "Join us at the park", "Tree planting", "Story time", "Budget hearing Nov. 18", "Compost is free",
    "Boil water notice", "Volunteers needed", "Pool hours change", "Meet the new director", "WINTER SHELTER",
    "SNOW ROUTE", "Recycle right", "Ask a librarian", "Walk, bike or roll", "Park in the garage", "Know your zone",
)  # fmt: skip
SIDE = 1080
EFFECTS = ("plain", "outline", "shadow")
Color = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it was drawn. `box` is left, top, right, bottom of its ink in pixels; the ratios are those of its color
    to the ground under it: the median, and that of the tenth of the ground nearest to it."""

    text: str
    box: tuple[int, int, int, int]
    px: int
    bold: bool
    family: str
    foreground: Color
    ratio: float
    worst: float


@dataclass(frozen=True, slots=True)
class Drawn:
    picture: bytes
    ending: str
    ground: str
    """solid, gradient or photo."""
    effect: str
    quality: int
    """Of the JPEG; 0 for PNG."""
    lines: tuple[Line, ...]


def draw(seed: int, ground: str, effect: str = "plain", quality: int = 0, sizes: tuple[int, int] = (12, 96)) -> Drawn:
    """A picture of 1080 by 1080 pixels with as many lines as there is room for."""
    chance = random.Random(f"{seed} {ground} {effect} {quality}")
    canvas = _ground(chance, ground)
    lines = []
    y = chance.randint(20, 50)
    while True:
        px = round(sizes[0] * (sizes[1] / sizes[0]) ** chance.random())
        if y + px * 1.6 > SIDE:
            break
        line = _line(canvas, chance, px, y, effect)
        if line is not None:
            lines.append(line)
        y += round(px * chance.uniform(1.5, 2.2)) + 8
    buffer = io.BytesIO()
    if quality:
        canvas.save(buffer, "JPEG", quality=quality, subsampling="4:2:0")
    else:
        canvas.save(buffer, "PNG", compress_level=1)
    return Drawn(buffer.getvalue(), ".jpg" if quality else ".png", ground, effect, quality, tuple(lines))


def _ground(chance: random.Random, kind: str) -> Image.Image:
    def color() -> Color:
        return tuple(chance.choice((chance.randint(0, 255), chance.choice((0, 20, 235, 255)))) for _ in range(3))  # type: ignore[return-value]

    if kind == "solid":
        return Image.new("RGB", (SIDE, SIDE), color())
    if kind == "gradient":
        first, last = numpy.array(color()), numpy.array(color())
        last = first + (last - first) * chance.uniform(0.2, 0.7)
        along = numpy.linspace(0, 1, SIDE)[:, None]
        row = (first + (last - first) * along).astype("uint8")
        made = Image.fromarray(numpy.broadcast_to(row[None], (SIDE, SIDE, 3)).copy())
        return made.rotate(chance.choice((0, 90))) if chance.random() < 0.7 else made
    # Like a photograph: blurred shapes of several sizes, then fine grain.
    made = Image.new("RGB", (SIDE, SIDE), color())
    pen = ImageDraw.Draw(made)
    for size in (500, 260, 120, 60):
        for _ in range(round(4000 / size)):
            x, y = chance.randint(-size, SIDE), chance.randint(-size, SIDE)
            getattr(pen, chance.choice(("ellipse", "rectangle")))((x, y, x + size, y + size * 0.7), fill=color())
    made = made.filter(ImageFilter.GaussianBlur(chance.uniform(6, 30)))
    noise = numpy.random.default_rng(chance.randint(0, 1 << 30)).normal(0, chance.uniform(1, 6), (SIDE, SIDE, 1))
    return Image.fromarray((numpy.asarray(made) + noise).clip(0, 255).astype("uint8"))


def _line(canvas: Image.Image, chance: random.Random, px: int, y: int, effect: str) -> Line | None:
    family = chance.choice(sorted(FAMILIES))
    bold = chance.random() < 0.4
    font = _font(FAMILIES[family][bold], px)
    text = chance.choice(WORDS)
    while font.getlength(text) > SIDE - 80:
        text = text.rpartition(" ")[0]
        if not text:
            return None
    x = chance.randint(30, max(31, round(SIDE - 40 - font.getlength(text))))
    mask = Image.new("L", canvas.size)
    ImageDraw.Draw(mask).text((x, y), text, font=font, fill=255)
    box = mask.getbbox()
    if box is None:
        return None
    under = numpy.asarray(canvas)[numpy.asarray(mask) > 128].astype(float)
    ground: Color = tuple(int(value) for value in numpy.median(under, axis=0))  # type: ignore[assignment]
    foreground = _color_at(chance, ground, 1.2 * (15 / 1.2) ** chance.random())
    if foreground is None:
        return None
    pen = ImageDraw.Draw(canvas)
    wide = max(1, px // 16)
    if effect == "outline":
        outline = (0, 0, 0) if sum(foreground) > 380 else (255, 255, 255)
        pen.text((x, y), text, font=font, fill=foreground, stroke_width=wide, stroke_fill=outline)
    else:
        if effect == "shadow":
            dark = Image.new("L", canvas.size)
            ImageDraw.Draw(dark).text((x + wide, y + wide), text, font=font, fill=160)
            canvas.paste((0, 0, 0), mask=dark.filter(ImageFilter.GaussianBlur(wide)))
        pen.text((x, y), text, font=font, fill=foreground)
    ratios = [contrast(foreground, tuple(pixel)) for pixel in under[:: max(1, len(under) // 400)]]
    return Line(text, box, px, bold, family, foreground, *map(float, numpy.percentile(ratios, (50, 10))))


def contrast(one: Any, other: Any) -> float:
    """By WCAG 2.2, of two colors with parts from 0 to 255."""
    ratio: float = wcag_contrast_ratio.rgb([part / 255 for part in one], [part / 255 for part in other])
    return ratio


def _color_at(chance: random.Random, ground: Color, ratio: float) -> Color | None:
    """A color of that ratio to the ground: a random one, mixed with white or black. None where there is none."""
    hue = numpy.array([chance.randint(0, 255) for _ in range(3)], float)
    ends = [numpy.array([0.0] * 3), numpy.array([255.0] * 3)]
    chance.shuffle(ends)
    for end in ends:
        for start in (hue, 255 - end):  # from a hue, or along the greys
            steps = [start + (end - start) * step / 255 for step in range(256)]
            near = min(steps, key=lambda mixed: abs(contrast(mixed.round(), ground) / ratio - 1))
            if abs(contrast(near.round(), ground) / ratio - 1) < 0.02:
                return tuple(int(part) for part in near.round())  # type: ignore[return-value]
    return None


def _font(name: str, px: int) -> Any:
    return ImageFont.truetype(_PATHS[name], px)


_PATHS = {path.name: str(path) for path in FOLDER.rglob("*.[ot]tf")}
