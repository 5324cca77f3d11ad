"""The colors of the letters of one line in a picture and of the ground about them, measured in its pixels.

The strokes are told from the ground by clustering; the color of the letters is taken from the core of the strokes, and
that of the ground from a ring about them, along the line. Pixels at the edge of a stroke are a mixture of both and
are left out. Where a JPEG has blurred the colors, what the letters lent to the ground and the ground to the
letters is worked out from how much of either is about each pixel.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import cv2
import numpy

Array = Any
"""numpy's arrays; those of pixels are (height, width, 3), red, green, blue from 0 to 255."""
Color = tuple[int, int, int]


_THIN = 8
"""Pixels: the strokes whose colors a JPEG dilutes."""
_CALM = 20
"""The spread of a ground of one color in a JPEG is below this."""
_YCC = numpy.array([[0.299, 0.587, 0.114], [-0.168736, -0.331264, 0.5], [0.5, -0.418688, -0.081312]], "float32")
"""To luma and the two color differences, by JFIF (ITU-T T.871)."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Of one line. Lengths are in pixels of the picture that was measured."""

    foreground: Color
    background: Color
    """In the middle of the line, as the ratio is."""
    ratio: float
    """The median along the line."""
    worst: float
    """The tenth of the line where the ratio is least."""
    best: float
    ink: tuple[int, int, int, int]
    """Left, top, right, bottom of the letters."""
    stroke: float
    """How wide the strokes are."""
    spread: float
    """How much the ground varies beside the letters: the standard deviation of its luma, from 0 to 255."""
    rim: float
    """How far the pixels right about the letters are from any mixture of letter and ground, in CIE76 delta E, beyond
    what those farther off are: an outline, a shadow or a glow."""
    uneven: float
    """How much the letters vary in themselves: the standard deviation of the luma in the core of the strokes."""


def luminance(pixels: Array) -> Array:
    """Relative luminance, from 0 to 1, by WCAG 2.2 (https://www.w3.org/TR/WCAG22/#dfn-relative-luminance)."""
    parts = numpy.asarray(pixels, "float32") / 255
    linear = numpy.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return linear @ numpy.array([0.2126, 0.7152, 0.0722], "float32")


def ratios(one: Array, other: Array) -> Array:
    """By WCAG 2.2, of luminances."""
    return (numpy.maximum(one, other) + 0.05) / (numpy.minimum(one, other) + 0.05)


def measure(pixels: Array, box: tuple[float, float, float, float]) -> Measured | None:
    """The line in `box` (left, top, right, bottom). None where no letters can be told from the ground."""
    left, top, right, bottom = box
    height = bottom - top
    pad = max(4, round(height * 0.2))
    x, y = max(0, round(left) - pad), max(0, round(top) - pad)
    crop = pixels[y : round(bottom) + pad, x : round(right) + pad].astype("float32")
    if min(crop.shape[:2]) < 6:
        return None
    inner = numpy.zeros(crop.shape[:2], bool)
    inner[round(top) - y : round(bottom) - y, round(left) - x : round(right) - x] = True
    coverage = _coverage(crop, inner)
    return None if coverage is None else _measured(crop, coverage, (x, y), height)


def _coverage(crop: Array, inner: Array) -> Array | None:
    """How much of each pixel is letter, from 0 to 1; of the ways to part the colors, the one whose letters are most
    like letters."""
    lab = cv2.cvtColor((crop / 255).astype("float32"), cv2.COLOR_RGB2LAB)
    sharp = _sharpness(lab)
    best: tuple[float, Array] | None = None
    for cluster in (*_by_likeness_of_color(lab), *_by_color_at_edges(lab, sharp, inner)):
        mask = cluster & inner
        score = _likeness(mask, inner, cluster, lab, sharp)
        if score is not None and (best is None or score > best[0]):
            best = score, mask
    if best is None:
        return None
    mask = best[1]
    letter = numpy.median(crop[_core(mask, None)], axis=0)
    ring = _ring(mask, 2, 5)
    if ring.sum() < 8:
        return None
    ground = numpy.median(crop[ring], axis=0)
    axis = letter - ground
    if (axis**2).sum() < 4:
        return None
    coverage = ((crop - ground) @ axis / (axis**2).sum()).clip(0, 1)
    near = cv2.dilate(mask.astype("uint8"), numpy.ones((3, 3), "uint8")) > 0
    return coverage * near


def _sharpness(lab: Array) -> Array:
    """How much the color changes at each pixel."""
    across = cv2.Sobel(lab, cv2.CV_32F, 1, 0)
    down = cv2.Sobel(lab, cv2.CV_32F, 0, 1)
    return numpy.sqrt((across**2 + down**2).sum(2))


