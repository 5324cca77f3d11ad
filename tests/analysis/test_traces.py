"""What metadata give away: found in every format, taken out without a trace, and never trusted."""

from __future__ import annotations

import io
import random
import struct
import time
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image, PngImagePlugin

from postcheck.analysis.blocks import blocks, scans
from postcheck.analysis.exif import BrokenExif, Exif
from postcheck.analysis.image import image_facts
from postcheck.analysis.traces import Place, device_data, stored_place, without_place
from postcheck.analysis.xmp import BrokenXmp, blanked, properties
from tests.drafts import exif_entries, picture, xmp_packet

HERE = {"GPSLatitudeRef": "N", "GPSLatitude": [45, 31, 12.5], "GPSLongitudeRef": "W", "GPSLongitude": [122, 40, 30.25]}
KEPT = {
    "Make": "A maker of phones",
    "Orientation": 6,
    "Copyright": "City of Example",
    "MakerNote": bytes(range(1, 200)),
    "BodySerialNumber": "042021001234",
    "UserComment": b"ASCII\0\0\0A comment",
}
HERE_IN_XMP = {"exif:GPSLatitude": "45,31.2N", "exif:GPSLongitude": "122,40.5W", "exif:GPSMapDatum": "WGS-84"}
RIGHTS = {"dc:rights": ["City of Example"], "xmpRights:UsageTerms": ["Ask first."]}
ALT = "A crew rakes leaves."


def place_of(tmp_path: Path, content: bytes) -> Place:
    path = tmp_path / f"{time.monotonic_ns()}.bin"
    path.write_bytes(content)
    return stored_place(path)


def full(suffix: str, *, in_exif: bool = True, in_xmp: bool = True) -> bytes:
    packet = xmp_packet(ALT, {**(HERE_IN_XMP if in_xmp else {}), **RIGHTS}).encode()
    return picture(suffix, xmp=packet, exif={**KEPT, **(HERE if in_exif else {})})


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp", ".tif"])
@pytest.mark.parametrize(("in_exif", "in_xmp"), [(True, True), (True, False), (False, True)])
def test_the_place_goes_and_all_else_stays(suffix: str, in_exif: bool, in_xmp: bool, tmp_path: Path) -> None:
    before = full(suffix, in_exif=in_exif, in_xmp=in_xmp)
    blocks_with = ("Exif",) * in_exif + ("XMP",) * in_xmp
    assert place_of(tmp_path, before) == Place(blocks_with, (), True)
    after = without_place(before)
    assert after is not None and after != before and len(after) == len(before)
    assert place_of(tmp_path, after) == Place()
    assert without_place(after) == after
    for value in (b"45,31.2N", b"122,40.5W", struct.pack("<II", 45, 1), struct.pack(">II", 45, 1)):
        assert value not in after
    with Image.open(io.BytesIO(before)) as old, Image.open(io.BytesIO(after)) as new:
        assert old.tobytes() == new.tobytes()
        assert {**new.getexif(), 0x8825: None, 700: None} == {**old.getexif(), 0x8825: None, 700: None}
        camera = ExifTags.IFD.Exif
        assert new.getexif().get_ifd(camera) == old.getexif().get_ifd(camera) != {}
        assert new.getexif().get_ifd(ExifTags.IFD.GPSInfo) == {}
    (tmp_path / f"old{suffix}").write_bytes(before)
    (tmp_path / f"new{suffix}").write_bytes(after)
    old_facts, new_facts = (image_facts(tmp_path / f"{name}{suffix}") for name in ("old", "new"))
    assert new_facts == old_facts
    assert new_facts.metadata["alt"] == ALT and new_facts.metadata["usage_terms"] == "Ask first."


