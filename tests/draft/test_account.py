"""account.yaml is found and read, and looked at by the checks of account/ alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

import postcheck
from postcheck.catalog import load_catalog
from postcheck.cli import main
from postcheck.draft.account import is_account_file, read_account
from postcheck.model import Draft, UnreadableDraft

ACCOUNT = "platform: x\nname: Example Water Bureau\nholders: [jrivera, mlee]\ncontact: water@example.gov\n"


def write(path: Path, text: str = ACCOUNT) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_what_is_read(tmp_path: Path) -> None:
    draft = read_account(write(tmp_path / "account.yaml"), "account.yaml", {})
    assert isinstance(draft, Draft)
    assert draft.profile is not None
    assert [text.value for text in draft.profile.holders or ()] == ["jrivera", "mlee"]
    assert [text.value for text in draft.profile.contact] == ["water@example.gov"]
    assert draft.profile.archive is None
    assert draft.digest.startswith("sha256:")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name: a\n", "The key `platform` is missing"),
        ("platform: x\nbio: a\n", "Unknown key `bio`"),
        ("platform: x\nkind: private\n", "`private` is no kind."),
        ("platform: [", "account.yaml"),
        ("", "The file is empty."),
    ],
)
def test_what_is_wrong_is_told(tmp_path: Path, text: str, said: str) -> None:
    draft = read_account(write(tmp_path / "account.yaml", text), "account.yaml", {})
    assert isinstance(draft, UnreadableDraft)
    assert said in str(draft.problems[0])


def test_names() -> None:
    assert is_account_file("account.yaml") and is_account_file("Parks.Account.yml")
    assert not is_account_file("accounts.yaml") and not is_account_file("account.csv")


def test_only_its_own_checks_look_at_it(tmp_path: Path) -> None:
    write(tmp_path / "account.yaml")
    write(tmp_path / "parks" / "parks.account.yaml")
    write(tmp_path / "post" / "post.md", "---\naccount: a\n---\nLeaf Day is Saturday.\n")
    drafts = {Path(draft.path).name: draft for draft in postcheck.check(tmp_path, policy="").drafts}
    assert set(drafts) == {"account.yaml", "parks.account.yaml", "post"}
    for name, draft in drafts.items():
        areas = {check.partition("/")[0] for check in (*draft.passed, *(result.check for result in draft.results))}
        assert ("account" in areas) == (name != "post")
        assert name == "post" or areas == {"account"}
        assert len(draft.passed) + len(draft.inapplicable) + len(draft.results) == len(load_catalog().checks)


def test_by_name_on_the_command_line(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["check", str(write(tmp_path / "account.yaml")), "--policy", "portland"])
    assert result.exit_code == 1
    assert "account/not-archived" in result.output
