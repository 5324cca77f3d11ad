"""The files of a draft: which lie there, and whether a name in the draft may be followed."""

from __future__ import annotations

import hashlib
import os
import re
import stat
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path, PurePosixPath

from postcheck.analysis.measured import content_digest
from postcheck.display import printable_path
from postcheck.errors import DraftError, Problem, near_miss
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

MAX_DRAFT_BYTES = 1_000_000
"""The longest caption of any platform has 63,206 characters."""
_NOT_THERE = "is not there"
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
_DRIVE = re.compile(r"[A-Za-z]:")


def draft_files(folder: Path) -> list[str]:
    """The names of the draft files in the folder, in whatever capitals. One that is no file, or cannot be read, counts
    all the same: reading it will say so."""
    try:
        names = [entry.name for entry in os.scandir(folder)]
    except OSError:
        return []
    return [name for name in sorted(names) if is_draft_file(name)]


def is_draft_file(name: str) -> bool:
    return name.lower() in DRAFT_FILES


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
def _names_in(folder: Path) -> dict[str, list[str]]:
    """The names in the folder by their folded NFC form: a Mac may write é as two code points, and takes A for a.

    Raises:
        OSError: the folder cannot be listed.
    """
    return _by_form(path.name for path in folder.iterdir())


def _by_form(names: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in names:
        found.setdefault(folded(name), []).append(name)
    return found


def folded(name: str) -> str:
    """What two names share that some system takes for one."""
    return unicodedata.normalize("NFC", name).casefold()


def forget_listings() -> None:
    """Folders are listed once in a run; a new run looks again."""
    _names_in.cache_clear()


def is_inside(path: Path, folder: Path) -> bool:
    """Does `path`, its links followed, lie in `folder`, which is resolved already?"""
    try:
        return path.resolve().is_relative_to(folder)
    except (OSError, RuntimeError, ValueError):  # a link that leads round in a circle; what is no name at all
        return False


class Folder:
    """The folder that a draft's file names start from. Nothing outside it is ever opened or listed."""

    def __init__(self, path: Path, reader: Reader) -> None:
        self.path = path
        self.reader = reader
        self.real = path.resolve()
        self.refused: set[Path] = set()
        """Files that were asked for and have a problem, so that each is told once."""

    def asset(self, text: Text | None, suffixes: Sequence[str] = (), what: str = "") -> Asset | None:
        """The file that `text` names, or None with a problem in the reader.

        `suffixes` are the endings that `what`, such as "a picture", can have; any where there are none.
        """
        if text is None:
            return None
        name = text.value
        refusal = _refusal(name)
        if refusal:
            self.reader.problem(refusal[0], text.start, refusal[1])
            return None
        path = self.path
        for part in PurePosixPath(name).parts:
            found, refusal = self._step(path, part, name)
            if refusal:
                self.refused.add(path / part)
                self.reader.problem(refusal[0], text.start, refusal[1])
                return None
            path = path / found
        wrong_kind = _wrong_kind(name, suffixes, what)
        if wrong_kind:
            self.reader.problem(wrong_kind[0], text.start, wrong_kind[1])
            return None
        return self.checked(Asset(PurePosixPath(name).as_posix(), path), text.start)

    def asset_if_there(self, text: Text) -> Asset | None:
        """The file that `text` names, or None where it is not there: it may be a number in some list of the city. What
        would lead out of the folder, or cannot be told from another file, is a problem all the same."""
        before = len(self.reader.problems)
        asset = self.asset(text)
        if asset is None and all(_NOT_THERE in one.message for one in self.reader.problems[before:]):
            del self.reader.problems[before:]
        return asset

    def _step(self, folder: Path, part: str, name: str) -> tuple[str, tuple[str, str] | None]:
        """How `part` of the file name `name` is written in `folder`; or what keeps it from being found, and advice."""
        if not is_inside(folder, self.real):
            return "", (f"`{name}` leads through a link that leaves the draft's folder.", "")
        try:
            names = _names_in(folder)
        except OSError as error:
            return "", (f"The file `{name}` {_NOT_THERE}: {error.strerror}.", "")
        found = names.get(folded(part), [])
        same = next((one for one in found if _same(one, part)), None)
        if same is None:
            return "", (f"The file `{name}` {_NOT_THERE}.", _near_file(part, found, names))
        return same, _collision(found) if len(found) > 1 else None

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
        if not is_inside(asset.path, self.real):
            return "is a link that leaves the draft's folder."
        try:
            mode = asset.path.stat().st_mode
        except OSError as error:
            return f"cannot be read: {error.strerror}."
        return "" if stat.S_ISREG(mode) else "is not a file."

    def listing(self) -> list[str]:
        """Every file below the folder, hidden ones left out. What cannot be looked into, names that collide, and
        drafts inside are problems."""
        found: list[str] = []
        for folder, folders, files in os.walk(self.path, onerror=self._unreadable):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            here, inside = Path(folder), Path(folder).relative_to(self.path)
            kept = sorted(name for name in files if not name.startswith("."))
            for name in folders:
                if not is_inside(here / name, self.real):
                    message = f"The folder `{(inside / name).as_posix()}` is a link that leaves the draft's folder."
                    self.reader.problem(message, 0, "Put the files themselves into the draft.")
            for name in kept:
                if not _is_unicode(name):
                    shown = printable_path((inside / name).as_posix())
                    self.reader.problem(f"The name of `{shown}` is not in UTF-8.", 0, "Rename the file.")
                else:
                    found.append((inside / name).as_posix())
            self._refuse_collisions([(inside / name).as_posix() for name in (*kept, *folders)])
            if inside.parts:
                for name in filter(is_draft_file, kept):
                    self.reader.problem(
                        f"`{(inside / name).as_posix()}` is a draft inside this draft.", 0, "Move one of the two."
                    )
        return found

    def _unreadable(self, error: OSError) -> None:
        self.reader.problem(f"The folder `{Path(error.filename).name}` cannot be read: {error.strerror}.", 0)

    def _refuse_collisions(self, names: Sequence[str]) -> None:
        for found in _by_form(names).values():
            if len(found) > 1:
                self.refused.update(self.path / name for name in found)
                message, advice = _collision(found)
                self.reader.problem(message, 0, advice)


def _collision(names: Sequence[str]) -> tuple[str, str]:
    listed = " and ".join(f"`{name}`" for name in sorted(names))
    return (
        f"{listed} differ only in capitals or in Unicode form.",
        "Many systems take the two for one file: rename one.",
    )


def _same(one: str, other: str) -> bool:
    return unicodedata.normalize("NFC", one) == unicodedata.normalize("NFC", other)


def _is_unicode(name: str) -> bool:
    return not any("\ud800" <= char <= "\udfff" for char in name)


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


def _wrong_kind(name: str, suffixes: Sequence[str], what: str) -> tuple[str, str] | None:
    suffix = PurePosixPath(name).suffix.lower()
    if not suffixes or suffix in suffixes:
        return None
    homes = ((IMAGE_SUFFIXES, "List it under `images`."), (VIDEO_SUFFIXES, "List it under `videos`."))
    advice = next((home for known, home in homes if suffix in known), f"Known endings: {' '.join(suffixes)}.")
    return f"`{name}` is not {what} by its ending.", advice


_MOST_NAMES = 200
"""In a folder with more, the search for the name that was meant would take long."""


def _near_file(part: str, in_other_form: Sequence[str], names: Mapping[str, Sequence[str]]) -> str:
    if in_other_form:
        return f"There is `{in_other_form[0]}`: the two differ in capitals."
    if len(names) > _MOST_NAMES:
        return ""
    return near_miss(part, [one for found in names.values() for one in found])


def digest(source: Source, own: str, assets: Iterable[Asset]) -> str:
    """`sha256:` over the draft's own text and its assets, each by name and content.

    Raises:
        OSError: an asset cannot be read.
    """
    total = hashlib.sha256()
    total.update(f"{source.asset}\0{hashlib.sha256(own.encode()).hexdigest()}\n".encode())
    for asset in sorted(assets, key=lambda asset: asset.name):
        total.update(f"{asset.name}\0{content_digest(asset.path)}\n".encode())
    return f"sha256:{total.hexdigest()}"
