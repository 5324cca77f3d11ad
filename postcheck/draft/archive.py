"""A zip with drafts in it, unpacked into a temporary folder and nowhere else."""

from __future__ import annotations

import re
import unicodedata
import zipfile
from pathlib import Path, PurePosixPath

from postcheck.config import Config
from postcheck.draft.files import DRAFT_FILES
from postcheck.errors import DraftError, Problem

_CHUNK = 1 << 20
_SYMLINK = 0o120000
_TYPE_MASK = 0o170000


def holds_draft(path: Path) -> bool:
    """Is there a draft file anywhere in the zip?"""
    try:
        with zipfile.ZipFile(path) as archive:
            return any(PurePosixPath(_slashes(name)).name in DRAFT_FILES for name in archive.namelist())
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError):
        return False


def unpack(path: Path, shown: str, folder: Path, config: Config) -> None:
    """Unpack `path` into the empty `folder`.

    Raises:
        DraftError: not a zip, encrypted, broken, larger than the limit when unpacked, or an entry that leaves the
            folder, is a link, or collides with another. Sizes are counted while unpacking: a header can lie.
    """
    left = config.zip_unpacked_mb * 1_000_000
    try:
        with zipfile.ZipFile(path) as archive:
            entries = [entry for entry in archive.infolist() if not _is_litter(entry.filename)]
            if len(entries) > config.zip_files:
                raise _refuse(shown, f"The zip holds {len(entries):,} files; at most {config.zip_files:,} are read.")
            _refuse_names(entries, shown)
            for entry in entries:
                name = _slashes(entry.filename)
                target = folder / name
                if name.endswith("/"):
                    target.mkdir(parents=True, exist_ok=True)
                    continue
                target.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(entry) as packed, target.open("wb") as file:
                    while chunk := packed.read(_CHUNK):
                        left -= len(chunk)
                        if left < 0:
                            raise _refuse(
                                shown,
                                f"The zip unpacks to more than {config.zip_unpacked_mb:,} MB.",
                                "Raise zip_unpacked_mb under [limits] in postcheck.toml if that is right.",
                            )
                        file.write(chunk)
    except zipfile.BadZipFile as error:
        raise _refuse(shown, f"The zip is broken: {error}.") from None
    except (RuntimeError, NotImplementedError) as error:  # encrypted, or a method that zipfile lacks
        raise _refuse(shown, f"The zip cannot be unpacked: {error}.") from None
    except (OSError, EOFError, ValueError) as error:
        raise _refuse(shown, f"The zip cannot be read: {error}.") from None


def _refuse_names(entries: list[zipfile.ZipInfo], shown: str) -> None:
    seen: dict[str, str] = {}
    for entry in entries:
        name = _slashes(entry.filename)
        if name.startswith("/") or re.match(r"[A-Za-z]:", name) or ".." in PurePosixPath(name).parts:
            raise _refuse(shown, f"The entry `{name}` leaves the zip's own folder.")
        if (entry.external_attr >> 16) & _TYPE_MASK == _SYMLINK:
            raise _refuse(shown, f"The entry `{name}` is a link.", "Put the file itself into the zip.")
        folded = unicodedata.normalize("NFC", name).casefold()
        if folded in seen and not (name.endswith("/") and seen[folded] == name):
            other = seen[folded]
            what = "is there twice" if other == name else f"and `{other}` differ only in capitals or in Unicode form"
            raise _refuse(shown, f"The entry `{name}` {what}.", "Rename one.")
        seen[folded] = name


def _slashes(name: str) -> str:
    """Some Windows programs write backslashes, against the specification."""
    return name.replace("\\", "/")


def _is_litter(name: str) -> bool:
    return name.startswith("__MACOSX/") or PurePosixPath(_slashes(name)).name in (".DS_Store", "Thumbs.db")


def _refuse(shown: str, message: str, advice: str = "") -> DraftError:
    return DraftError(Problem(message, shown, advice=advice))
