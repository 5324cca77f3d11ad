"""QR codes: found in several sizes, colors and angles; none where there is none; no password is kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageOps

from postcheck.analysis.codes import codes
from tests.pictures import with_codes

ADDRESS = "https://www.portland.gov/leaf-day"


def saved(image: Any, folder: Path, name: str = "a.png", **options: Any) -> Path:
    image.save(folder / name, **options)
    return folder / name


def held(path: Path) -> list[str]:
    return [code.holds for code in codes(path)]


@pytest.mark.parametrize("side", [110, 160, 240, 400])
@pytest.mark.parametrize("degrees", [0, 4, -8])
def test_sizes_and_angles(tmp_path: Path, side: int, degrees: int) -> None:
    image = with_codes(ADDRESS, side).rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor="#9CC4E4")
    assert held(saved(image, tmp_path, "a.jpg", quality=75)) == [ADDRESS]


@pytest.mark.parametrize(("dark", "light"), [("#143C78", "#FFFFFF"), ("#C81E28", "#FFFFFF"), ("#FFFFFF", "#143C78")])
def test_colors_and_light_on_dark(tmp_path: Path, dark: str, light: str) -> None:
    image = ImageOps.colorize(with_codes(ADDRESS).convert("L"), dark, light)
    assert held(saved(image, tmp_path)) == [ADDRESS]


def test_the_box_is_in_pixels_of_the_file(tmp_path: Path) -> None:
    image = Image.new("RGB", (3000, 2400), "white")
    image.paste(with_codes(ADDRESS, 600), (1500, 1000))
    (code,) = codes(saved(image, tmp_path))
    left, top, width, height = code.box  # the light margin is 2 of 33 modules
    assert [round(side / 30) for side in (left, top, width, height)] == [
        round(side / 30) for side in (1540 + 36, 1040 + 36, 600 - 73, 600 - 73)
    ]


def test_several_each_once(tmp_path: Path) -> None:
    assert sorted(held(saved(with_codes(["tel:311", ADDRESS, "Gloves"]), tmp_path))) == ["Gloves", ADDRESS, "tel:311"]


def test_the_same_target_twice_are_two_codes(tmp_path: Path) -> None:
    assert held(saved(with_codes([ADDRESS, ADDRESS]), tmp_path)) == [ADDRESS, ADDRESS]


def test_one_that_cannot_be_read(tmp_path: Path) -> None:
    assert held(saved(with_codes(ADDRESS, smudged=True), tmp_path)) == [""]


def test_on_a_ground_that_is_let_through(tmp_path: Path) -> None:
    code = with_codes(ADDRESS).convert("L")
    image = Image.merge("LA", (code, ImageOps.invert(code)))
    assert held(saved(image, tmp_path)) == [ADDRESS]


def test_other_letters(tmp_path: Path) -> None:
    assert held(saved(with_codes("Día de la hoja"), tmp_path)) == ["Día de la hoja"]


@pytest.mark.parametrize("password", ["maple-7731", "p:ss\\;word\\:P:x"])
def test_a_password_is_not_kept(tmp_path: Path, password: str) -> None:
    (found,) = held(saved(with_codes(f"WIFI:S:Guest;T:WPA;P:{password};;"), tmp_path))
    assert found == "WIFI:S:Guest;T:WPA;P:***;;"


def test_none_in_noise(tmp_path: Path) -> None:
    for number, scale in enumerate((1, 4, 9)):
        noise = Image.effect_noise((400 // scale, 400 // scale), 120).convert("1").convert("L").resize((400, 400), 0)
        assert held(saved(noise, tmp_path, f"{number}.png")) == []
