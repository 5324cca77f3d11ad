"""The drafts that a list of paths stands for: folders of drafts, drafts, files inside drafts, calendars, zips."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from postcheck.config import Config
from postcheck.display import printable_path
from postcheck.draft.account import is_account_file
from postcheck.draft.files import DRAFT_FILES, draft_files, is_draft_file
from postcheck.errors import UsageError

_ROOT_MARKS = (".git", "postcheck.toml", "pyproject.toml")
"""A draft that owns a file is not looked for above a folder that holds one of these."""


@dataclass(frozen=True, slots=True)
class Found:
    """Something that holds drafts. `shown` is its name in the report."""

    kind: Literal["folder", "calendar", "zip", "account"]
    path: Path
    shown: str


def find_drafts(paths: Sequence[Path], config: Config, *, changed: bool = False) -> tuple[list[Found], list[str]]:
    """What is to be read, each once, in the order of `paths`; and a line on each path that was passed over.

    `changed` says that the paths are files some commit changed: those that belong to no draft are passed over.

    Raises:
        UsageError: a path is not there, or stands for no draft.
    """
    found: dict[Path, Found] = {}
    passed_over: list[str] = []
    for path in paths:
        if not os.path.lexists(path):
            raise UsageError(f"{path}: there is no such file or folder.")
        is_folder = os.path.isdir(path)
        here = list(drafts_below(path, config, passed_over) if is_folder else _named(path, config, changed=changed))
        if not here:
            owner = _owner(path.absolute())
            here = [Found("folder", owner, _shown(owner))] if owner else []
        if not here and not changed:
            what = "no draft is in it" if is_folder else "this is no draft, and belongs to none"
            seen = "".join(f"\n  {line}" for line in passed_over)
            raise UsageError(
                f"{path}: {what}.{seen}\nA draft is a folder with {', '.join(DRAFT_FILES)}, a zip of one, or a "
                "calendar: a CSV file with a column of captions. `postcheck init FOLDER` begins one. "
                "An account is described in account.yaml."
            )
        if not here:
            passed_over.append(f"{path}: belongs to no draft; not checked")
        for item in here:
            found.setdefault(item.path.resolve(), item)
    return list(found.values()), passed_over


def is_draft(folder: Path) -> bool:
    """Does the folder hold a draft file? An index.md without front matter is some other page."""
    return any(name.lower() != "index.md" or _has_front_matter(folder / name) for name in draft_files(folder))


def _has_front_matter(path: Path) -> bool:
    if not os.path.isfile(path):
        return True
    try:
        with path.open("rb") as file:
            return file.read(6).removeprefix(b"\xef\xbb\xbf").startswith((b"---", b"+++", b"\xff\xfe", b"\xfe\xff"))
    except OSError:
        return True


def drafts_below(folder: Path, config: Config, passed_over: list[str]) -> Iterator[Found]:
    """Every draft in a folder and below; a draft's own folders belong to it.

    Raises:
        UsageError: a folder cannot be looked into: there might be drafts in it.
    """
    try:
        yield from _walk(folder, config, passed_over)
    except OSError as error:
        raise UsageError(f"{error.filename}: cannot be read: {error.strerror}.") from None
    except RecursionError:
        raise UsageError(f"{folder}: its folders lie too deep.") from None


def _walk(folder: Path, config: Config, passed_over: list[str]) -> Iterator[Found]:
    for here, folders, files in os.walk(folder, onerror=_raise):
        path = Path(here)
        if is_draft(path):
            folders.clear()
            yield Found("folder", path, _shown(path))
            continue
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name != "node_modules")
        links = [path / name for name in folders if (path / name).is_symlink()]
        passed_over += [f"{link.as_posix()}: a link to a folder; not followed" for link in links]
        for name in sorted(files):
            if name.lower().startswith("post."):
                names = ", ".join(DRAFT_FILES)
                passed_over.append(f"{(path / name).as_posix()}: not the name of a draft file ({names}); not checked")
            if is_account_file(name):
                yield Found("account", path / name, printable_path((path / name).as_posix()))
            if name.startswith(".") or not name.lower().endswith((".csv", ".zip")):
                continue
            held = list(_held(path / name, config))
            if not held:
                passed_over.append(f"{(path / name).as_posix()}: {_not_held(name)}; not checked")
            yield from held


def _raise(error: OSError) -> None:
    raise error


def _not_held(name: str) -> str:
    if name.lower().endswith(".zip"):
        return "no draft is in this zip"
    return "no calendar: its header has no column `caption`, nor one that [calendar] of postcheck.toml names"


def _held(path: Path, config: Config) -> Iterable[Found]:
    """A calendar or a zip of drafts that was come upon, not named. What reads them is imported here: most starts need
    neither."""
    if path.suffix.lower() == ".csv":
        from postcheck.draft.calendar import looks_like_calendar

        if looks_like_calendar(path, config):
            yield Found("calendar", path, printable_path(path.as_posix()))
    elif path.suffix.lower() == ".zip":
        from postcheck.draft.archive import holds_draft

        if holds_draft(path):
            yield Found("zip", path, printable_path(path.as_posix()))


def _named(path: Path, config: Config, *, changed: bool) -> Iterable[Found]:
    """What a file given by name stands for, where it is not simply a file inside a draft."""
    if is_draft_file(path.name) and (is_draft(path.parent) or not changed):
        yield Found("folder", path.parent, _shown(path.parent))
    elif _owner(path.absolute()) is not None:
        return
    elif is_account_file(path.name):
        yield Found("account", path, printable_path(path.as_posix()))
    elif path.suffix.lower() == ".csv" and not changed:
        yield Found("calendar", path, printable_path(path.as_posix()))  # reading it says what is missing
    elif path.suffix.lower() == ".zip" and not changed:
        yield Found("zip", path, printable_path(path.as_posix()))
    else:
        yield from _held(path, config)


def _owner(path: Path) -> Path | None:
    """The draft's folder that holds `path`, relative to here where it can be."""
    for folder in (path, *path.parents) if os.path.isdir(path) else path.parents:
        if is_draft(folder):
            return folder
        if any(os.path.lexists(folder / mark) for mark in _ROOT_MARKS):
            return None
    return None


def _shown(folder: Path) -> str:
    """The folder as a person here would write it: never `.`, which says nothing in a report."""
    if folder.is_absolute() and folder.is_relative_to(Path.cwd()):
        folder = folder.relative_to(Path.cwd())
    return printable_path(folder.as_posix() if folder.name not in ("", "..") else folder.absolute().resolve().name)
