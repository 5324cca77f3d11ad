"""A picture is seen upright, in sRGB, on white and on black where it lets the ground through, frame by frame."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy
import pytest
from PIL import Image, ImageCms

from postcheck.analysis.image import frames
from postcheck.analysis.pixels import MOST_SIDE


def saved(path: Path, image: Any, **options: Any) -> Path:
    image.save(path, **options)
    return path


def test_upright(tmp_path: Path) -> None:
    image = Image.new("RGB", (200, 100), "red")
    image.paste("blue", (0, 0, 20, 100))
    exif = Image.Exif()
    exif[0x0112] = 6  # shown turned by a quarter to the right
    (look,) = frames(saved(tmp_path / "a.jpg", image, exif=exif, quality=95))
    assert look.pixels.size == (100, 200)
    assert look.pixels.getpixel((50, 5))[2] > 200


def test_on_white_and_on_black(tmp_path: Path) -> None:
    image = Image.new("RGBA", (60, 60), (255, 0, 0, 0))
    image.paste((0, 128, 0, 255), (20, 20, 40, 40))
    looks = frames(saved(tmp_path / "a.png", image))
    assert [(look.on, look.pixels.getpixel((0, 0))) for look in looks] == [
        ("white", (255, 255, 255)),
        ("black", (0, 0, 0)),
    ]
    assert {look.pixels.getpixel((30, 30)) for look in looks} == {(0, 128, 0)}


def test_a_whole_alpha_channel_is_one_look(tmp_path: Path) -> None:
    assert len(frames(saved(tmp_path / "a.png", Image.new("RGBA", (60, 60), "green")))) == 1


@pytest.mark.parametrize("ending", ["gif", "png", "webp"])
def test_frames_of_an_animation(tmp_path: Path, ending: str) -> None:
    shades = [Image.new("RGB", (40, 40), (shade, 0, 0)) for shade in (0, 60, 120, 180, 240)]
    path = saved(tmp_path / f"a.{ending}", shades[0], save_all=True, append_images=shades[1:], duration=100)
    looks = frames(path)
    assert [look.number for look in looks] == [0, 1, 3, 4]


def test_frames_that_are_alike_are_one(tmp_path: Path) -> None:
    image = Image.new("RGB", (40, 40), "green")
    other = image.copy()
    other.putpixel((0, 0), (0, 0, 0))
    path = saved(tmp_path / "a.gif", image, save_all=True, append_images=[other, image, other], duration=100)
    assert len(frames(path)) == 1


@pytest.mark.parametrize("mode", ["CMYK", "L", "1", "P"])
def test_modes(tmp_path: Path, mode: str) -> None:
    (look,) = frames(saved(tmp_path / "a.tif", Image.new("RGB", (40, 40), "white").convert(mode)))
    assert look.pixels.mode == "RGB"
    assert min(look.pixels.getpixel((5, 5))) > 250


def test_sixteen_bits(tmp_path: Path) -> None:
    steps = numpy.linspace(0, 65535, 64 * 64).reshape(64, 64).astype("uint16")
    (look,) = frames(saved(tmp_path / "a.png", Image.fromarray(steps)))
    seen = numpy.asarray(look.pixels)[..., 0]
    assert (seen[0, 0], seen[-1, -1]) == (0, 255)
    assert abs(int(seen[32, 0]) - 128) <= 2


def test_a_color_profile_counts(tmp_path: Path) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    (look,) = frames(saved(tmp_path / "a.png", Image.new("RGB", (8, 8), (1, 2, 3)), icc_profile=profile))
    assert look.pixels.getpixel((0, 0)) == (1, 2, 3)  # of a profile that does not fit nothing is believed
    linear = Image.new("RGB", (8, 8), (128, 128, 128))
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    (look,) = frames(saved(tmp_path / "b.png", linear, icc_profile=srgb))
    assert look.pixels.getpixel((0, 0)) == (128, 128, 128)


def test_a_large_picture_is_made_smaller(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    Image.new("L", (9000, 3000), 200).save(buffer, "PNG", compress_level=1)
    path = tmp_path / "a.png"
    path.write_bytes(buffer.getvalue())
    (look,) = frames(path)
    assert max(look.pixels.size) == MOST_SIDE
    assert look.scale == pytest.approx(9000 / MOST_SIDE)
