"""A picture file: what it really is, whether it is whole, and the words its metadata carry."""

from __future__ import annotations

import re
import warnings
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO

from postcheck.analysis.blocks import scans
from postcheck.analysis.measured import measured
from postcheck.analysis.pixels import Frame, views

IPTC_CORE = "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/"
IPTC_EXT = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
PHOTOSHOP = "http://ns.adobe.com/photoshop/1.0/"
DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"
XMP_RIGHTS = "http://ns.adobe.com/xap/1.0/rights/"
PLUS = "http://ns.useplus.org/ldf/xmp/1.0/"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

METADATA = {
    "alt": (IPTC_CORE, "AltTextAccessibility"),
    "credit": (PHOTOSHOP, "Credit"),
    "creator": (DUBLIN_CORE, "creator"),
    "rights": (DUBLIN_CORE, "rights"),
    "digital_source": (IPTC_EXT, "DigitalSourceType"),
    "usage_terms": (XMP_RIGHTS, "UsageTerms"),
    "model_release": (PLUS, "ModelReleaseStatus"),
    "model_release_ids": (PLUS, "ModelReleaseID"),
    "property_release": (PLUS, "PropertyReleaseStatus"),
    "minor_age": (PLUS, "MinorModelAgeDisclosure"),
}
"""Our names for the XMP properties that are read (IPTC Photo Metadata Standard 2023.1)."""
PEOPLE = "people"
"""Our name for how many persons the metadata name as seen. Their names are not kept."""
_PLUS_CODE = re.compile(r"(?:MR|PR|AG)-[A-Z0-9]{3}\Z")
"""A word of the PLUS vocabulary, with or without the address that it is written with."""

FORMATS_BY_SUFFIX: dict[str, tuple[str, ...]] = {
    ".png": ("PNG",), ".apng": ("PNG",), ".jpg": ("JPEG", "MPO"), ".jpeg": ("JPEG", "MPO"), ".jpe": ("JPEG", "MPO"),
    ".jfif": ("JPEG", "MPO"), ".gif": ("GIF",), ".webp": ("WEBP",), ".avif": ("AVIF",), ".tif": ("TIFF",),
    ".tiff": ("TIFF",), ".bmp": ("BMP",),
}  # fmt: skip
"""Pillow's names. MPO is what many phones write for a JPEG."""


_READ = sorted({names[0] for names in FORMATS_BY_SUFFIX.values()})  # MPO is read by the reader of JPEG
MAX_PIXELS = 100_000_000
"""Decoded they take 400 MB."""
_MOST_SCANS = 100


@dataclass(frozen=True, slots=True)
class ImageFacts:
    """`fault` is "", or why the picture is not to be used: empty, truncated, svg, heif, not-an-image, too-much.

    `format` is Pillow's name, "" where it is none that Pillow knows; width and height are in pixels, as stored, and
    `turned` where the picture is shown turned by a quarter, as phones store it.
    """

    format: str = ""
    width: int = 0
    height: int = 0
    fault: str = ""
    turned: bool = False
    metadata: dict[str, str] = field(default_factory=dict)
    """By the names in METADATA, and PEOPLE; only those that the file carries. Of PLUS the bare codes, as MR-UMR."""

    @property
    def shown_size(self) -> tuple[int, int]:
        """Width and height in pixels, upright."""
        return (self.height, self.width) if self.turned else (self.width, self.height)


def image_facts(path: Path) -> ImageFacts:
    """Decodes the picture where it was not decoded before, since only that shows whether it is whole.

    Raises:
        OSError: the file cannot be opened.
    """
    status = path.stat()
    return _facts(path, status.st_size, status.st_mtime_ns)


@lru_cache(maxsize=1024)
def _facts(path: Path, size: int, modified: int) -> ImageFacts:
    return ImageFacts(**measured(path, "image", lambda: asdict(_decoded(path, size, modified)[0])))


def first_facts(path: Path) -> ImageFacts:
    """As `image_facts`, of an animation by its first frame alone: decoding all may take a minute. Nothing is kept.

    Raises:
        OSError: the file cannot be opened.
    """
    return _read(path, path.stat().st_size, None)


def frames(path: Path) -> tuple[Frame, ...]:
    """What the picture looks like (see `analysis.pixels`); nothing where it has a fault.

    Raises:
        OSError: the file cannot be opened.
    """
    status = path.stat()
    return _decoded(path, status.st_size, status.st_mtime_ns)[1]


@lru_cache(maxsize=4)
def _decoded(path: Path, size: int, _modified: int) -> tuple[ImageFacts, tuple[Frame, ...]]:
    """Each file is decoded once for all that is measured in it."""
    seen: list[Frame] = []
    facts = _read(path, size, seen)
    return facts, () if facts.fault else tuple(seen)


