"""Pictures as a platform takes them: the same bytes where it does, the same words in the metadata where it does not."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from postcheck.analysis.image import image_facts
from postcheck.analysis.traces import stored_place
from postcheck.model import Limit, Platform
from postcheck.publishing.pictures import Fitted, fitted
from tests.drafts import animated, content
from tests.pictures import flashing


def platform(*, formats: tuple[str, ...] = (), most: int = 0) -> Platform:
    limits = []
    if formats:
        limits.append(Limit("image-formats", "", "", confirmed=True, formats=formats))
    if most:
        limits.append(Limit("image-bytes", "", "", confirmed=True, most=most))
    return Platform("any", "Any", limits=tuple(limits))


JPEG = platform(formats=("JPEG", "MPO"))


def fit(path: Path, to: Platform, only: tuple[str, ...] = (), *, without_its_place: bool = False) -> Fitted:
    return fitted(path, to, only, without_its_place=without_its_place)


def write(path: Path, **render: Any) -> Path:
    path.write_bytes(content(path.name, {"render": render}))
    return path


def test_what_is_taken_stays_as_it_is(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jpg", embedded_alt="A crew.")
    assert fit(path, JPEG) == Fitted(path.read_bytes(), ".jpg")
    path = write(tmp_path / "a.webp")
    assert fit(path, platform()).content == path.read_bytes()


@pytest.mark.parametrize("name", ["a.png", "a.webp", "a.tif", "a.gif"])
def test_another_format_becomes_a_jpeg_that_says_the_same(tmp_path: Path, name: str) -> None:
    path = write(tmp_path / name, embedded_alt="A crew rakes leaves.")
    made = fit(path, JPEG)
    assert made.suffix == ".jpg"
    assert made.changes
    after = tmp_path / "made.jpg"
    after.write_bytes(made.content)
    assert image_facts(after).format == "JPEG"
    assert image_facts(after).metadata == image_facts(path).metadata
    assert fit(path, JPEG) == made


def test_a_turned_picture_stays_turned(tmp_path: Path) -> None:
    path = write(tmp_path / "a.png", size=[600, 300], turned=True)
    after = tmp_path / "made.jpg"
    after.write_bytes(fit(path, JPEG).content)
    assert image_facts(path).turned
    assert image_facts(after).shown_size == image_facts(path).shown_size == (300, 600)


def test_the_tool_takes_fewer_formats(tmp_path: Path) -> None:
    path = write(tmp_path / "a.webp")
    assert fit(path, platform(formats=("JPEG", "WEBP")), ("JPEG", "PNG")).suffix == ".jpg"


def test_what_can_be_seen_through_or_moves_is_left_to_a_person(tmp_path: Path) -> None:
    clear = tmp_path / "clear.png"
    Image.new("RGBA", (600, 600), (0, 0, 0, 100)).save(clear)
    full = tmp_path / "full.png"
    Image.new("RGBA", (600, 600), (0, 0, 0, 255)).save(full)
    deep = tmp_path / "deep.png"
    Image.new("I;16", (600, 600), 500).save(deep)
    moving = tmp_path / "moving.gif"
    moving.write_bytes(animated(*flashing({"flashing": {"rate": 1}})))
    for path in (clear, deep, moving):
        made = fit(path, JPEG)
        assert made.content == path.read_bytes()
        assert "Save it as JPEG" in made.left[0]
    assert not fit(full, JPEG).left


def noise(path: Path, side: int, **options: Any) -> Path:
    import random

    pixels = random.Random(1).randbytes(side * side * 3)
    Image.frombytes("RGB", (side, side), pixels).save(path, **options)
    return path


def test_a_large_picture_is_made_smaller(tmp_path: Path) -> None:
    packet = content("x.jpg", {"render": {"embedded_alt": "A crew."}})
    xmp = Image.open(io.BytesIO(packet)).info["xmp"]
    path = noise(tmp_path / "a.jpg", 1300, quality=98, subsampling=0, xmp=xmp)
    iptc = b"\xff\xed\x00\x10Photoshop 3.0\0"
    path.write_bytes(path.read_bytes()[:2] + iptc + path.read_bytes()[2:])
    size = path.stat().st_size
    assert fit(path, platform(most=size)).content == path.read_bytes()
    made = fit(path, platform(most=size - 1))
    assert len(made.content) < size
    assert "Made smaller" in made.changes[0]
    assert iptc in made.content
    after = tmp_path / "made.jpg"
    after.write_bytes(made.content)
    assert image_facts(after).metadata == {"alt": "A crew."}
    assert fit(path, platform(most=1000)).left


def test_the_place_is_taken_out_where_it_is_asked_for(tmp_path: Path) -> None:
    exif = {
        "Make": "A phone",
        "GPSLatitudeRef": "N",
        "GPSLatitude": [45, 31, 12.5],
        "GPSLongitudeRef": "W",
        "GPSLongitude": [122, 40, 30.25],
    }
    path = write(tmp_path / "a.png", exif=exif, embedded_alt="A crew.")
    assert stored_place(path).blocks
    for to in (platform(), JPEG):
        made = fit(path, to, without_its_place=True)
        after = tmp_path / f"made{made.suffix}"
        after.write_bytes(made.content)
        assert not stored_place(after).blocks
        assert image_facts(after).metadata == {"alt": "A crew."}