def _by_likeness_of_color(lab: Array) -> Iterator[Array]:
    """Each color of those that a picture with a calm ground falls into."""
    samples = lab.reshape(-1, 3)
    cv2.setRNGSeed(1)
    stop = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 20, 0.5)
    samples = samples[:: max(1, len(samples) // 4_000)].copy()
    for clusters in (2, 3):
        _, _, centers = cv2.kmeans(samples, clusters, _NO_LABELS, stop, 1, cv2.KMEANS_PP_CENTERS)
        nearest = ((lab[:, :, None, :] - centers[None, None]) ** 2).sum(3).argmin(2)
        for cluster in range(clusters):
            yield nearest == cluster


_NO_LABELS: Any = None
"""OpenCV takes it; its types do not say so."""


def _by_color_at_edges(lab: Array, sharp: Array, inner: Array) -> Iterator[Array]:
    """On a photograph the letters' color is the one met on one side of most sharp edges."""
    edges = inner & (sharp >= numpy.percentile(sharp[inner], 80))
    beside = inner & (cv2.dilate(edges.astype("uint8"), numpy.ones((3, 3), "uint8")) > 0) & ~edges
    colors = lab[beside]
    for _ in range(3):
        if len(colors) < 20:
            return
        cells, counts = numpy.unique((colors // 8).astype(int), axis=0, return_counts=True)
        center = (cells[counts.argmax()] + 0.5) * 8
        near = ((colors - center) ** 2).sum(1) < 12**2
        if not near.any():
            return
        center = numpy.median(colors[near], axis=0)
        yield ((lab - center) ** 2).sum(2) < 12**2
        colors = colors[((colors - center) ** 2).sum(1) >= 16**2]


def _likeness(mask: Array, inner: Array, cluster: Array, lab: Array, sharp: Array) -> float | None:
    """How much a cluster looks like the letters of a line: thin strokes of one color, all along the line, not at the
    border of the crop. None where it cannot be."""
    share = mask.sum() / inner.sum()
    if not 0.02 < share < 0.6:
        return None
    height = inner.any(1).sum()
    depth = cv2.distanceTransform(numpy.pad(mask.astype("uint8"), 1), cv2.DIST_L2, 3)
    thick = float(numpy.percentile(depth[depth > 0], 95)) / height
    if thick > 0.25:
        return None
    border = numpy.concatenate([cluster[0], cluster[-1], cluster[:, 0], cluster[:, -1]]).mean()
    columns = mask.any(0)[inner.any(0)]
    pieces = numpy.array_split(columns, max(2, round(len(columns) / height)))
    along = numpy.mean([piece.mean() > 0.2 for piece in pieces])
    compact = float(lab[mask].std(0).mean())
    ring = _ring(mask, 1, 3)
    if not ring.any():
        return None
    apart = float(numpy.linalg.norm(lab[mask].mean(0) - numpy.median(lab[ring], axis=0)))
    rim = cv2.dilate(mask.astype("uint8"), numpy.ones((3, 3), "uint8")).astype(bool) & ~mask
    crisp = float(numpy.median(sharp[rim]) / max(float(numpy.percentile(sharp[inner], 95)), 1))
    return float(along - 1.5 * border - thick - compact / 40 + min(apart, 40) / 80 + min(crisp, 1))


def _ring(mask: Array, near: int, far: int) -> Array:
    """What is from `near` to `far` pixels about the mask."""

    def grown(by: int) -> Array:
        kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * by + 1, 2 * by + 1))
        return cv2.dilate(mask.astype("uint8"), kernel) > 0

    return grown(far) & ~grown(near)


def _core(mask: Array, coverage: Array | None) -> Array:
    """The pixels farthest within the strokes; where those are thin, the ones that are most of all letter."""
    depth = cv2.distanceTransform(numpy.pad(mask.astype("uint8"), 1), cv2.DIST_L2, 5)[1:-1, 1:-1]
    deep = float(numpy.percentile(depth[mask], 90))
    if deep >= 2 or coverage is None:
        return depth >= 0.75 * deep
    return mask & (coverage >= numpy.percentile(coverage[mask], 85))


def _undiluted(crop: Array, mask: Array, letter: Array, ground: Array) -> Array:
    """The color of thin letters as it was before a JPEG stored the color differences at half the resolution.

    How much letter there is in each pixel is seen in the luma, which is stored whole. Where the color differences
    follow it better when it is blurred than as it is, they were blurred, and the letters' own are where a pixel of
    nothing but letter would be.
    """
    planes = crop @ _YCC.T
    letter_ycc, ground_ycc = letter @ _YCC.T, ground @ _YCC.T
    step = float(letter_ycc[0] - ground_ycc[0])
    if abs(step) < 12:
        return letter
    coverage = ((planes[..., 0] - ground_ycc[0]) / step).clip(0, 1).astype("float32")
    near = _ring(mask, 0, 4) | mask
    coverage[~near] = 0
    fits = []
    for blurred in (coverage, cv2.GaussianBlur(coverage, (7, 7), 1.0)):
        share = blurred[near] - blurred[near].mean()
        varies = float((share**2).sum())
        if varies < 1:
            return letter
        slopes, left = [], 0.0
        for channel in (1, 2):
            of_channel = planes[..., channel][near]
            slope = float((share * of_channel).sum()) / varies
            base = of_channel.mean() - slope * blurred[near].mean()
            slopes.append(base + slope)
            left += float(((of_channel - base - slope * blurred[near]) ** 2).sum())
        fits.append((left, slopes))
    if fits[1][0] >= fits[0][0]:
        return letter
    whole = numpy.array([letter_ycc[0], *fits[1][1]])
    return (whole @ numpy.linalg.inv(_YCC).T).clip(0, 255)


def _measured(crop: Array, coverage: Array, at: tuple[int, int], height: float) -> Measured | None:
    mask = coverage > 0.5
    if mask.sum() < 12:
        return None
    rows, columns = numpy.flatnonzero(mask.any(1)), numpy.flatnonzero(mask.any(0))
    ink = (at[0] + int(columns[0]), at[1] + int(rows[0]), at[0] + int(columns[-1]) + 1, at[1] + int(rows[-1]) + 1)
    down, across = numpy.gradient(coverage)
    edge = float(numpy.hypot(down, across).sum())
    stroke = 2 * float(coverage.sum()) / max(edge, 1e-6)
    near = max(2, round(stroke / 4))
    ring = _ring(mask, near, near + max(2, round(height / 16)))
    ground = numpy.median(crop[ring], axis=0)
    core = crop[_core(mask, coverage)]
    letter = numpy.median(core, axis=0)
    spread = float((crop[ring] @ _YCC[0]).std())
    if stroke < _THIN and spread < _CALM:
        letter = _undiluted(crop, mask, letter, ground)
    light = luminance(crop)
    of_letter = float(luminance(letter))
    along = []
    width = max(6, round(height / 2))
    for start in range(int(columns[0]), int(columns[-1]) + 1, width):
        piece = ring[:, start : start + width]
        if piece.sum() >= 6:
            along.append(float(ratios(of_letter, float(numpy.median(light[:, start : start + width][piece])))))
    if not along:
        return None
    # On a calm ground single pixels differ by the noise of a JPEG alone; on a photograph they are what is behind.
    of_places = along if spread < _CALM else ratios(of_letter, light[ring])
    return Measured(
        foreground=_whole(letter),
        background=_whole(ground),
        ratio=float(numpy.median(along)),
        worst=float(numpy.percentile(of_places, 10)),
        best=float(numpy.percentile(of_places, 90)),
        ink=ink,
        stroke=stroke,
        spread=spread,
        rim=_rim(crop, mask, letter, ground),
        uneven=float((core @ _YCC[0]).std()),
    )


def _rim(crop: Array, mask: Array, letter: Array, ground: Array) -> float:
    lab = cv2.cvtColor((crop / 255).astype("float32"), cv2.COLOR_RGB2LAB)
    ends = numpy.array([[letter, ground]], "float32") / 255
    one, other = cv2.cvtColor(ends, cv2.COLOR_RGB2LAB)[0]
    axis = other - one
    share = ((lab - one) @ axis / max(float((axis**2).sum()), 1e-6)).clip(0, 1)
    off = numpy.sqrt(((lab - one - share[..., None] * axis) ** 2).sum(2))
    near, far = _ring(mask, 0, 3), _ring(mask, 5, 9)
    if not near.any() or not far.any():
        return 0.0
    return float(numpy.percentile(off[near], 75) - numpy.percentile(off[far], 75))


def _whole(color: Array) -> Color:
    red, green, blue = (round(float(part)) for part in color)
    return red, green, blue


def nearest_passing(color: Color, beside: Color, required: float) -> Color | None:
    """The color nearest to `color`, mixed with white or black, whose ratio to `beside` is at least `required`; None
    where there is none."""
    found = []
    for end in (0, 255):
        for step in range(256):
            mixed = _whole(numpy.array(color) + (end - numpy.array(color)) * (step / 255))
            if float(ratios(luminance(mixed), luminance(beside))) >= required:
                found.append((step, mixed))
                break
    return min(found)[1] if found else None
