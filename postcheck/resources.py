"""Where the data folders are: inside the installed package, or beside it in a checkout."""

from __future__ import annotations

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
