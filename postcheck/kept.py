"""The catalog as it was read last time, kept as JSON in the cache folder of the user: reading hundreds of YAML files
takes longer than everything else that a start does.

It is used only while every file of checks/, and of the code that reads them, has the size and time it had then. Where
the folder cannot be written the checks are read anew each time.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from postcheck.model import Check, Citation, Limit, Message, Platform, Severity
from postcheck.resources import cache_folder
from postcheck.version import __version__

_CODE = ("analysis/needed.py", "catalog.py", "kept.py", "model.py", "reader.py", "source.py", "tree.py")


def state_of(folder: Path) -> str:
    """Changes when a file of `folder`, or the code that reads it, changes."""
    state = hashlib.sha256(f"{__version__} {sys.version_info[:2]} {folder}".encode())
    code = os.path.dirname(__file__)
    files = [os.path.join(code, name) for name in _CODE]
    for here, _, names in os.walk(folder):
        files += [os.path.join(here, name) for name in names if name.endswith(".yaml")]
    for name in sorted(files):
        status = os.stat(name)
        state.update(f"{name}\0{status.st_size}\0{status.st_mtime_ns}\0".encode())
    return state.hexdigest()


def load(state: str) -> dict[str, Any] | None:
    """The arguments of `Catalog` as they were kept in this state; None where they were not."""
    try:
        path = _file()
        if not os.path.isfile(path):  # a pipe would wait forever
            return None
        seal, _, content = path.read_bytes().partition(b"\n")
        if seal != _seal(state, content):
            return None
        data = json.loads(content)
        platforms = {name: _platform(value) for name, value in data["platforms"].items()}
        return {
            "checks": {value["id"]: _check(value) for value in data["checks"]},
            "platforms": {name: platforms[platform_id] for name, platform_id in data["names"].items()},
            "parts": {name: tuple(words) for name, words in data["parts"].items()},
            "digest": data["digest"],
        }
    except Exception:  # absent, cut off, of another make, no home folder: the checks are read anew
        return None


def save(state: str, catalog: Any) -> None:
    """Keep the catalog; without a word where that is not possible."""
    import tempfile

    data = {
        "checks": [asdict(check) for check in catalog.checks.values()],
        "platforms": {platform.id: asdict(platform) for platform in catalog.platforms.values()},
        "names": {name: platform.id for name, platform in catalog.platforms.items()},
        "parts": catalog.parts,
        "digest": catalog.digest,
    }
    content = json.dumps(data).encode()
    with suppress(OSError, RuntimeError):  # RuntimeError: no home folder
        path = _file()
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent)
        try:
            with open(handle, "wb") as file:
                file.write(_seal(state, content) + b"\n" + content)
            Path(name).replace(path)  # in one step: another run may be reading it
        except OSError:
            Path(name).unlink(missing_ok=True)


def _seal(state: str, content: bytes) -> bytes:
    """What is kept is believed only whole, and for the state it was kept in."""
    return hashlib.sha256(state.encode() + content).hexdigest().encode()


def _file() -> Path:
    return cache_folder() / "catalog.json"


def _check(value: dict[str, Any]) -> Check:
    value["severity"] = Severity(value["severity"])
    value["messages"] = {name: _message(message) for name, message in value["messages"].items()}
    value["citations"] = tuple(Citation(**citation) for citation in value["citations"])
    value["yields_to"] = tuple(value["yields_to"])
    value["examples"] = ()
    return Check(**value)


def _message(value: dict[str, Any]) -> Message:
    return Message(value["text"], value["advice"], Severity(value["at_most"]) if value["at_most"] else None)


def _platform(value: dict[str, Any]) -> Platform:
    limits = tuple(Limit(**{**limit, "formats": tuple(limit["formats"])}) for limit in value["limits"])
    return Platform(value["id"], value["title"], tuple(value["aliases"]), limits)
