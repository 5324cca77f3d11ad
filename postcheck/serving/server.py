"""Puts the parts together, and runs them."""

from __future__ import annotations

import signal
import socket
from contextlib import suppress
from pathlib import Path

from postcheck.api import settle
from postcheck.config import Config, load_config
from postcheck.errors import UsageError
from postcheck.review.approving import Approving
from postcheck.review.records import Records
from postcheck.serving.accounts import Accounts
from postcheck.serving.app import application
from postcheck.serving.checking import Checker, Rules
from postcheck.serving.desk import Desk
from postcheck.serving.exchange import Exchange
from postcheck.serving.identity import Identities
from postcheck.serving.place import Place
from postcheck.serving.shelf import Shelf


def desk_for(
    drafts: Path, config_path: Path | None, policy: str | None, accounts: Accounts | None, *, proxy: bool, secure: bool,
    upload_mb: int, hootsuite_minutes: int = 0,
) -> Desk:  # fmt: skip
    """
    Raises:
        PostcheckError: the settings are wrong, or the drafts lie outside the folder of the settings.
    """
    config: Config = load_config(config_path)
    config, plan = settle(config, policy=policy)
    root, here = drafts.resolve(), Path.cwd()
    base = here if root.is_relative_to(here) else root  # as `postcheck accounts` and `postcheck records` look for it
    if config_path:
        base = config_path.absolute().parent.resolve()
    if not root.is_relative_to(base):
        raise UsageError(f"{drafts}: lies outside of {base}, the folder of the settings, whose record names drafts.")
    records = Records(base)
    accounts = accounts or Accounts(base)
    checker = Checker(Rules(config_path.absolute() if config_path else None, policy, root))
    approving = Approving(records, config)
    exchange = None
    if hootsuite_minutes:
        exchange = Exchange(base, root, config, approving, checker, accounts, every=hootsuite_minutes * 60.0)
    return Desk(
        base=base,
        config=config,
        records=records,
        shelf=Shelf(root, base, config),
        checker=checker,
        approving=approving,
        accounts=accounts,
        identities=Identities(accounts, proxy=proxy, secure=secure),
        upload_bytes=upload_mb * 1_000_000,
        platforms=tuple(plan.facts.get("platforms", ())),
        exchange=exchange,
    )


def run(desk: Desk, place: Place, listening: socket.socket) -> None:
    """Until somebody ends it. `listening`: as `place.listen` gives it."""
    import uvicorn

    settings = uvicorn.Config(
        application(desk, hosts=place.hosts(listening), secure=place.is_https),
        ssl_certfile=place.certificate,
        ssl_keyfile=place.key,
        proxy_headers=False,  # the peer's own address decides whose headers are believed
        server_header=False,
        access_log=False,
        log_level="warning",
        ws="none",
        timeout_keep_alive=15,
        timeout_graceful_shutdown=5,
    )
    for number in (signal.SIGINT, signal.SIGTERM):  # uvicorn ends its work, and then hands the signal on to these
        signal.signal(number, _leave)
    if desk.exchange:
        desk.exchange.start()
    with suppress(SystemExit):
        uvicorn.Server(settings).run(sockets=[listening])


def _leave(*_: object) -> None:
    raise SystemExit(0)
