"""The bytes of assets, each kept once in a file that is named after its SHA-256.

They are on the disk for good before an entry speaks of them: written to a temporary file, synced, renamed, and the
folder synced.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

from postcheck.disk import make_folder as make_folder  # records.py takes both from here
from postcheck.disk import sync_folder as sync_folder
from postcheck.errors import UsageError

_CHUNK = 1 << 20


class AssetStore:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, sha256: str) -> Path:
        return self.folder / sha256[:2] / sha256

    def keep(self, source: Path, sha256: str) -> None:
        """Keep the bytes of `source`, which must be those that `sha256` was worked out over.

        Raises:
            UsageError: they have changed since, or cannot be read or written.
        """
        target = self.path(sha256)
        try:
            if self.fault(sha256) == "":
                sync_folder(target.parent)  # another process may have put it there a moment ago
                return
            for folder in (self.folder, target.parent):
                make_folder(folder)
            handle, name = tempfile.mkstemp(dir=target.parent, prefix=".new-")
            try:
                with open(handle, "wb") as file, source.open("rb") as content:
                    total = hashlib.sha256()
                    while chunk := content.read(_CHUNK):
                        total.update(chunk)
                        file.write(chunk)
                    file.flush()
                    os.fsync(file.fileno())
                if total.hexdigest() != sha256:
                    raise UsageError(f"{source} has changed since it was checked, so nothing is recorded: check again.")
                Path(name).replace(target)
                sync_folder(target.parent)
            finally:
                Path(name).unlink(missing_ok=True)
        except OSError as error:
            raise UsageError(f"{error.filename or source}: an asset cannot be kept: {error.strerror}.") from None

    def fault(self, sha256: str) -> str:
        """What is wrong with the bytes that are kept under this name: missing, changed, unreadable; or ""."""
        path = self.path(sha256)
        try:
            with path.open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except FileNotFoundError:
            return f"it is missing: {path}"
        except OSError as error:
            return f"it cannot be read: {path}: {error.strerror}"
        return "" if found == sha256 else f"it has changed: {path} now has the SHA-256 {found}"
