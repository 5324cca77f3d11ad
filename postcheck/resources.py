"""Where the data folders are, inside the installed package or beside it in a checkout; and where the cache is."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def data_folder(name: str) -> Path:
    """The folder `name` (checks, models) as a path.

    Raises:
        FileNotFoundError: neither an installed package nor a checkout holds it.
    """
    package = Path(__file__).parent
    for folder in (package / name, package.parent / name):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"postcheck's own folder {name!r} is missing: install postcheck again")


def cache_folder() -> Path:
    """Where the user's own cache of postcheck lies.

    Raises:
        RuntimeError: there is no home folder.
    """
    if sys.platform == "win32":
        home = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
    elif sys.platform == "darwin":
        home = Path.home() / "Library" / "Caches"
    else:
        given = os.environ.get("XDG_CACHE_HOME", "")
        home = given if Path(given).is_absolute() else Path.home() / ".cache"  # by the XDG rules others do not count
    return Path(home) / "postcheck"