def test_a_jpeg_stays_from_its_pixels_on_with_profile_and_thumbnail() -> None:
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    image = Image.effect_noise((300, 200), 80).convert("RGB")
    buffer = io.BytesIO()
    image.save(
        buffer, "JPEG", exif=exif_entries({**KEPT, **HERE}), icc_profile=profile, progressive=True, comment=b"hi"
    )
    before = buffer.getvalue()
    after = without_place(before)
    assert after is not None
    start = before.index(b"\xff\xda")
    assert after[start:] == before[start:]
    changed = [at for at in range(len(before)) if before[at] != after[at]]
    segment = before.index(b"Exif\0\0")
    assert segment < changed[0] and changed[-1] < segment + int.from_bytes(before[segment - 2 : segment], "big")
    with Image.open(io.BytesIO(after)) as new:
        assert new.info["icc_profile"] == profile and new.info["comment"] == b"hi"
        assert new.getexif().get_ifd(ExifTags.IFD.Exif)[0x927C] == KEPT["MakerNote"]


def test_the_second_picture_of_a_phone_s_file_too(tmp_path: Path) -> None:
    here = exif_entries({**KEPT, **HERE})
    buffer = io.BytesIO()
    shades = [Image.new("RGB", (32, 32), (shade, 0, 0)) for shade in (0, 200)]
    shades[0].save(buffer, "MPO", save_all=True, append_images=shades[1:], exif=here)
    joined = buffer.getvalue() + picture(".jpg", exif=HERE)
    assert sum(block.kind == "Exif" and Exif(block.data).has_place for block in blocks(joined)) >= 2
    after = without_place(joined)
    assert after is not None and place_of(tmp_path, after) == Place()


def png_with(chunk: Callable[[PngImagePlugin.PngInfo], object]) -> bytes:
    info = PngImagePlugin.PngInfo()
    chunk(info)
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8), (9, 200, 90)).save(buffer, "PNG", pnginfo=info)
    return buffer.getvalue()


def profile(data: bytes) -> str:
    digits = data.hex()
    lines = "\n".join(digits[at : at + 72] for at in range(0, len(digits), 72))
    return f"\nexif\n{len(data):8}\n{lines}\n"


EXIF_BLOCK = exif_entries({**KEPT, **HERE}).tobytes()
PACKET = xmp_packet(ALT, {**HERE_IN_XMP, **RIGHTS})
PNGS = {
    "packed XMP": lambda info: info.add_itxt("XML:com.adobe.xmp", PACKET, zip=True),
    "a profile in hexadecimal": lambda info: info.add_text("Raw profile type exif", profile(EXIF_BLOCK)),
    "a packed profile": lambda info: info.add_text("Raw profile type APP1", profile(EXIF_BLOCK), zip=True),
    "XMP as a profile": lambda info: info.add_text(
        "Raw profile type APP1", profile(b"http://ns.adobe.com/xap/1.0/\0" + PACKET.encode())
    ),
}


@pytest.mark.parametrize("name", PNGS)
def test_what_png_packs(name: str, tmp_path: Path) -> None:
    before = png_with(PNGS[name])
    assert place_of(tmp_path, before).removable
    after = without_place(before)
    assert after is not None and place_of(tmp_path, after) == Place() and without_place(after) == after
    at = 8
    kinds = []
    while at < len(after):  # every sum is right, and the pixels are the same
        length = int.from_bytes(after[at : at + 4], "big")
        assert zlib.crc32(after[at + 4 : at + 8 + length]) == int.from_bytes(
            after[at + 8 + length : at + 12 + length], "big"
        )
        kinds.append(after[at + 4 : at + 8])
        at += 12 + length
    assert kinds[-1] == b"IEND"
    assert after[after.index(b"IDAT") :] == before[before.index(b"IDAT") :]
    with Image.open(io.BytesIO(after)) as new:
        new.load()
        words = str(new.text)  # type: ignore[attr-defined]
        assert "XMP" in name or "exif" in words
        assert "packed XMP" not in name or ALT in words


def test_gif_and_avif_are_read(tmp_path: Path) -> None:
    packet = xmp_packet(ALT, HERE_IN_XMP).encode()
    assert place_of(tmp_path, picture(".avif", exif=HERE)).blocks == ("Exif",)
    before = picture(".avif", xmp=packet)
    after = without_place(before)
    assert after is not None and len(after) == len(before) and place_of(tmp_path, after) == Place()
    with Image.open(io.BytesIO(before)) as old, Image.open(io.BytesIO(after)) as new:
        assert old.tobytes() == new.tobytes()


