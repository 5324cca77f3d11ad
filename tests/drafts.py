"""Drafts made from data, as the examples of checks and the tests write them.

A draft is written as in post.yaml, with a few additions:

- an image or video without `file` gets a name; one that is not text gets real content by its ending;
- `render: {embedded_alt: ...}` puts an alt text into the picture's metadata, `header_only: [w, h]` makes a PNG whose
  header promises more than there is; `size: [w, h]` is that of the picture, `turned: true` has its metadata say that
  it is to be shown turned by a quarter; `qr: words` draws a QR code, a list several, `smudged: true` so that they
  cannot be read; `face: px` draws a face of that width;
- `text:` is the content of the file as text, `as:` copies the content of another kind of file, `bytes:` pads the file
  to that size, `keep: 0.6` cuts it off, `encoding:` writes the text so;
- `files:` are further files in the folder, by name, with the same keys;
- `{repeat: "abc ", length: 280, then: "."}` stands for a text.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

CONTENT_KEYS = ("render", "text", "as", "bytes", "keep", "encoding")
XMP = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about="" xmlns:Iptc4xmpCore="http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/">'
    '<Iptc4xmpCore:AltTextAccessibility><rdf:Alt><rdf:li xml:lang="x-default">{alt}</rdf:li></rdf:Alt>'
    "</Iptc4xmpCore:AltTextAccessibility></rdf:Description></rdf:RDF></x:xmpmeta>"
)


def write_draft(folder: Path, draft: Mapping[str, Any]) -> Path:
    """Write the draft into `folder` as post.yaml with its files, and give the folder back."""
    folder.mkdir(parents=True, exist_ok=True)
    data = _texts(dict(draft))
    files = {name: dict(spec or {}) for name, spec in data.pop("files", {}).items()}
    for kind, ending in (("images", ".png"), ("videos", ".mp4")):
        for position, item in enumerate(data.get(kind) or [], 1):
            item.setdefault("file", f"{kind[:-1]}-{position}{ending}")
            spec = {key: item.pop(key) for key in CONTENT_KEYS if key in item}
            files.setdefault(item["file"], spec)
    for name, spec in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content(name, spec))
    (folder / "post.yaml").write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return folder


def _texts(value: Any) -> Any:
    if isinstance(value, dict):
        if "repeat" in value:
            repeated = value["repeat"] * (value["length"] // len(value["repeat"]) + 1)
            return repeated[: value["length"]] + value.get("then", "")
        return {key: _texts(item) for key, item in value.items()}
    return [_texts(item) for item in value] if isinstance(value, list) else value


def content(name: str, spec: Mapping[str, Any]) -> bytes:
    """The bytes of a file called `name`."""
    if "text" in spec:
        made = str(spec["text"]).encode(spec.get("encoding", "utf-8"))
    else:
        made = _made(PurePosixPath(spec.get("as", name)).suffix.lower(), spec.get("render") or {})
    if "keep" in spec:
        made = made[: int(len(made) * spec["keep"])]
    padding = int(spec.get("bytes", 0)) - len(made)
    return made + b"\0" * padding


def _made(suffix: str, render: Mapping[str, Any]) -> bytes:
    if "header_only" in render:
        return _png_header(*render["header_only"])
    if suffix in (".mp4", ".mov", ".m4v"):
        return (
            _box(b"ftyp", b"isom\0\0\2\0isomiso2mp41")
            + _box(b"moov", _box(b"mvhd", bytes(100)))
            + _box(b"mdat", bytes(range(256)))
        )
    if suffix in (".webm", ".mkv"):
        return b"\x1a\x45\xdf\xa3\x84webm" + b"\x18\x53\x80\x67\x41\x00" + bytes(256)
    if suffix == ".pdf":
        return b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"
    return picture(suffix, render.get("embedded_alt"), _drawn(render))


def _drawn(render: Mapping[str, Any]) -> Any:
    """A Pillow image of what `render` asks for; None where it asks for none."""
    from PIL import Image

    if "qr" in render:
        return with_codes(render["qr"], smudged=render.get("smudged", False))
    if "face" in render:
        return with_face(render["face"])
    if "size" in render:
        image = Image.new("RGB", tuple(render["size"]), "#3E6B3A")
        if render.get("turned"):
            image.getexif()[0x0112] = 6  # Exif: orientation, a quarter turn to the right
        return image
    return None


def with_codes(holds: str | list[str], side: int = 240, *, smudged: bool = False) -> Any:
    """QR codes of `side` pixels, light margin included, in a row on blue."""
    import cv2
    from PIL import Image, ImageDraw

    words = [holds] if isinstance(holds, str) else holds
    image = Image.new("RGB", (40 + (side + 40) * len(words), side + 80), "#9CC4E4")
    for number, text in enumerate(words):
        code = Image.fromarray(cv2.QRCodeEncoder.create().encode(text)).resize((side, side), Image.Resampling.NEAREST)
        if smudged:  # more than can be made good, between the three marks by which a code is found
            ImageDraw.Draw(code).rectangle([side * part // 100 for part in (45, 40, 80, 88)], fill=255)
        image.paste(code, (40 + (side + 40) * number, 40))
    return image


def with_face(px: int) -> Any:
    """A face in front view of about `px` pixels across, drawn so that a machine takes it for one."""
    from PIL import Image, ImageDraw, ImageFilter

    image = Image.new("RGB", (px * 4, px * 3), "#D6E6F5")
    draw = ImageDraw.Draw(image)

    def oval(x: float, y: float, across: float, down: float, fill: str) -> None:
        sides = (x - across, y - down, x + across, y + down)
        draw.ellipse([px * (part / 100 + middle) for part, middle in zip(sides, (2, 1.5) * 2, strict=True)], fill=fill)

    oval(0, 150, 120, 65, "#E86A10")
    oval(0, -22, 62, 72, "#2A1A12")
    oval(0, 0, 52, 68, "#D9A27C")
    oval(0, -38, 36, 14, "#E8B994")
    for side in (-1, 1):
        oval(side * 22, -14, 15, 10, "#A06A4A")
        oval(side * 22, -10, 10, 5, "#F4EEE8")
        oval(side * 22, -10, 5, 5, "#1E120C")
        oval(side * 22, -27, 14, 2.5, "#2A1A12")
        oval(side * 26, 18, 12, 10, "#E4B08C")
    oval(0, 8, 6, 18, "#E8B994")
    for side in (-1, 1):
        oval(side * 6, 22, 4, 3, "#7A4A34")
    oval(0, 40, 20, 6, "#8A3A34")
    oval(0, 56, 16, 5, "#C08A66")
    return image.filter(ImageFilter.GaussianBlur(px / 40))


def picture(suffix: str, embedded_alt: str | None = None, image: Any = None) -> bytes:
    """A picture in the format of the ending, by default a low one."""
    from PIL import Image, PngImagePlugin

    formats = {".jpg": "JPEG", ".jpeg": "JPEG", ".tif": "TIFF", ".png": "PNG", ".gif": "GIF", ".webp": "WEBP"}
    options: dict[str, Any] = {}
    if embedded_alt is not None and suffix == ".png":
        options["pnginfo"] = PngImagePlugin.PngInfo()
        options["pnginfo"].add_itxt("XML:com.adobe.xmp", XMP.format(alt=embedded_alt))
    elif embedded_alt is not None and suffix == ".tif":
        options["tiffinfo"] = {700: XMP.format(alt=embedded_alt).encode()}
    elif embedded_alt is not None:
        options["xmp"] = XMP.format(alt=embedded_alt).encode()
    buffer = io.BytesIO()
    if image is None:
        image = Image.new("RGB", (600, 30))  # as wide as image/too-small asks
        image.putdata([(column * 2 // 5, row * 8, 90) for row in range(30) for column in range(600)])
    if image.getexif():
        options["exif"] = image.getexif()
    image.save(buffer, formats[suffix], **options)
    return buffer.getvalue()


def _box(kind: bytes, payload: bytes) -> bytes:
    return struct.pack(">I", len(payload) + 8) + kind + payload


def _png_header(width: int, height: int) -> bytes:
    def chunk(kind: bytes, payload: bytes) -> bytes:
        return struct.pack(">I", len(payload)) + kind + payload + struct.pack(">I", zlib.crc32(kind + payload))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = chunk(b"IDAT", zlib.compress(b"\0" * 100))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + rows + chunk(b"IEND", b"")
