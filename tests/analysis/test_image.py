"""Pictures: whole, cut off or something else; and what their metadata say."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from postcheck.analysis.image import image_facts
from tests.drafts import picture, xmp_packet


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".gif", ".webp"])
def test_every_cut_is_noticed(tmp_path: Path, suffix: str) -> None:
    whole = picture(suffix)
    path = tmp_path / f"a{suffix}"
    path.write_bytes(whole)
    assert image_facts(path).fault == ""
    for length in range(1, len(whole) - 2, 7):
        path.write_bytes(whole[:length])
        assert image_facts(path).fault in ("truncated", "not-an-image"), length


@pytest.mark.parametrize(("suffix", "format_"), [(".gif", "GIF"), (".webp", "WEBP"), (".png", "PNG")])
def test_a_later_frame_that_is_missing_is_noticed(tmp_path: Path, suffix: str, format_: str) -> None:
    frames = [Image.new("RGB", (32, 32), (shade, 0, 0)) for shade in (0, 120, 255)]
    buffer = io.BytesIO()
    frames[0].save(buffer, format_, save_all=True, append_images=frames[1:], duration=100)
    path = tmp_path / f"a{suffix}"
    path.write_bytes(buffer.getvalue())
    assert image_facts(path).fault == ""
    path.write_bytes(buffer.getvalue()[:-20])
    assert image_facts(path).fault == "truncated"


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".webp", ".tif"])
def test_the_alt_text_in_the_file(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_bytes(picture(suffix, embedded_alt="A crew rakes leaves &amp; twigs."))
    assert image_facts(path).metadata == {"alt": "A crew rakes leaves & twigs."}


def test_metadata_that_explode_or_are_no_xml_are_none(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'
    for number, packet in enumerate((bomb, "<x", "")):
        path = tmp_path / f"{number}.jpg"
        Image.new("RGB", (8, 8)).save(path, xmp=packet.encode())
        facts = image_facts(path)
        assert (facts.fault, facts.metadata) == ("", {})


def test_only_pictures_are_opened(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n")
    assert image_facts(path).fault == "not-an-image"


RIGHTS = {
    "plus:ModelReleaseStatus": "http://ns.useplus.org/ldf/vocab/MR-UMR",
    "plus:PropertyReleaseStatus": "PR-NAP",
    "plus:MinorModelAgeDisclosure": "http://ns.useplus.org/ldf/vocab/AG-A16",
    "plus:ModelReleaseID": ["2026-118", "2026-119"],
    "xmpRights:UsageTerms": "City use only",
    "Iptc4xmpExt:PersonInImage": ["R. Roe", "J. Doe"],
}


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".webp", ".tif"])
def test_rights_and_releases_in_the_file(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_bytes(picture(suffix, xmp=xmp_packet(None, RIGHTS).encode()))
    assert image_facts(path).metadata == {
        "model_release": "MR-UMR",
        "property_release": "PR-NAP",
        "minor_age": "AG-A16",
        "model_release_ids": "2026-118, 2026-119",
        "usage_terms": "City use only",
        "people": "2",
    }
    assert "Roe" not in repr(image_facts(path))