XMP_FORMS = {
    "elements": "<exif:GPSLatitude>45,31.2N</exif:GPSLatitude><exif:GPSLongitude >122,40.5W</exif:GPSLongitude>",
    "a place that IPTC describes": '<Iptc4xmpExt:LocationCreated><rdf:Bag><rdf:li rdf:parseType="Resource">'
    "<Iptc4xmpExt:City>Example</Iptc4xmpExt:City><exif:GPSLatitude>45,31.2N</exif:GPSLatitude>"
    "<exif:GPSLongitude>122,40.5W</exif:GPSLongitude></rdf:li></rdf:Bag></Iptc4xmpExt:LocationCreated>",
    "a drone's own words": '<rdf:Description xmlns:drone="urn:drone" drone:GpsLatitude=\'+45.52\'\n drone:GpsLongtitude="-122.6"/>',
    "with > in a value": '<rdf:Description dc:x="a > b" exif:GPSLatitude="45,31.2N" exif:GPSLongitude="122,40.5W" dc:y="c"/>',
}


def jpeg_with(inner: str) -> bytes:
    return picture(
        ".jpg",
        xmp=xmp_packet(ALT, RIGHTS)
        .replace("</rdf:Description></rdf:RDF>", f"{inner}</rdf:Description></rdf:RDF>")
        .encode(),
    )


@pytest.mark.parametrize("name", XMP_FORMS)
def test_every_way_to_write_xmp(name: str, tmp_path: Path) -> None:
    before = jpeg_with(XMP_FORMS[name])
    assert place_of(tmp_path, before) == Place(("XMP",), (), True)
    after = without_place(before)
    assert after is not None and len(after) == len(before) and place_of(tmp_path, after) == Place()
    path = tmp_path / "a.jpg"
    path.write_bytes(after)
    assert image_facts(path).metadata["alt"] == ALT
    for word in (b"Example", b"a > b", b'dc:y="c"'):
        assert (word in before) == (word in after)
    assert all(value in before for value in (b"45", b"122"))
    assert not any(value in after for value in (b"45,31", b"+45.52", b"122"))


@pytest.mark.parametrize(
    "inner",
    [
        f"<Iptc4xmpExt:LocationShown><rdf:Bag><rdf:li>{XMP_FORMS['elements']}</rdf:li></rdf:Bag></Iptc4xmpExt:LocationShown>",
        "<exif:GPSLatitude>0,0.0N</exif:GPSLatitude><exif:GPSLongitude>0,0.0E</exif:GPSLongitude>",
        "<exif:GPSLatitude>45,31.2N</exif:GPSLatitude>",
        "<exif:GPSLatitude></exif:GPSLatitude><exif:GPSLongitude>122,40.5W</exif:GPSLongitude>",
        "<dc:x>GPSLatitude and GPSLongitude are words</dc:x>",
    ],
)
def test_what_is_no_place(inner: str, tmp_path: Path) -> None:
    assert place_of(tmp_path, jpeg_with(inner)) == Place()


@pytest.mark.parametrize("order", ["<", ">"])
def test_exif_is_read_in_both_orders(order: str) -> None:
    block = exif_block(order)
    assert Exif(block).has_place
    after = Exif(block).without_gps()
    assert after is not None and len(after) == len(block) and not Exif(after).has_place
    assert after[-4:] == b"tail"


def exif_block(
    order: str = "<", *, gps_at: int = 50, value_at: int = 100, count: int = 3, next_at: int = 0, entries: int = 2
) -> bytes:
    """Written by hand: an image directory at 8 with orientation and the way to GPS; GPS at 50; its values from 100 on."""
    head = (b"II" if order == "<" else b"MM") + struct.pack(f"{order}HI", 42, 8)
    image = struct.pack(f"{order}HHHIHHHHIII", entries, 0x0112, 3, 1, 6, 0, 0x8825, 4, 1, gps_at, next_at)
    gps = struct.pack(f"{order}HHHIIHHII", 2, 2, 5, count, value_at, 4, 5, count, value_at + 24)
    values = struct.pack(f"{order}12I", 45, 1, 31, 1, 12, 1, 122, 1, 40, 1, 30, 1)
    return (head + image).ljust(50, b"\0") + gps.ljust(50, b"\0") + values + b"tail"


