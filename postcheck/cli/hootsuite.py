"""`postcheck hootsuite`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import click

from postcheck.cli.common import EXIT_FINDINGS, counted

if TYPE_CHECKING:
    from pathlib import Path

    from postcheck.config import Config
    from postcheck.hootsuite.client import Client
    from postcheck.hootsuite.store import Store
    from postcheck.hootsuite.tokens import Tokens
    from postcheck.review.records import Records

SECRET = "POSTCHECK_HOOTSUITE_SECRET"
_REDIRECT = "http://127.0.0.1:8790/"
_MINUTES = 10


@click.group()
def hootsuite() -> None:
    """Approve in Hootsuite what was checked: fetch what waits, send decisions, see what became of it.

    These commands go online, and no others do. `client_id` stands in the settings, the secret in the environment
    variable POSTCHECK_HOOTSUITE_SECRET.
    """


_CONFIG = click.option(
    "--config", metavar="FILE", type=click.Path(exists=True, dir_okay=False), help="The settings file."
)
_DRAFTS = click.option(
    "--drafts", metavar="DIR", type=click.Path(file_okay=False), required=True, help="The folder of all drafts."
)
_RECORDS = click.option(
    "--records",
    "path",
    metavar="PATH",
    type=click.Path(),
    help="The record, as for `postcheck records`; by default that of the settings.",
)


def connected(config: Config, folder: Path) -> tuple[Tokens, Store]:
    """By the settings; `folder` is the one in which `.postcheck` lies.

    Raises:
        UsageError: the settings or the secret are missing, or the packages.
    """
    from postcheck.errors import UsageError
    from postcheck.hootsuite.http import Access, needed
    from postcheck.hootsuite.store import Store
    from postcheck.hootsuite.tokens import Tokens

    needed()
    if not config.hootsuite.client_id:
        raise UsageError("`client_id` is missing under [hootsuite] in the settings: Hootsuite gives it to your app.")
    secret = os.environ.get(SECRET, "")
    if not secret:
        raise UsageError(f"The environment variable {SECRET} is missing: Hootsuite gives the secret to your app.")
    store = Store(folder)
    return Tokens(store, Access(config.hootsuite.api, config.hootsuite.client_id, secret)), store


def _settings(config: str | None) -> tuple[Config, Path]:
    """With the folder that they lie in."""
    from pathlib import Path

    from postcheck import messages
    from postcheck.config import find_config, load_config

    path = Path(config) if config else find_config([Path.cwd()])
    settings = load_config(path)
    messages.choose(settings.language)
    return settings, path.absolute().parent if path else Path.cwd()


def _client(config: str | None) -> tuple[Client, Store, Config, Path]:
    from postcheck.hootsuite.client import Client

    settings, folder = _settings(config)
    tokens, store = connected(settings, folder)
    return Client(tokens), store, settings, folder


@hootsuite.command("sign-in")
@click.option(
    "--redirect",
    metavar="ADDRESS",
    default=_REDIRECT,
    show_default=True,
    help="Where Hootsuite leads your browser afterwards, as registered there for your app.",
)
@click.option("--paste", is_flag=True, help="Wait for nothing: paste the address your browser was led to.")
@_CONFIG
def sign_in(redirect: str, paste: bool, config: str | None) -> None:
    """Let postcheck act for your account: open the address that is shown, and sign in there.

    Whoever signs in is who approves and rejects in Hootsuite.
    """
    settings, folder = _settings(config)
    tokens, _ = connected(settings, folder)
    click.echo("Open this address and sign in:")
    click.echo(tokens.begin(redirect))
    answer = "" if paste else _led_back(redirect)
    if not answer:
        answer = click.prompt("Paste the address that your browser was led to", hide_input=True)
    tokens.finish(answer)
    from postcheck.hootsuite.client import Client

    click.echo(f"Signed in to Hootsuite as member {Client(tokens).me()}.")


def _led_back(redirect: str) -> str:
    """The address at which the browser comes back to this computer; "" where it cannot be waited for."""
    from http.server import BaseHTTPRequestHandler, HTTPServer
    from urllib.parse import urljoin, urlsplit

    parts = urlsplit(redirect)
    if parts.scheme != "http" or parts.hostname not in ("127.0.0.1", "localhost"):
        return ""
    found: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        timeout = 5  # seconds for one that connects and says nothing

        def do_GET(self) -> None:
            is_it = urlsplit(self.path).path == (parts.path or "/") and "state=" in self.path
            self.send_response(200 if is_it else 404)
            self.send_header("Content-Type", "text/plain; charset=utf-8")
            self.send_header("Referrer-Policy", "no-referrer")
            self.end_headers()
            if is_it:
                found.append(urljoin(redirect, self.path))
                self.wfile.write(b"Back to postcheck: you may close this page.\n")

        def log_message(self, *_: Any) -> None:
            """Nothing: the address holds the code."""

    import time

    try:
        server = HTTPServer(("127.0.0.1", parts.port or 80), Handler)
    except OSError:
        return ""
    with server:
        server.timeout = 1.0
        until = time.monotonic() + _MINUTES * 60
        while not found and time.monotonic() < until:
            server.handle_request()
    return found[0] if found else ""


@hootsuite.command()
@_DRAFTS
@_CONFIG
def fetch(drafts: str, config: str | None) -> None:
    """Bring every message that waits for approval into DIR/hootsuite, a folder for each, to be checked.

    What is unchanged is left alone. Exit code 1 where a picture or a video was not fetched.
    """
    from pathlib import Path

    from postcheck.display import visible_line
    from postcheck.hootsuite.waiting import fetch_waiting

    client, store, settings, _ = _client(config)
    fetched = fetch_waiting(client, store, Path(drafts), settings)
    for said, paths in (
        ("new", fetched.new),
        ("changed, so no approval of it holds", fetched.changed),
        ("waits no more", fetched.gone),
    ):
        for path in paths:
            click.echo(visible_line(f"{path.as_posix()}: {said}"))
    for line in fetched.left:
        click.echo(visible_line(line))
    click.echo(f"{counted(len(fetched.new) + len(fetched.changed) + len(fetched.unchanged), 'message')} to approve.")
    raise click.exceptions.Exit(EXIT_FINDINGS if fetched.left else 0)


@hootsuite.command()
@_DRAFTS
@_RECORDS
@_CONFIG
def send(drafts: str, path: str | None, config: str | None) -> None:
    """Send the decisions of the record on drafts that were fetched, each once.

    What an earlier run left open is settled first. Exit code 1 where a decision did not reach Hootsuite.
    """
    from pathlib import Path

    from postcheck.display import visible_line
    from postcheck.hootsuite.approval import Ending
    from postcheck.hootsuite.exchange import send_decisions

    client, store, settings, folder = _client(config)
    exchanged = send_decisions(client, store, Path(drafts), settings, _opened(path, folder))
    for one in exchanged.ended:
        click.echo(visible_line(f"{one.draft}: {one.told}"))
    for line in exchanged.left:
        click.echo(visible_line(line))
    done = sum(one.ending is Ending.DONE for one in exchanged.ended)
    click.echo(f"{counted(done, 'decision')} sent.")
    raise click.exceptions.Exit(EXIT_FINDINGS if exchanged.left or done < len(exchanged.ended) else 0)


@hootsuite.command()
@_RECORDS
@_CONFIG
def follow(path: str | None, config: str | None) -> None:
    """See what became of approved messages, and write it into the record: published, or edited and so void."""
    from postcheck.display import visible_line
    from postcheck.hootsuite import exchange
    from postcheck.review.approving import Approving

    client, store, settings, folder = _client(config)
    for line in exchange.follow(client, store, Approving(_opened(path, folder), settings)):
        click.echo(visible_line(line))


def _opened(path: str | None, folder: Path) -> Records:
    from pathlib import Path

    from postcheck.review.records import Records

    return Records(Path(path) if path else folder)
