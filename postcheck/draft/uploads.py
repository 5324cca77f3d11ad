"""Files that a page puts into a draft's folder and takes out of it."""

from __future__ import annotations

import os
import re
import stat
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Literal

from postcheck.disk import alone, new_file, place, sync_folder
from postcheck.draft.files import (
    CAPTIONS_SUFFIXES,
    IMAGE_SUFFIXES,
    RELEASES_FOLDER,
    VIDEO_SUFFIXES,
    folded,
    is_draft_file,
    is_inside,
)
from postcheck.draft.form import Form, FormPerson
from postcheck.draft.sniffing import Sniffed, Unknown, sniffed
from postcheck.draft.written import LEFT_OVER, read_written, save_alone, sha256_of
from postcheck.errors import UsageError
from postcheck.messages import mark, say
from postcheck.names import Names, safe_name

Kind = Literal["picture", "video", "captions", "release"]

_UPLOADING = f"{LEFT_OVER}upload-"
_CHUNK = 1 << 20
_DAY = 24 * 60 * 60
_MEDIA = (*IMAGE_SUFFIXES, *VIDEO_SUFFIXES, *CAPTIONS_SUFFIXES, ".pdf")
_LETTERS = re.compile(r"\.[A-Za-z]{1,5}\Z")
_FITS = {"picture": ("picture",), "video": ("video",), "captions": ("captions",), "release": ("pdf", "picture")}
_RELEASE_PICTURES = ("JPEG", "MPO", "PNG")
_WANTED = {
    "picture": mark("{name} is {found}, not a picture."),
    "video": mark("{name} is {found}, not a video."),
    "captions": mark("{name} is {found}, not a captions file."),
    "release": mark("{name} is {found}; a release form is a PDF, a JPEG or a PNG."),
}


def add_file(folder: Path, name: str, content: BinaryIO, *, limit: int, kind: Kind | None = None) -> str:
    """Put an upload into the draft's folder, a release form into its `releases/`, and give its name in the draft.

    The name is made safe, gets the ending of what the file is by its content, and a number where it is taken. The file
    is there whole or not at all.

    Args:
        name: As the browser sends it.
        limit: Bytes.
        kind: What it was uploaded as; where it is None, a PDF is a release form and all else what it is.

    Raises:
        UsageError: it is too large, damaged, nothing that a draft takes, or not what it was uploaded as, and not kept.
    """
    shown = re.split(r"[/\\]", name)[-1][:200] or name[:200]
    try:
        _forget_old(folder)
        path, file = new_file(folder, _UPLOADING)
        try:
            with file:
                _copy(content, file, shown, limit)
            found = _checked(path, shown, kind)
            is_release = kind == "release" or found.what == "pdf"
            target = _releases(folder) if is_release else folder
            with alone(folder):
                kept = _placed(path, target, _named(shown, found))
            return f"{RELEASES_FOLDER}/{kept}" if is_release else kept
        finally:
            path.unlink(missing_ok=True)
    except OSError as error:
        raise UsageError(say("{name} cannot be kept: {reason}.", name=shown, reason=error.strerror or "")) from None


def _copy(content: BinaryIO, file: BinaryIO, shown: str, limit: int) -> None:
    left = limit
    while chunk := content.read(_CHUNK):
        left -= len(chunk)
        if left < 0:
            most = f"{limit / 1_000_000:,.1f}".removesuffix(".0")
            raise UsageError(say("{name} is larger than {most} MB, and was not kept.", name=shown, most=most))
        file.write(chunk)
    file.flush()
    os.fsync(file.fileno())


def _checked(path: Path, shown: str, kind: Kind | None) -> Sniffed:
    try:
        found = sniffed(path, shown)
    except Unknown as error:
        raise UsageError(str(error)) from None
    is_usual = kind != "release" or found.what == "pdf" or found.title in _RELEASE_PICTURES
    if kind is not None and (found.what not in _FITS[kind] or not is_usual):
        raise UsageError(say(_WANTED[kind], name=shown, found=found.title))
    return found


def _named(shown: str, found: Sniffed) -> str:
    """With an ending of its kind."""
    name = safe_name(shown)
    ending = PurePosixPath(name).suffix
    if ending.lower() in found.endings:
        return name
    if ending.lower() in _MEDIA or _LETTERS.search(name):
        name = name.removesuffix(ending)
    return safe_name(f"{name}{found.endings[0]}")


def _releases(folder: Path) -> Path:
    target = folder / RELEASES_FOLDER
    with suppress(FileExistsError):
        target.mkdir()
    if target.is_symlink() or not is_inside(target, folder.resolve()):
        raise UsageError(say("{name} is a link: put a folder in its place.", name=RELEASES_FOLDER))
    return target


def _placed(path: Path, target: Path, name: str) -> str:
    names = Names()
    taken = {folded(one.name) for one in target.iterdir()}
    while True:
        tried = names.take(name)
        if folded(tried) not in taken and place(path, target / tried):
            return tried


def _forget_old(folder: Path) -> None:
    """What broken uploads of another day have left."""
    for left in folder.glob(f"{_UPLOADING}*"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > _DAY:
                left.unlink()


def remove_file(folder: Path, name: str) -> str:
    """Take a picture, video, captions file or release form out of the draft, and what the form says of it out of the
    draft's file, whose new SHA-256 is given back.

    The draft's file is written first: if all ends between the two, the file is one that the draft does not name, and
    the check says so.

    Raises:
        UsageError: it is no such file of the folder, is a link, or the draft names it where no form can change that.
    """
    try:
        with alone(folder):
            written = read_written(folder)
            named = next((asset.path for asset in written.draft.assets() if asset.name == name), None)
            path = named or folder / name
            _refuse_removal(folder, name, path)
            if any(one.permission and one.permission.name == name != one.asset.name for one in written.draft.media()):
                raise UsageError(
                    say("The draft names {name} as a permission: take that out of it on the disk.", name=name)
                )
            sha256 = save_alone(folder, _without(written.form, name), sha256_of(written.text))
            path.unlink()
            sync_folder(path.parent)
            return sha256
    except OSError as error:
        raise UsageError(say("{name} cannot be removed: {reason}.", name=name, reason=error.strerror or "")) from None


def _refuse_removal(folder: Path, name: str, path: Path) -> None:
    parts = PurePosixPath(name).parts
    is_ours = parts and PurePosixPath(name).suffix.lower() in _MEDIA and not is_draft_file(parts[-1])
    is_elsewhere = ".." in parts or any(part.startswith((".", "/")) for part in parts)
    if not is_ours or is_elsewhere or "\\" in name or "\0" in name:
        raise UsageError(say("{name} is no picture, video, captions file or form of the draft.", name=name))
    real = folder.resolve()
    if not is_inside(path, real) or path.resolve() != real / path.relative_to(folder):
        raise UsageError(say("{name} is a link: take it out on the disk.", name=name))
    if not stat.S_ISREG(path.stat().st_mode):
        raise UsageError(say("{name} is not a file.", name=name))


def _without(form: Form, name: str) -> Form:
    def people(people: tuple[FormPerson, ...] | None) -> tuple[FormPerson, ...] | None:
        if people is None:
            return None
        return tuple(
            replace(person, releases=tuple(one for one in person.releases if one != name)) for person in people
        )

    return replace(
        form,
        images=tuple(replace(one, people=people(one.people)) for one in form.images if one.file != name),
        videos=tuple(
            replace(
                one,
                captions=tuple(captions for captions in one.captions if captions != name),
                people=people(one.people),
            )
            for one in form.videos
            if one.file != name
        ),
    )
