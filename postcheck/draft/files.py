"""The files of a draft: which lie there, and whether a name in the draft may be followed."""

from __future__ import annotations

import hashlib
import os
import re
import stat
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path, PurePosixPath

from postcheck.errors import DraftError, Problem, nearest
from postcheck.model import Asset
from postcheck.reader import Reader
from postcheck.source import Source, Text

DRAFT_FILES = ("post.md", "index.md", "post.yaml", "post.yml", "post.json")
IMAGE_SUFFIXES = (
    ".png", ".apng", ".jpg", ".jpeg", ".jpe", ".jfif", ".gif", ".webp", ".avif", ".heic", ".heif", ".tif", ".tiff",
    ".bmp", ".svg",
)  # fmt: skip
VIDEO_SUFFIXES = (".mp4", ".m4v", ".mov", ".webm", ".mkv", ".avi", ".wmv", ".mpg", ".mpeg", ".3gp", ".flv", ".ogv")
CAPTIONS_SUFFIXES = (".vtt", ".srt", ".sbv", ".ttml", ".dfxp")
RELEASES_FOLDER = "releases"
"""Pictures in it are signed forms, not pictures to be posted."""

MAX_DRAFT_BYTES = 10_000_000
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
_DRIVE = re.compile(r"[A-Za-z]:")


def read_text(path: Path, shown: str, most: int = MAX_DRAFT_BYTES) -> str:
    """The file as text, line ends and byte order mark as they are.

    Raises:
        DraftError: the file is empty, too large, not UTF-8, or cannot be read.
    """

    def refuse(message: str, advice: str = "", line: int | None = None) -> DraftError:
        return DraftError(Problem(message, shown, line, None, advice))

    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise refuse("This is not a file.")
        size = path.stat().st_size
        if size > most:
            raise refuse(f"The file has {size:,} bytes; at most {most:,} are read.")
        content = path.read_bytes()
    except OSError as error:
        raise refuse(f"The file cannot be read: {error.strerror}.") from None
    if not content:
        raise refuse("The file is empty.")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in content[:4]:
        raise refuse("The file is in UTF-16 or UTF-32.", "Save it as UTF-8.")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise refuse(
            f"The byte 0x{content[error.start]:02X} is not UTF-8 (the file may be Windows-1252).",
            "Save the file as UTF-8.",
            line,
        ) from None


@lru_cache(maxsize=256)
def _names_in(folder: Path) -> dict[str, str]:
    """Each name in the folder by its NFC form: a Mac may write é as two code points."""
    try:
        return {unicodedata.normalize("NFC", path.name): path.name for path in folder.iterdir()}
    except OSError:
        return {}


def forget_listings() -> None:
    """Folders are listed once in a run; a new run looks again."""
    _names_in.cache_clear()


class Folder:
    """The folder that a draft's file names start from. Nothing outside it is ever opened."""

    def __init__(self, path: Path, reader: Reader) -> None:
        self.path = path
        self.reader = reader
        self.real = path.resolve()
        self.refused: set[Path] = set()
        """Files that were asked for and have a problem, so that each is told once."""

    def asset(self, text: Text | None) -> Asset | None:
        """The file that `text` names, or None with a problem in the reader."""
        if text is None:
            return None
        name = text.value
        refuse = _refusal(name)
        if refuse:
            self.reader.problem(refuse[0], text.start, refuse[1])
            return None
        path = self.path
        for part in PurePosixPath(name).parts:
            names = _names_in(path)
            found = names.get(unicodedata.normalize("NFC", part))
            if found is None:
                self.reader.problem(f"The file `{name}` is not there.", text.start, _near_file(part, list(names)))
                return None
            path = path / found
        return self.checked(Asset(PurePosixPath(name).as_posix(), path), text.start)

    def checked(self, asset: Asset, offset: int = 0) -> Asset | None:
        """The asset, or None with a problem where it is no file of this folder."""
        if asset.path in self.refused:
            return None
        fault = self._fault(asset)
        if fault:
            self.refused.add(asset.path)
            self.reader.problem(f"`{asset.name}` {fault}", offset)
            return None
        return asset

    def _fault(self, asset: Asset) -> str:
        if not asset.path.resolve().is_relative_to(self.real):
            return "is a link that leaves the draft's folder."
        try:
            mode = asset.path.stat().st_mode
        except OSError as error:
            return f"cannot be read: {error.strerror}."
        return "" if stat.S_ISREG(mode) else "is not a file."

    def listing(self) -> list[str]:
        """Every file below the folder, hidden ones left out. Names that collide, and drafts inside, are problems."""
        found: list[str] = []
        for folder, folders, files in os.walk(self.path):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            inside = Path(folder).relative_to(self.path)
            kept = sorted(name for name in files if not name.startswith("."))
            found += [(inside / name).as_posix() for name in kept]
            self._refuse_collisions([(inside / name).as_posix() for name in (*kept, *folders)])
            if inside.parts:
                for name in sorted(set(kept) & set(DRAFT_FILES)):
                    self.reader.problem(
                        f"`{(inside / name).as_posix()}` is a draft inside this draft.", 0, "Move one of the two."
                    )
        return found

    def _refuse_collisions(self, names: Iterable[str]) -> None:
        seen: dict[str, str] = {}
        for name in names:
            folded = unicodedata.normalize("NFC", name).casefold()
            if folded in seen:
                self.reader.problem(
                    f"`{seen[folded]}` and `{name}` differ only in capitals or in Unicode form.",
                    0,
                    "Many systems take the two for one file: rename one.",
                )
            seen[folded] = name


def _refusal(name: str) -> tuple[str, str] | None:
    """Why a name cannot be the name of a file in the draft, and what to write instead."""
    if not name.strip():
        return "The name of the file is empty.", ""
    if _ADDRESS.match(name):
        return f"`{name}` is an address, not a file.", "Put the file into the draft's folder and write its name."
    if name.startswith(("/", "\\", "~")) or _DRIVE.match(name):
        return f"`{name}` is an absolute path.", "Put the file into the draft's folder and write its name."
    if "\\" in name:
        return f"`{name}` has a backslash.", f"Write `{name.replace(chr(92), '/')}`."
    if ".." in PurePosixPath(name).parts:
        return f"`{name}` leaves the draft's folder.", "Put the file into the draft's folder and write its name."
    if "\0" in name:
        return "The name of the file holds a NUL character.", ""
    return None


def _near_file(name: str, names: list[str]) -> str:
    near = nearest(name, names)
    if near is None:
        return ""
    if near.casefold() == name.casefold():
        return f"There is `{near}`: the two differ in capitals."
    return f"Did you mean `{near}`?"


def digest(source: Source, own: str, assets: Iterable[Asset]) -> str:
    """`sha256:` over the draft's own text and its assets, each by name and content."""
    total = hashlib.sha256()
    total.update(f"{source.asset}\0{hashlib.sha256(own.encode()).hexdigest()}\n".encode())
    for asset in sorted(assets, key=lambda asset: asset.name):
        total.update(f"{asset.name}\0{_file_digest(asset.path)}\n".encode())
    return f"sha256:{total.hexdigest()}"


def _file_digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
