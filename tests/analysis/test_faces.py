"""Faces: counted where they are drawn, none where there is none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from postcheck.analysis.faces import faces
from tests.pictures import with_codes, with_face


def saved(image: Any, folder: Path, name: str = "a.png", **options: Any) -> Path:
    image.save(folder / name, **options)
    return folder / name


@pytest.mark.parametrize("px", [60, 160])
def test_one(tmp_path: Path, px: int) -> None:
    found = faces(saved(with_face(px), tmp_path, "a.jpg", quality=75))
    ((left, top, width, height),) = found.boxes
    assert 0.8 * px < width < 1.6 * px
    assert left < 2 * px < left + width
    assert top < 1.5 * px < top + height
    assert found.share == pytest.approx(width * height / (12 * px * px), rel=0.05)


def test_two_from_left_to_right_in_pixels_of_the_file(tmp_path: Path) -> None:
    one = with_face(300)
    image = Image.new("RGB", (2400, 900))
    image.paste(one, (0, 0))
    image.paste(one, (1200, 0))
    found = faces(saved(image, tmp_path))
    assert [left < 600 < left + width for left, _, width, _ in found.boxes] == [True, False]
    assert [left < 1800 < left + width for left, _, width, _ in found.boxes] == [False, True]


def test_the_same_each_time(tmp_path: Path) -> None:
    from postcheck.analysis import faces as module

    path = saved(with_face(120), tmp_path)
    first = module._found(path)
    assert all(module._found(path) == first for _ in range(4))


def test_none(tmp_path: Path) -> None:
    assert faces(saved(with_codes("https://www.portland.gov"), tmp_path)).boxes == ()
    assert faces(saved(Image.effect_noise((500, 500), 90), tmp_path)).boxes == ()
    assert faces(saved(Image.new("L", (8, 8)), tmp_path)).boxes == ()
