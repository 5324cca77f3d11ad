"""What was measured in a file, kept on disk by the file's content: what is unchanged is not measured twice.

Kept in an SQLite file in the cache folder of the user, hidden by a key that only the file's own content gives: pictures
hold names, in their metadata and in their words, and nobody shall learn them from a cache. What is kept belongs to the
content, what was measured, and the code that measures; whatever is wrong with the cache, the file is measured anew.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

from postcheck.resources import cache_folder
from postcheck.version import __version__

_MOST = 20_000
"""Measurements. The oldest go when there are more."""
_WAIT = 2.0
"""Seconds that another run may hold the file."""

_keeping = True
_in_this_run: dict[tuple[str, int, int, str], Any] = {}


def keep(wanted: bool) -> None:
    """False: measure everything anew, and keep nothing (`--no-cache`)."""
    global _keeping
    _keeping = wanted
    _in_this_run.clear()


def measured(path: Path, what: str, measure: Callable[[], Any]) -> Any:
    """What `measure` gives for the file, or gave when a file of the same content was measured: plain JSON data.

    Raises:
        OSError: the file cannot be opened. And whatever `measure` raises; that is never kept.
    """
    if not _keeping:  # on disk; what was measured in this run holds for the rest of it
        status = path.stat()
        place = (str(path), status.st_size, status.st_mtime_ns, what)
        if place not in _in_this_run:
            _in_this_run[place] = measure()
        return _in_this_run[place]
    name = f"{content_digest(path)} {what} {_code()}".encode()
    key = hashlib.sha256(name).hexdigest()
    known = _load(key, name)
    if known is not None:
        return known
    found = measure()
    _save(key, name, found)
    return found


def content_digest(path: Path) -> str:
    """SHA-256 of the file, in hexadecimal; read once in a run.

    Raises:
        OSError: it cannot be read.
    """
    status = path.stat()
    return _digest_of(path, status.st_size, status.st_mtime_ns)


@lru_cache(maxsize=1024)
def _digest_of(path: Path, _size: int, _modified: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@lru_cache(maxsize=1)
def _code() -> str:
    """Changes when the code that measures does, or a library that it measures with."""
    from importlib.metadata import PackageNotFoundError, version

    parts = [__version__, str(sys.version_info[:2])]
    for entry in sorted(Path(__file__).parent.rglob("*.py")):
        status = entry.stat()
        parts.append(f"{entry.name} {status.st_size} {status.st_mtime_ns}")
    for name in _LIBRARIES:
        with suppress(PackageNotFoundError):
            parts.append(f"{name} {version(name)}")
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


_LIBRARIES = ("av", "numpy", "onnxruntime", "opencv-python-headless", "pillow", "rapidocr")


def _load(key: str, name: bytes) -> Any:
    with suppress(Exception), _opened() as file:
        row = file.execute("SELECT value FROM hidden WHERE key = ?", (key,)).fetchone()
        return json.loads(_hidden(row[0], name)) if row else None
    return None


def _hidden(value: bytes, name: bytes) -> bytes:
    """The value under a stream that `name`, and so only the content of the file, gives; or the other way round."""
    stream = hashlib.shake_256(b"postcheck measured " + name).digest(len(value))
    return (int.from_bytes(value, "big") ^ int.from_bytes(stream, "big")).to_bytes(len(value), "big")


def _save(key: str, name: bytes, value: Any) -> None:
    import sqlite3

    hidden = _hidden(json.dumps(value).encode(), name)
    try:
        with _opened() as file:
            file.execute("INSERT OR REPLACE INTO hidden (key, value) VALUES (?, ?)", (key, hidden))
            file.execute("DELETE FROM hidden WHERE rowid <= (SELECT max(rowid) FROM hidden) - ?", (_MOST,))
            file.commit()
    except sqlite3.OperationalError:
        pass  # another run holds it, or the disk is full
    except sqlite3.DatabaseError:
        with suppress(OSError, RuntimeError):  # it is none, or broken: the next run makes a new one
            _file().unlink()
    except Exception:  # no home folder, no right to write
        pass


@contextmanager
def _opened() -> Iterator[Any]:
    import sqlite3

    path = _file()
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path, timeout=_WAIT)) as file:
        file.execute("DROP TABLE IF EXISTS measured")  # of versions that hid nothing
        file.execute("CREATE TABLE IF NOT EXISTS hidden (key TEXT PRIMARY KEY, value BLOB NOT NULL)")
        yield file


def _file() -> Path:
    return cache_folder() / "measured.sqlite"
