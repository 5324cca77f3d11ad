"""The connection that the settings and the environment describe."""

from __future__ import annotations

import os
from pathlib import Path

from postcheck.config import Config
from postcheck.errors import UsageError
from postcheck.hootsuite.http import Access, needed
from postcheck.hootsuite.store import Store
from postcheck.hootsuite.tokens import Tokens

SECRET = "POSTCHECK_HOOTSUITE_SECRET"
"""The environment variable with the secret of the city's app."""


def connected(config: Config, folder: Path) -> tuple[Tokens, Store]:
    """By the settings; `folder` is the one in which `.postcheck` lies.

    Raises:
        UsageError: the settings or the secret are missing, or the packages.
    """
    needed()
    if not config.hootsuite.client_id:
        raise UsageError("`client_id` is missing under [hootsuite] in the settings: Hootsuite gives it to your app.")
    secret = os.environ.get(SECRET, "")
    if not secret:
        raise UsageError(f"The environment variable {SECRET} is missing: Hootsuite gives the secret to your app.")
    store = Store(folder)
    return Tokens(store, Access(config.hootsuite.api, config.hootsuite.client_id, secret)), store