@pytest.mark.parametrize(
    "block",
    [
        exif_block(value_at=8),  # the values are said to lie in the image directory
        exif_block(value_at=20),
        exif_block(value_at=0),
        exif_block(next_at=50),  # GPS is a picture's directory too
    ],
)
def test_what_shares_its_bytes_is_left_alone(block: bytes, tmp_path: Path) -> None:
    exif = Exif(block)
    assert exif.without_gps() is None
    webp = b"RIFF\0\0\0\0WEBP" + b"EXIF" + struct.pack("<I", len(block)) + block
    place = place_of(tmp_path, webp)
    assert not place.removable and place.blocks == (("Exif",) if exif.has_place else ())


def test_hostile_exif_neither_crashes_nor_hangs(tmp_path: Path) -> None:
    circle = exif_block(next_at=8)
    itself = exif_block(gps_at=8)
    beyond = exif_block(gps_at=0xFFFFFFF0)
    huge = exif_block(count=0xFFFFFFFF)
    many = exif_block(entries=0xFFFF)
    started = time.monotonic()
    assert (
        Exif(circle).has_place and not Exif(itself).has_place and not Exif(beyond).has_place and Exif(many).directories
    )
    with pytest.raises(BrokenExif):
        _ = Exif(huge).has_place
    for block in (circle, itself, beyond, huge, many):
        data = b"\xff\xd8\xff\xe1" + struct.pack(">H", len(block) + 8) + b"Exif\0\0" + block + b"\xff\xda\0\2\xff\xd9"
        place_of(tmp_path, data)
        without_place(data)
    # Thousands of ways to thousands of directories, and of pixels that are said to lie in the same place.
    entry = struct.pack("<HHII", 0x014A, 4, 32, 8)
    woven = b"II*\0" + struct.pack("<I", 8) + struct.pack("<H", 0xFFFF) + entry * 60_000
    place_of(tmp_path, woven)
    strips = struct.pack("<HHII", 0x0111, 4, 90_000, 8) + struct.pack("<HHII", 0x0117, 4, 90_000, 8)
    place_of(tmp_path, b"II*\0" + struct.pack("<IH", 8, 40_000) + strips * 20_000)
    assert time.monotonic() - started < 10
    assert place_of(tmp_path, b"\xff\xd8\xff\xd9" * 1000).unread == ("file",)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_whatever_is_broken(data: Any) -> None:
    """Bytes of a real file are overwritten: nothing crashes, and what is cleaned keeps its length and pixels."""
    suffix = data.draw(st.sampled_from([".jpg", ".png", ".webp", ".tif"]))
    content = bytearray(full(suffix))
    seed = random.Random(data.draw(st.integers(0, 1 << 32)))
    for _ in range(data.draw(st.integers(1, 12))):
        content[seed.randrange(len(content))] = seed.choice((0, 1, 8, 255, seed.randrange(256)))
    whole = bytes(content[: data.draw(st.sampled_from([len(content), len(content) // 2, 40]))])
    after = without_place(whole)
    if after is not None:
        assert len(after) == len(whole) or suffix == ".png"
        assert without_place(after) == after


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_noise(noise: bytes) -> None:
    for head in (
        b"\xff\xd8\xff\xe1",
        b"\x89PNG\r\n\x1a\n",
        b"RIFF....WEBP",
        b"II*\0\x08\0\0\0",
        b"MM\0*",
        b"GIF89a",
        b"....ftyp",
    ):
        without_place(head + noise)


@pytest.mark.parametrize(
    "packet",
    [
        '<!DOCTYPE x [<!ENTITY a "aaaa">]><x gps="1">&a;</x>',
        "<x" * 5 + "gps",
        "<gps>" * 5000 + "</gps>" * 5000,
        "<x xmlns:a='u'><a:gps></x>",
    ],
)
def test_packets_that_are_no_xml(packet: str, tmp_path: Path) -> None:
    with pytest.raises(BrokenXmp):
        properties(packet.encode(), lambda name: name == "gps")
    assert place_of(tmp_path, picture(".jpg", xmp=packet.encode())) == Place((), ("XMP",), False)


def test_utf_16_is_read_but_not_written(tmp_path: Path) -> None:
    for coding in ("utf-16", "utf-16-be"):
        packet = ("\ufeff" if coding.endswith("be") else "") + xmp_packet(None, HERE_IN_XMP)
        content = picture(".jpg", xmp=packet.encode(coding))
        assert place_of(tmp_path, content) == Place(("XMP",), (), False)
    found = properties(packet.encode(coding), lambda name: name.startswith("GPS"))
    assert blanked(packet.encode(coding), found) is None


def test_the_report_of_a_place_holds_no_place(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(full(".jpg"))
    assert not any(part in repr(stored_place(path)) for part in ("45", "31", "122"))
    assert "042021001234" not in repr(device_data(path))


def test_the_camera_in_every_format(tmp_path: Path) -> None:
    for suffix in (".jpg", ".png", ".webp", ".tif"):
        path = tmp_path / f"a{suffix}"
        names = {"aux:LensSerialNumber": "0000c15998", "aux:OwnerName": "J. Doe", "exif:ImageUniqueID": "a1"}
        path.write_bytes(picture(suffix, xmp=xmp_packet(None, names).encode(), exif={"BodySerialNumber": "12"}))
        assert device_data(path).found == ("camera", "lens", "owner", "picture-id")


@pytest.mark.parametrize(
    ("name", "value"), [("exif:GPSLatitude", "45/1, 31/1, 1250/100"), ("GPS Longitude", "122 deg 40' 30.25\" W")]
)
def test_texts_of_png(name: str, value: str, tmp_path: Path) -> None:
    texts = PngImagePlugin.PngInfo()
    texts.add_text(name, value)
    texts.add_text("Title", "Leaf Day at GPSLatitude 45")
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8)).save(buffer, "PNG", pnginfo=texts)
    before = buffer.getvalue()
    assert place_of(tmp_path, before) == Place(("text",), (), True)
    after = without_place(before)
    assert after is not None and len(after) == len(before) and place_of(tmp_path, after) == Place()
    with Image.open(io.BytesIO(after)) as image:
        image.load()
        assert image.info["Title"] == "Leaf Day at GPSLatitude 45"


def motion_photo(place: bytes) -> bytes:
    text = struct.pack(">HH", len(place), 0x15C7) + place
    return picture(".jpg") + struct.pack(">I", 24) + b"ftypmp42" + bytes(12) + b"\xa9xyz" + text + b"\xff\xda" * 5000


def test_the_video_of_a_motion_photo(tmp_path: Path) -> None:
    before = motion_photo(b"+45.5231-122.6765/")
    assert place_of(tmp_path, before) == Place(("video",), (), True)
    after = without_place(before)
    assert after is not None and len(after) == len(before) and place_of(tmp_path, after) == Place()
    assert place_of(tmp_path, motion_photo(b"")) == Place()


def test_a_video_behind_a_picture_is_none_of_its_scans(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(motion_photo(b""))
    assert image_facts(tmp_path / "a.jpg").fault == ""


def test_scans_hidden_behind_a_false_end_are_counted() -> None:
    start = b"\xff\xd8" + b"\xff\xfe" + struct.pack(">H", 4) + b"\xff\xd9"
    scan = b"\xff\xda" + struct.pack(">H", 3) + b"\0" + b"pixels\xff\x00\xff\xd0"
    assert scans(start + scan * 300 + b"\xff\xd9" + scan * 9, 1000) == 300
    assert scans(start + scan * 300, 101) == 101
