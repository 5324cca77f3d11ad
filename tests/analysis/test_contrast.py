"""The colors of drawn letters are measured as they were drawn."""

from __future__ import annotations

import io
from typing import Any

import numpy
import pytest
import wcag_contrast_ratio
from PIL import Image

from postcheck.analysis.contrast import luminance, measure, nearest_passing, ratios
from tests.pictures import with_words

Color = tuple[int, int, int]


def seen(image: Any) -> Any:
    """The line that `with_words` draws at (60, 200)."""
    ground = Image.new("RGB", image.size, image.getpixel((0, 0)))
    places = numpy.argwhere((numpy.asarray(image) != numpy.asarray(ground)).any(axis=2))
    (top, left), (bottom, right) = places.min(axis=0), places.max(axis=0) + 1
    return measure(numpy.asarray(image), (left - 4, top - 4, right + 4, bottom + 4))


def as_hex(color: Color) -> str:
    return "#{:02X}{:02X}{:02X}".format(*color)


def true_ratio(one: Color, other: Color) -> float:
    ratio: float = wcag_contrast_ratio.rgb([part / 255 for part in one], [part / 255 for part in other])
    return ratio


@pytest.mark.parametrize("one", [(0, 0, 0), (255, 255, 255), (0, 153, 203), (12, 10, 11)])
@pytest.mark.parametrize("other", [(255, 255, 255), (119, 119, 119), (200, 30, 60)])
def test_ratios_are_those_of_the_library(one: Color, other: Color) -> None:
    assert float(ratios(luminance(one), luminance(other))) == pytest.approx(true_ratio(one, other), rel=1e-3)


@pytest.mark.parametrize("px", [24, 60])
@pytest.mark.parametrize(
    ("letters", "ground"),
    [((255, 255, 255), (0, 153, 203)), ((90, 90, 90), (100, 100, 110)), ((250, 200, 0), (20, 20, 90))],
)
def test_in_a_png(px: int, letters: Color, ground: Color) -> None:
    image = with_words({"words": "Leaf Day", "px": px, "fg": as_hex(letters), "bg": as_hex(ground)})
    found = seen(image)
    assert found.ratio == pytest.approx(true_ratio(letters, ground), rel=0.03)
    assert (found.foreground, found.background) == (letters, ground)


@pytest.mark.parametrize("quality", [75, 90])
@pytest.mark.parametrize(("letters", "ground"), [((200, 20, 40), (255, 230, 90)), ((18, 43, 65), (0, 200, 3))])
def test_in_a_jpeg_that_blurs_colors(quality: int, letters: Color, ground: Color) -> None:
    image = with_words({"words": "Move your car by 8", "px": 36, "fg": as_hex(letters), "bg": as_hex(ground)})
    places = numpy.argwhere((numpy.asarray(image) != numpy.array(ground)).any(axis=2))
    (top, left), (bottom, right) = places.min(axis=0), places.max(axis=0) + 1
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality, subsampling="4:2:0")
    found = measure(numpy.asarray(Image.open(buffer)), (left - 4, top - 4, right + 4, bottom + 4))
    assert found is not None
    assert found.ratio == pytest.approx(true_ratio(letters, ground), rel=0.1)


def test_an_outline_stands_out() -> None:
    plain = {"words": "Open house", "px": 60, "fg": "#FFFFFF", "bg": "#4466AA"}
    assert seen(with_words(plain)).rim < 5
    assert seen(with_words({**plain, "outline": "#201000"})).rim > 14


def test_nothing_is_measured_where_nothing_is() -> None:
    assert measure(numpy.full((60, 200, 3), 128, "uint8"), (20, 10, 180, 50)) is None
    assert measure(numpy.full((3, 3, 3), 128, "uint8"), (0, 0, 3, 3)) is None


def test_the_color_that_is_advised_passes() -> None:
    better = nearest_passing((255, 255, 255), (0, 153, 203), 4.5)
    assert better is not None
    assert true_ratio(better, (0, 153, 203)) >= 4.49
    assert nearest_passing((119, 119, 119), (119, 119, 119), 21) is None