def _read(path: Path, size: int, seen: list[Frame] | None) -> ImageFacts:
    """The facts; and into `seen`, where there is one, what the picture looks like."""
    if size == 0:
        return ImageFacts(fault="empty")
    from PIL import Image, UnidentifiedImageError

    with open(path, "rb") as file, warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # MAX_PIXELS is the bound here
        try:
            # Only these formats: a file must not reach the reader of PostScript by its first bytes.
            with Image.open(file, formats=_READ) as image:
                format_, width, height = image.format or "", image.width, image.height
                if width * height > MAX_PIXELS or _scans(file, format_) > _MOST_SCANS:
                    return ImageFacts(format_, width, height, "too-much")
                image.load()
                if _breaks_off(file, size, format_):
                    return ImageFacts(format_, width, height, "truncated")
                metadata = _metadata(image)
                if seen is not None:
                    seen += views(image)
                return ImageFacts(format_, width, height, turned=_is_turned(image), metadata=metadata)
        except Image.DecompressionBombError:
            return ImageFacts(fault="too-much")
        except UnidentifiedImageError:
            file.seek(0)
            return ImageFacts(fault=_unknown_kind(file.read(1024)))
        except (OSError, SyntaxError, ValueError, EOFError, IndexError) as error:
            return ImageFacts(fault="too-much" if "too large" in str(error) else "truncated")


def _is_turned(image: Any) -> bool:
    try:
        return image.getexif().get(0x0112) in (5, 6, 7, 8)  # orientation (Exif 2.32, 4.6.4)
    except Exception:  # whatever is wrong with its Exif, the picture can be seen
        return False


def _scans(file: BinaryIO, format_: str) -> int:
    """How often a JPEG paints over itself: a small file can ask for it thousands of times."""
    if format_ not in ("JPEG", "MPO"):
        return 1
    position = file.tell()
    file.seek(0)
    count = scans(file.read(), _MOST_SCANS + 1)
    file.seek(position)
    return count


def _breaks_off(file: BinaryIO, size: int, format_: str) -> bool:
    """Does a file that may hold several frames end before its end mark? Only its first frame has been decoded."""
    if format_ == "WEBP":  # the container states its length
        file.seek(4)
        return int.from_bytes(file.read(4), "little") + 8 > size
    if format_ in _END_MARKS:
        file.seek(max(size - _TAIL, 0))
        return _END_MARKS[format_] not in file.read().rstrip(b"\0\r\n ")[-_END_ROOM[format_] :]
    return False


_TAIL = 1 << 20
_END_MARKS = {"GIF": b";", "PNG": b"IEND\xaeB`\x82"}
_END_ROOM = {"GIF": 1, "PNG": _TAIL}
"""How far from the end the mark may stand: a single byte is told from chance only at the very end."""


def _unknown_kind(head: bytes) -> str:
    if head[4:8] == b"ftyp" and head[8:12] in (b"heic", b"heix", b"mif1", b"hevc", b"heim", b"heis", b"msf1"):
        return "heif"
    if b"<svg" in head:
        return "svg"
    # A picture that breaks off in its header is not recognized either.
    starts = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"II*\0", b"MM\0*", b"BM")
    return "truncated" if head.startswith(starts) else "not-an-image"


def _metadata(image: Any) -> dict[str, str]:
    packet = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp") or b""
    if not packet:
        return {}
    from xml.etree.ElementTree import ParseError

    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    if isinstance(packet, str):
        packet = packet.encode()
    try:
        root = fromstring(packet.strip(b"\0 \r\n\t"))
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        return {}
    found = {name: _property(root, space, local) for name, (space, local) in METADATA.items()}
    for name in ("model_release", "property_release", "minor_age"):
        if code := _PLUS_CODE.search(found[name]):
            found[name] = code[0]
    found[PEOPLE] = str(_people(root) or "")
    return {name: value for name, value in found.items() if value}


def _people(root: Any) -> int:
    """How many persons are named as seen, by name alone or with details."""
    counts = [0]
    for local in ("PersonInImage", "PersonInImageWDetails"):
        for element in root.iter(f"{{{IPTC_EXT}}}{local}"):
            counts.append(sum(1 for _ in element.iterfind(f"*/{{{_RDF}}}li")))
    return max(counts)


def _property(root: Any, space: str, local: str) -> str:
    """An XMP property as text: an attribute, a plain element, the default of a language list, or a list joined."""
    tag = f"{{{space}}}{local}"
    for description in root.iter(f"{{{_RDF}}}Description"):
        if tag in description.attrib:
            return str(description.attrib[tag]).strip()
        element = description.find(tag)
        if element is None:
            continue
        items = list(element.iter(f"{{{_RDF}}}li"))
        if not items:
            return (element.text or element.get(f"{{{_RDF}}}resource") or "").strip()
        default = [item for item in items if item.get(_LANG) == "x-default"]
        chosen = default or (items[:1] if any(item.get(_LANG) for item in items) else items)
        return ", ".join((item.text or "").strip() for item in chosen)
    return ""
