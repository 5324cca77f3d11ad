"""Puts the parts together, and runs them."""

from __future__ import annotations

import signal
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from postcheck.api import settle
from postcheck.config import Config, load_config
from postcheck.errors import UsageError
from postcheck.messages import say
from postcheck.review.approving import Approving
from postcheck.review.records import Records
from postcheck.serving.accounts import Accounts
from postcheck.serving.app import application
from postcheck.serving.checking import Checker, Rules
from postcheck.serving.desk import Desk
from postcheck.serving.exchange import Exchange
from postcheck.serving.identity import Identities
from postcheck.serving.shelf import Shelf

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


@dataclass(frozen=True, slots=True)
class Place:
    """Where the server listens, and by what names browsers call it."""

    host: str = "127.0.0.1"
    port: int = 8765
    socket: Path | None = None
    """A Unix socket in place of host and port."""
    names: Sequence[str] = ()
    is_https: bool = False
    """Browsers reach it by https: by the certificate, or a proxy's."""
    certificate: Path | None = None
    key: Path | None = None

    @property
    def is_local(self) -> bool:
        return self.socket is not None or self.host in ("127.0.0.1", "localhost", "::1")

    @property
    def address(self) -> str:
        if self.socket:
            return str(self.socket)
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.certificate else 'http'}://{host}:{self.port}/"


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
    base = config_path.absolute().parent.resolve() if config_path else drafts.resolve()
    root = drafts.resolve()
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


def run(desk: Desk, place: Place) -> None:
    """Until somebody ends it.

    Raises:
        UsageError: it cannot listen there.
    """
    import uvicorn

    if not place.is_local and not place.is_https:
        raise UsageError(
            f"{place.host} can be reached by others, and passwords would travel in the clear: "
            "give --certificate and --key, or --https where a proxy has them."
        )
    hosts = [*place.names, *(f"{name}:{place.port}" for name in LOOPBACK if place.is_local)]
    if not place.names and not place.is_local:
        raise UsageError("Say by what name browsers call it: --name social.example.gov.")
    settings = uvicorn.Config(
        application(desk, hosts=hosts, secure=place.is_https),
        host=place.host,
        port=place.port,
        uds=str(place.socket) if place.socket else None,
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
    try:
        uvicorn.Server(settings).run()
    except SystemExit as end:
        if not end.code:
            return
        desk.checker.close()
        raise UsageError(say("It cannot listen at {address}: is it running already?", address=place.address)) from None


def _leave(*_: object) -> None:
    raise SystemExit(0)
