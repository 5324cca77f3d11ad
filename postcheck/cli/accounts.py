"""`postcheck accounts`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from postcheck.serving.accounts import Accounts, Role

_ROLES = ("creator", "reviewer", "publisher", "records", "admin")
"""As `Role` has them, whose module is not imported for --help."""
_LONGEST_LINE = 8_000
"""Bytes of standard input, by far more than a password may have."""


@click.group()
def accounts() -> None:
    """Who may sign in to the page, and with which roles.

    There is no account to begin with, and no password by default.
    """


_ACCOUNTS = click.option(
    "--accounts",
    "path",
    metavar="PATH",
    type=click.Path(),
    help="The accounts' file, or the folder whose .postcheck/accounts.sqlite it is; by default that of the settings.",
)
_ROLE = click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    type=click.Choice(_ROLES),
    help="What the person does (repeatable).",
)
_STDIN = click.option("--password-stdin", is_flag=True, help="Read the password from standard input, its first line.")
_GENERATE = click.option("--generate", is_flag=True, help="Make a random passphrase, and print it this once.")


def _opened_accounts(path: str | None) -> Accounts:
    from pathlib import Path

    from postcheck.config import find_config
    from postcheck.serving.accounts import Accounts

    if path:
        return Accounts(Path(path))
    config = find_config([Path.cwd()])
    return Accounts(config.parent if config else Path.cwd())


def _as_roles(names: tuple[str, ...]) -> frozenset[Role]:
    from postcheck.serving.accounts import Role

    return frozenset(map(Role, names))


def _password(*, from_stdin: bool, generate: bool, name: str) -> str:
    """
    Raises:
        UsageError: standard input is no terminal to ask at, or holds no text; the password is none.
    """
    from postcheck.errors import UsageError
    from postcheck.serving.passwords import judge, passphrase

    if from_stdin and generate:
        raise click.UsageError("--generate makes a password, --password-stdin reads one: leave one of them out.")
    if generate:
        return passphrase()
    if from_stdin:
        line = sys.stdin.buffer.readline(_LONGEST_LINE)
        try:
            password = line.decode("utf-8-sig").rstrip("\r\n")
        except UnicodeDecodeError:
            raise UsageError("The password on standard input is not in UTF-8.") from None
    elif not sys.stdin.isatty():
        raise UsageError("There is no terminal to ask for the password at: add --password-stdin, or --generate.")
    else:
        password = str(click.prompt("Password", hide_input=True, confirmation_prompt="The same once more"))
    judge(password, name)
    return password


def _print_generated(password: str) -> None:
    """To standard output alone, so that another program can take it."""
    click.echo("postcheck: this is the passphrase. It is kept nowhere, and not told again:", err=True)
    click.echo(password)


@accounts.command()
@click.argument("name")
@_ROLE
@click.option("--proxy-only", is_flag=True, help="Without a password: only your city's own sign-in lets the person in.")
@_STDIN
@_GENERATE
@_ACCOUNTS
def add(
    name: str, roles: tuple[str, ...], proxy_only: bool, password_stdin: bool, generate: bool, path: str | None
) -> None:
    """Make the account NAME, such as a user name or an address, and ask for its password twice.

    A name is never given to somebody else, also after its account was removed.
    """
    if proxy_only and (password_stdin or generate):
        raise click.UsageError("--proxy-only makes an account without a password: leave the other option out.")
    opened = _opened_accounts(path)
    opened.judge_new(name)  # before the password is asked for
    password = None if proxy_only else _password(from_stdin=password_stdin, generate=generate, name=name)
    opened.add(name, _as_roles(roles), password)
    click.echo(f"postcheck: {name} is added: {', '.join(sorted(set(roles)))}.", err=generate)
    if generate and password:
        _print_generated(password)


@accounts.command("password")
@click.argument("name")
@_STDIN
@_GENERATE
@_ACCOUNTS
def password_(name: str, password_stdin: bool, generate: bool, path: str | None) -> None:
    """Give the account NAME another password.

    The person is signed out everywhere. If they had to wait after wrong passwords, they need not any more.
    """
    opened = _opened_accounts(path)
    opened.judge_there(name)
    new = _password(from_stdin=password_stdin, generate=generate, name=name)
    opened.set_password(name, new)
    click.echo(f"postcheck: {name} has a new password, and is signed out everywhere.", err=generate)
    if generate:
        _print_generated(new)


@accounts.command("roles")
@click.argument("name")
@_ROLE
@_ACCOUNTS
def roles_(name: str, roles: tuple[str, ...], path: str | None) -> None:
    """Give the account NAME these roles and no others. The person is signed out everywhere."""
    _opened_accounts(path).set_roles(name, _as_roles(roles))
    click.echo(f"postcheck: {name} is now: {', '.join(sorted(set(roles)))}.")


@accounts.command()
@click.argument("name")
@_ACCOUNTS
def remove(name: str, path: str | None) -> None:
    """Remove the account NAME: the person is signed out, and cannot sign in again.

    It stays in the list, for the record names it. It cannot be brought back.
    """
    _opened_accounts(path).remove(name)
    click.echo(f"postcheck: {name} is removed.")


@accounts.command(name="list")
@_ACCOUNTS
def list_(path: str | None) -> None:
    """A line for each account: name, how the person signs in, roles; or when it was removed (UTC)."""
    opened = _opened_accounts(path)
    found = opened.list()
    for account in found:
        how = "password" if account.has_password else "proxy only"
        told = f"{how:<10}  {', '.join(sorted(account.roles))}"
        if account.removed:
            told = f"removed {account.removed:%Y-%m-%d %H:%M}"
        click.echo(f"{account.name:<30}  {told}")
    if not found:
        click.echo("postcheck: there is no account yet. `postcheck accounts add` makes one.", err=True)
