"""Drafts made from data, as the examples of checks and the tests write them.

A draft is written as in post.yaml, with a few additions:

- an image or video without `file` gets a name; one that is not text gets real content by its ending;
- `render: {embedded_alt: ...}` puts an alt text into the picture's metadata, `xmp: {"exif:GPSLatitude": ...}` any
  properties (a list is a bag; written in `xmp_encoding`) and `exif: {GPSLatitude: [45, 31, 12]}` any Exif entries, by
  Pillow's names; `header_only: [w, h]` makes a PNG whose header promises more than there is;
- `render: {words: ..., px: 40, fg: "#000000", bg: "#FFFFFF"}` draws words on a picture of 1080 by 1080 pixels; with `to:`
  the ground runs from `bg` to that color, `outline:` is a color about the letters, `grain:` roughens the ground;
- `render: {size: [w, h]}` is the size of the picture, `turned: true` has its metadata say that it is to be shown turned
  by a quarter; `qr: words` draws a QR code, a list several, `smudged: true` so that they cannot be read; `face: px` draws
  a face of that width;
- of a video `render:` asks for what `videos.video` says;
- `render: {flashing: {rate: 5}}` makes a GIF, or an MP4 of 30 frames a second, that flashes so often a second, for ever
  or for `seconds:` (3); `colors:` are the two that alternate, `part: [w, h]` is the part of it, from the top left, that
  does, `size:` its pixels; `stripes: 5` has stripes move past so fast that each spot is light so often a second;
- `text:` is the content of the file as text, `as:` copies the content of another kind of file, `bytes:` pads the file
  to that size, `keep: 0.6` cuts it off, `encoding:` writes the text so;
- `profile:` makes an account.yaml of its keys, and no post;
- `files:` are further files in the folder, by name, with the same keys;
- `{repeat: "abc ", length: 280, then: "."}` stands for a text.
"""

from __future__ import annotations

import ast
import io
import struct
import zlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

from tests.pictures import drawn, flashing
from tests.videos import video

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
    if "profile" in data:
        path = folder / "account.yaml"
        path.write_text(yaml.safe_dump(data["profile"], allow_unicode=True, sort_keys=False), encoding="utf-8")
        return folder
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
    if suffix in VIDEO_FORMATS:
        return made_video(VIDEO_FORMATS[suffix], repr(dict(render)))
    if "flashing" in render or "stripes" in render:
        return animated(*flashing(render))
    if suffix == ".pdf":
        return b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"
    xmp = None
    if "embedded_alt" in render or "xmp" in render:
        xmp = xmp_packet(render.get("embedded_alt"), render.get("xmp", {})).encode(render.get("xmp_encoding", "utf-8"))
    return picture(suffix, image=drawn(render), xmp=xmp, exif=render.get("exif"))


VIDEO_FORMATS = {".mp4": "mp4", ".m4v": "mp4", ".mov": "mov", ".webm": "matroska", ".mkv": "matroska"}


@lru_cache(maxsize=64)
def made_video(format_: str, render: str) -> bytes:
    return video(ast.literal_eval(render), format_)


def animated(looks: list[Any], seconds: float) -> bytes:
    """A GIF that shows the pictures in turn, each so long, over and over."""
    buffer = io.BytesIO()
    looks[0].save(buffer, "GIF", save_all=True, append_images=looks[1:], duration=round(seconds * 1000), loop=0)
    return buffer.getvalue()


def picture(
    suffix: str,
    embedded_alt: str | None = None,
    *,
    image: Any = None,
    xmp: bytes | None = None,
    exif: Mapping[str, Any] | None = None,
) -> bytes:
    """`image`, or a low picture, in the format of the ending."""
    from PIL import Image, PngImagePlugin

    formats = {
        ".jpg": "JPEG", ".jpeg": "JPEG", ".tif": "TIFF", ".png": "PNG", ".gif": "GIF", ".webp": "WEBP", ".avif": "AVIF",
    }  # fmt: skip
    options: dict[str, Any] = {}
    if embedded_alt is not None:
        xmp = xmp_packet(embedded_alt, {}).encode()
    entries = exif_entries(exif) if exif else None
    if suffix == ".tif":
        options["tiffinfo"] = Image.Exif() if entries is None else entries
        if xmp:
            options["tiffinfo"][700] = xmp
    elif entries is not None:
        options["exif"] = entries
    if xmp and suffix == ".png":
        options["pnginfo"] = PngImagePlugin.PngInfo()
        options["pnginfo"].add_itxt("XML:com.adobe.xmp", xmp.decode())
    elif xmp and suffix != ".tif":
        options["xmp"] = xmp
    buffer = io.BytesIO()
    if image is None:
        image = Image.new("RGB", (600, 30))  # as wide as image/too-small asks
        image.putdata([(column * 2 // 5, row * 8, 90) for row in range(30) for column in range(600)])
    if image.getexif():
        options["exif"] = image.getexif()
    image.save(buffer, formats[suffix], **options)
    return buffer.getvalue()


def xmp_packet(alt: str | None, properties: Mapping[str, Any]) -> str:
    """With the alt text, where there is one, and other properties."""
    spaces = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in XMP_SPACES.items())
    plain = "".join(f' {name}="{value}"' for name, value in properties.items() if not isinstance(value, list))
    bags = "".join(
        f"<{name}><rdf:Bag>{''.join(f'<rdf:li>{item}</rdf:li>' for item in value)}</rdf:Bag></{name}>"
        for name, value in properties.items()
        if isinstance(value, list)
    )
    own = f'<rdf:Description rdf:about="" {spaces}{plain}>{bags}</rdf:Description></rdf:RDF>'
    if alt is None:
        return f"{XMP.partition('<rdf:Description')[0]}{own}</x:xmpmeta>"
    return XMP.format(alt=alt).replace("</rdf:RDF>", own)


def exif_entries(values: Mapping[str, Any]) -> Any:
    """Pillow's Exif. A name that it has for the camera's own directory or for GPS goes there."""
    from PIL import ExifTags, Image

    exif = Image.Exif()
    camera, gps = exif.get_ifd(ExifTags.IFD.Exif), exif.get_ifd(ExifTags.IFD.GPSInfo)
    for name, value in values.items():
        told = tuple(value) if isinstance(value, list) else value
        if name in ExifTags.GPS.__members__:
            gps[ExifTags.GPS[name].value] = told
        elif name in CAMERA_TAGS:
            camera[ExifTags.Base[name].value] = told
        else:
            exif[ExifTags.Base[name].value] = told
    for tag, directory in ((ExifTags.IFD.Exif, camera), (ExifTags.IFD.GPSInfo, gps)):
        if directory:
            exif[tag] = directory
    return exif


CAMERA_TAGS = ("BodySerialNumber", "LensSerialNumber", "CameraOwnerName", "ImageUniqueID", "MakerNote", "UserComment")
XMP_SPACES = {
    "exif": "http://ns.adobe.com/exif/1.0/",
    "aux": "http://ns.adobe.com/exif/1.0/aux/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "plus": "http://ns.useplus.org/ldf/xmp/1.0/",
    "xmpRights": "http://ns.adobe.com/xap/1.0/rights/",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
    "stRef": "http://ns.adobe.com/xap/1.0/sType/ResourceRef#",
}


def _png_header(width: int, height: int) -> bytes:
    def chunk(kind: bytes, payload: bytes) -> bytes:
        return struct.pack(">I", len(payload)) + kind + payload + struct.pack(">I", zlib.crc32(kind + payload))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = chunk(b"IDAT", zlib.compress(b"\0" * 100))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + rows + chunk(b"IEND", b"")
