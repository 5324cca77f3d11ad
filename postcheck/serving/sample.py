"""A city that does not exist, to try the page with: three drafts, and an account for each role."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from postcheck.errors import UsageError
from postcheck.serving.accounts import Accounts, Role
from postcheck.serving.passwords import passphrase

PEOPLE: Mapping[str, Role] = {
    "casey": Role.CREATOR,
    "robin": Role.REVIEWER,
    "parker": Role.PUBLISHER,
    "riley": Role.RECORDS,
    "alex": Role.ADMIN,
}
_FILES = Path(__file__).parent / "sample"


def begin_sample(folder: Path) -> None:
    """Write the sample into `folder`; where it is there already it stays as it is.

    Raises:
        UsageError: something else is there, or it cannot be written.
    """
    if (folder / "postcheck.toml").is_file() and (folder / "posts").is_dir():
        return
    try:
        if folder.exists() and any(folder.iterdir()):
            raise UsageError(f"{folder}: holds something else. Name a folder that is not there yet.")
        shutil.copytree(_FILES, folder, dirs_exist_ok=True)
    except OSError as error:
        raise UsageError(f"{error.filename or folder}: the sample cannot be written: {error.strerror}.") from None


def new_passwords(accounts: Accounts) -> Mapping[str, str]:
    """A new one for everybody of the sample, at every start: none is known beforehand."""
    made = {}
    there = {person.name for person in accounts.list()}
    for name, role in PEOPLE.items():
        made[name] = passphrase()
        if name in there:
            accounts.set_password(name, made[name])
        else:
            accounts.add(name, {role}, made[name])
    return made
