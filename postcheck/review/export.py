"""The record as a zip that opens without postcheck: a page to read, each entry as JSON, the assets, and their hashes.

The same record gives the same zip, byte for byte: nothing in it is compressed, and no time is in it but that of the
entries.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from postcheck.errors import UsageError
from postcheck.reporters.html import environment, style_sheet
from postcheck.review.entries import BrokenEntry, Entry, read
from postcheck.review.records import Head, Records, rows
from postcheck.review.verifying import Verified, verify
from postcheck.review.words import what_happened, who

_UNFIT = re.compile(r"[^\w.…+ -]")
_NAME = 100
"""Characters of an asset's name that are kept, from its end."""
_TIME = (1980, 1, 1, 0, 0, 0)
"""The earliest that a zip can hold."""
README = """\
A record of approvals, as postcheck keeps it. Open index.html in any browser.

entries/    each entry as it was recorded, one file each, numbered in order
assets/     the files that the entries speak of, each in a folder named after its SHA-256
SHA256SUMS  the SHA-256 of each of these files, as it was noted when it was recorded
head.json   the number and the hash of the last entry

To check that nothing was changed, go into this folder and run

    sha256sum -c SHA256SUMS            on Linux; on a Mac: shasum -a 256 -c SHA256SUMS

or, on Windows, compare one file at a time: certutil -hashfile entries\\000001.json SHA256

To check that nothing was taken out, put in or moved: each entry names the hash of the one before it as "previous".
It must be the SHA-256 of that file; of the first entry it is 64 zeros. The last must have the hash of head.json.

To check that nothing was cut off at the end, compare head.json with a head that was kept somewhere else:
an entry with its number must be here, and have its hash.

Entries are canonical JSON (RFC 8785), in UTF-8, without a line end. Names of minors that postcheck knew of are
replaced by first letters. Release forms are not among the assets: only their SHA-256 is told.
"""


@dataclass(frozen=True, slots=True)
class Told:
    """An entry for the page."""

    number: int
    file: str
    entry: Entry | None
    """None where it is damaged."""
    what: str
    who: str
    assets: tuple[tuple[str, str, str], ...]
    """Name, SHA-256, and the file in the zip or ""."""


def export(records: Records, output: Path, head: Head | None = None) -> Verified:
    """Write the zip, whatever is wrong with the record: the page then says so, and so do the hashes.

    Raises:
        UsageError: there is no record, or the zip cannot be written.
    """
    verified = verify(records, head)
    if not records.path.is_file():
        raise UsageError(f"{records.path}: there is no record to export.")
    try:
        handle, name = tempfile.mkstemp(dir=output.absolute().parent, prefix=".export-")
        try:
            with open(handle, "wb") as file:
                with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
                    _write(records, verified, archive)
                file.flush()
                os.fsync(file.fileno())
            Path(name).chmod(0o644)  # as any file; what mkstemp makes is for its owner alone
            Path(name).replace(output)
        finally:
            Path(name).unlink(missing_ok=True)
    except OSError as error:
        raise UsageError(f"{output}: the export cannot be written: {error.strerror}.") from None
    return verified


def _write(records: Records, verified: Verified, archive: zipfile.ZipFile) -> None:
    """All up to the head that was verified: what others append meanwhile is for the next export."""
    told: list[Told] = []
    sums: list[str] = []
    there: set[str] = set()
    with records.reading() as base:
        for row in rows(base):
            if type(row.sequence) is not int or not 0 < row.sequence <= verified.head.sequence:
                continue
            one = _told(row.sequence, row.content)
            _put(archive, one.file, bytes(row.content))
            sums.append(f"{bytes(row.hash).decode('ascii', 'replace')}  {one.file}\n")
            for _, sha256, path in one.assets:
                if path and path not in there:
                    there.add(path)
                    sums.append(f"{sha256}  {path}\n")
                    _copy(archive, path, records.assets.path(sha256))
            told.append(one)
    _put(archive, "SHA256SUMS", "".join(sums).encode())
    _put(archive, "head.json", verified.head.text().encode())
    _put(archive, "README.txt", README.encode())
    _put(archive, "index.html", page(told, verified).encode("utf-8", "backslashreplace"))


def _told(number: int, content: bytes) -> Told:
    file = f"entries/{number:06d}.json"
    try:
        entry = read(bytes(content))
    except BrokenEntry:
        return Told(number, file, None, "damaged", "", ())
    assets = []
    for asset in entry.body.get("assets", ()):
        sha256, name = str(asset["sha256"]), str(asset["name"])
        assets.append((name, sha256, f"assets/{sha256}/{file_name(name)}" if asset["kept"] else ""))
    return Told(number, file, entry, what_happened(entry), who(entry), tuple(assets))


def file_name(name: str) -> str:
    """The last part of an asset's name, as every system takes it."""
    last = _UNFIT.sub("_", name.rpartition("/")[2])[-_NAME:].strip(". ")
    return last or "file"


def page(told: list[Told], verified: Verified) -> str:
    style = style_sheet(())
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode("ascii")
    made: str = _template().render(told=told, verified=verified, style=style, style_hash=digest)
    return made


@lru_cache(maxsize=1)
def _template() -> Any:
    from jinja2 import ChainableUndefined

    pages = environment(Path(__file__).parent / "templates")
    return pages.overlay(undefined=ChainableUndefined).get_template("records.html")  # an older entry may tell less


def _info(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _TIME)
    info.create_system, info.external_attr = 3, 0o644 << 16  # the same on every system
    return info


def _put(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    archive.writestr(_info(name), content)


def _copy(archive: zipfile.ZipFile, name: str, source: Path) -> None:
    """An asset that is missing or cannot be read is left out: among the faults it is told, and its hash is there."""
    try:
        size = source.stat().st_size
        with source.open("rb") as content:
            info = _info(name)
            info.file_size = size
            with archive.open(info, "w", force_zip64=True) as target:
                for chunk in _chunks(content):
                    target.write(chunk)
    except (FileNotFoundError, PermissionError, IsADirectoryError):
        return


def _chunks(content: Any) -> Iterator[bytes]:
    while chunk := content.read(1 << 20):
        yield chunk
