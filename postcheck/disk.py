"""Files that are there whole or not at all, whatever happens while they are written."""

from __future__ import annotations

import os
import secrets
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    import sqlite3

_LOCK = threading.Lock()


def make_folder(folder: Path) -> None:
    """Make it where it is not there, durably.

    Raises:
        OSError: it cannot be made.
    """
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """That a file was made in it outlives a loss of power. Windows knows no such thing and needs none."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # some network file systems refuse it
            os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Nobody else who asks for it works in the folder meanwhile: no thread, and where the system knows `flock`, no
    process. An editor does not ask.

    Raises:
        OSError: the folder cannot be opened.
    """
    try:
        import fcntl
    except ImportError:  # Windows
        with _LOCK:
            yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def new_file(folder: Path, begin: str, ending: str = "") -> tuple[Path, BinaryIO]:
    """An empty file in the folder of a name that nothing else has, open to be written, with the mode of any new file.

    Raises:
        OSError: it cannot be made.
    """
    while True:
        path = folder / f"{begin}{secrets.token_hex(8)}{ending}"
        with suppress(FileExistsError):
            return path, path.open("xb")


def place(path: Path, target: Path) -> bool:
    """Give the file at `path` the name `target` in one step, unless something of that name is there: then False.

    Raises:
        OSError: it cannot be done.
    """
    try:
        os.link(path, target)
    except FileExistsError:
        return False
    except OSError:  # a file system without such links
        try:
            target.open("xb").close()
        except FileExistsError:
            return False
        path.replace(target)
    else:
        path.unlink()
    sync_folder(target.parent)
    return True


def set_up(base: sqlite3.Connection, *, is_made: Callable[[], bool], statements: Iterable[str], wait: float) -> None:
    """Make an SQLite file one that several processes may use at once, and that loses nothing it has confirmed. Where it
    is not made yet, make what `statements` say.

    `wait`: seconds for which another process may be at the same.

    Raises:
        sqlite3.Error: it cannot be done.
    """
    import sqlite3

    base.execute("PRAGMA recursive_triggers = ON")  # without it REPLACE passes by a trigger on DELETE
    base.execute("PRAGMA synchronous = FULL")
    until = time.monotonic() + wait
    while True:
        try:
            if base.execute("PRAGMA journal_mode = WAL").fetchone()[0] == "wal":
                break
            reason = sqlite3.OperationalError("it cannot be written by several processes at once there")
        except sqlite3.OperationalError as error:  # another process is doing it: here SQLite does not wait by itself
            reason = error
        if time.monotonic() > until:
            raise reason
        time.sleep(0.01)
    if is_made():
        return
    base.execute("BEGIN IMMEDIATE")
    try:
        if not is_made():  # another process may have been faster
            for statement in statements:
                base.execute(statement)
        base.execute("COMMIT")
    except BaseException:
        if base.in_transaction:  # after some errors SQLite has done it by itself
            base.execute("ROLLBACK")
        raise
