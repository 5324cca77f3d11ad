"""postcheck accounts: what it says, and its exit codes."""

from __future__ import annotations

import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from postcheck.cli import main
from postcheck.serving import passwords
from postcheck.serving.accounts import Accounts, Person, Role
from tests.serving.made import HERE, NOW, SECRET, Counting
from tests.test_public import imported_by


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    made = passwords.Passwords.__init__
    monkeypatch.setattr(passwords.Passwords, "__init__", lambda self, hasher=None: made(self, hasher or Counting()))


def run(*arguments: str | Path, given: str | bytes | None = None, folder: Path) -> Result:
    command = ["accounts", *map(str, arguments), "--accounts", str(folder)]
    return CliRunner().invoke(main, command, input=given, catch_exceptions=False)


def signs_in(folder: Path, name: str, password: str) -> bool:
    accounts = Accounts(folder)
    found = accounts.check(name, password, HERE, NOW)
    accounts.close()
    return isinstance(found, Person)


def test_roles_are_those_there_are() -> None:
    group = main.commands["accounts"]
    assert isinstance(group, click.Group)
    for name in ("add", "roles"):
        (option,) = (option for option in group.commands[name].params if option.opts == ["--role"])
        assert isinstance(option.type, click.Choice)
        assert list(option.type.choices) == [role.value for role in Role]


def test_an_account_from_its_beginning_to_its_end(tmp_path: Path) -> None:
    assert "no account yet" in run("list", folder=tmp_path).stderr
    result = run("add", "jo", "--role", "creator", "--password-stdin", given=f"{SECRET}\nmore\n", folder=tmp_path)
    assert (result.exit_code, result.stdout, result.stderr) == (0, "postcheck: jo is added: creator.\n", "")
    assert signs_in(tmp_path, "jo", SECRET)
    result = run("add", "pat@example.gov", "--role", "records", "--role", "admin", "--proxy-only", folder=tmp_path)
    assert result.exit_code == 0
    assert run("roles", "jo", "--role", "reviewer", "--role", "creator", folder=tmp_path).exit_code == 0
    assert run("list", folder=tmp_path).stdout.splitlines() == [
        "jo                              password    creator, reviewer",
        "pat@example.gov                 proxy only  admin, records",
    ]
    result = run("password", "jo", "--password-stdin", given="another one altogether", folder=tmp_path)
    assert "signed out everywhere" in result.stdout
    assert not signs_in(tmp_path, "jo", SECRET)
    assert signs_in(tmp_path, "jo", "another one altogether")
    assert run("remove", "jo", folder=tmp_path).exit_code == 0
    assert "removed 20" in run("list", folder=tmp_path).stdout
    assert not signs_in(tmp_path, "jo", "another one altogether")
    assert (tmp_path / ".postcheck" / "accounts.sqlite").is_file()


def test_a_passphrase_is_printed_once_and_alone(tmp_path: Path) -> None:
    result = run("add", "jo", "--role", "creator", "--generate", folder=tmp_path)
    (made,) = result.stdout.splitlines()
    assert signs_in(tmp_path, "jo", made)
    (other,) = run("password", "jo", "--generate", folder=tmp_path).stdout.splitlines()
    assert other != made
    assert signs_in(tmp_path, "jo", other)


def test_at_a_terminal_it_is_asked_for_twice_and_never_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    runner = CliRunner()
    command = ["accounts", "add", "jo", "--role", "creator", "--accounts", str(tmp_path)]
    with runner.isolation(input=f"{SECRET}\nsomething else\n{SECRET}\n{SECRET}\n") as (out, *_):
        monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
        main(command, standalone_mode=False)
        shown = out.getvalue().decode()
    assert shown.count("Password:") == 2
    assert shown.count("The same once more:") == 2
    assert SECRET not in shown
    assert signs_in(tmp_path, "jo", SECRET)


@pytest.mark.parametrize(
    ("arguments", "given", "told"),
    [
        (["add", "jo", "--role", "creator"], f"{SECRET}\n{SECRET}\n", "There is no terminal"),
        (["add", "jo", "--role", "creator", "--password-stdin"], "short", "fewer than 12"),
        (["add", "jo", "--role", "creator", "--password-stdin"], "", "fewer than 12"),
        (["add", "jo", "--role", "creator", "--password-stdin"], b"\xff" * 20, "not in UTF-8"),
        (["add", "jo", "--role", "creator", "--password-stdin"], "x" * 9_000, "more than 1,000"),
        (["add", "a b", "--role", "creator", "--password-stdin"], SECRET, "cannot be an account's name"),
        (["add", "jo"], SECRET, "--role"),
        (["add", "jo", "--role", "king"], SECRET, "king"),
        (["add", "jo", "--role", "creator", "--proxy-only", "--generate"], "", "leave the other option out"),
        (["add", "jo", "--role", "creator", "--password-stdin", "--generate"], SECRET, "leave one of them out"),
        (["password", "jo", "--generate"], "", "no account `jo`"),
        (["roles", "jo", "--role", "creator"], "", "no account `jo`"),
        (["remove", "jo"], "", "no account `jo`"),
    ],
)
def test_what_a_person_can_mend_is_2(tmp_path: Path, arguments: list[str], given: str | bytes, told: str) -> None:
    result = run(*arguments, given=given, folder=tmp_path)
    assert (result.exit_code, told in result.stderr) == (2, True)
    assert run("list", folder=tmp_path).stdout == ""
    assert SECRET not in result.output


def test_a_name_that_is_taken_is_told_before_the_password_is_asked_for(tmp_path: Path) -> None:
    run("add", "jo", "--role", "creator", "--proxy-only", folder=tmp_path)
    assert "already" in run("add", "Jo", "--role", "admin", folder=tmp_path).stderr
    run("remove", "jo", folder=tmp_path)
    assert "given to nobody else" in run("add", "jo", "--role", "admin", folder=tmp_path).stderr


def test_the_accounts_of_the_settings_are_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "postcheck.toml").write_text("", encoding="utf-8")
    (tmp_path / "posts").mkdir()
    monkeypatch.chdir(tmp_path / "posts")
    assert CliRunner().invoke(main, ["accounts", "add", "jo", "--role", "creator", "--proxy-only"]).exit_code == 0
    assert (tmp_path / ".postcheck" / "accounts.sqlite").is_file()


def test_a_start_loads_nothing_of_the_server() -> None:
    assert not imported_by("accounts", "--help") & {"argon2", "sqlite3", "starlette", "uvicorn", "httpx", "ruamel"}
