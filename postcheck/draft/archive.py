"""A zip with drafts in it, unpacked into a temporary folder and nowhere else."""

from __future__ import annotations

import os
import re
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from postcheck.config import Config
from postcheck.draft.files import folded, is_draft_file
from postcheck.errors import DraftError, Problem

_CHUNK = 1 << 20
_SYMLINK = 0o120000
_TYPE_MASK = 0o170000
_MOST_FOLDERS = 50


def holds_draft(path: Path) -> bool:
    """Is there a draft file anywhere in the zip? A broken zip might hold one: reading it will say that it is broken."""
    if not os.path.isfile(path):  # a pipe would wait forever
        return False
    try:
        with _open(path) as archive:
            return any(is_draft_file(PurePosixPath(_normal(name)).name) for name in archive.namelist())
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError):
        return True


def unpack(path: Path, shown: str, folder: Path, config: Config) -> None:
    """Unpack `path` into the empty `folder`.

    Raises:
        DraftError: not a zip, encrypted, broken, larger than the limit when unpacked, or an entry that leaves the
            folder, is a link, or collides with another. Sizes are counted while unpacking: a header can lie.
    """
    left = config.zip_unpacked_mb * 1_000_000
    if not os.path.isfile(path):
        raise _refuse(shown, "This is not a file.")
    name = ""
    try:
        with _open(path) as archive:
            entries = [entry for entry in archive.infolist() if not _is_litter(entry.filename)]
            if len(entries) > config.zip_files:
                raise _refuse(shown, f"The zip holds {len(entries):,} files; at most {config.zip_files:,} are read.")
            _refuse_names(entries, shown)
            for entry in entries:
                name = _normal(entry.filename)
                target = folder / name
                if entry.filename.endswith(("/", "\\")):
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
    except (zlib.error, EOFError, ValueError):
        raise _refuse(shown, f"The zip is broken: `{name}` in it cannot be unpacked.") from None
    except OSError as error:  # of which the text names the temporary folder
        raise _refuse(shown, f"`{name}` in the zip cannot be unpacked: {error.strerror}.") from None


def _open(path: Path) -> zipfile.ZipFile:
    """Names are in UTF-8 also where the zip forgets to say so, as on a Mac, unless they cannot be."""
    try:
        return zipfile.ZipFile(path, metadata_encoding="utf-8")
    except UnicodeDecodeError:
        return zipfile.ZipFile(path)


def _refuse_names(entries: list[zipfile.ZipInfo], shown: str) -> None:
    seen: dict[str, str] = {}
    for entry in entries:
        name = _normal(entry.filename)
        parts = PurePosixPath(name).parts
        if name.startswith("/") or re.match(r"[A-Za-z]:", name) or ".." in parts:
            raise _refuse(shown, f"The entry `{name}` leaves the zip's own folder.")
        if len(parts) > _MOST_FOLDERS:
            raise _refuse(shown, f"An entry lies more than {_MOST_FOLDERS} folders deep.")
        if (entry.external_attr >> 16) & _TYPE_MASK == _SYMLINK:
            raise _refuse(shown, f"The entry `{name}` is a link.", "Put the file itself into the zip.")
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            # Python unpacks the other methods without a bound on memory.
            message = f"The entry `{name}` is packed in an unusual way."
            raise _refuse(shown, message, "Make the zip with the system's own program.")
        form = folded(name)
        if form in seen and not (entry.is_dir() and seen[form] == name):
            other = seen[form]
            what = "is there twice" if other == name else f"and `{other}` differ only in capitals or in Unicode form"
            raise _refuse(shown, f"The entry `{name}` {what}.", "Rename one.")
        seen[form] = name


def _normal(name: str) -> str:
    """With forward slashes, against which some Windows programs write, and without `.` and doubled slashes."""
    name = name.replace("\\", "/")
    return ("/" if name.startswith("/") else "") + "/".join(part for part in name.split("/") if part not in ("", "."))


def _is_litter(name: str) -> bool:
    return name.startswith("__MACOSX/") or PurePosixPath(_normal(name)).name in (".DS_Store", "Thumbs.db")


def _refuse(shown: str, message: str, advice: str = "") -> DraftError:
    return DraftError(Problem(message, shown, advice=advice))
