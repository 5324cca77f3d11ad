"""postcheck records: what it says, and its exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from postcheck.cli import main
from tests.review.made import filled, new, tampered


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["records", *map(str, arguments)], catch_exceptions=False)


def test_verify_says_that_all_is_in_order_and_writes_the_head(tmp_path: Path) -> None:
    records, head = filled(tmp_path), tmp_path / "head.json"
    result = run("verify", "--records", tmp_path, "--write-head", head)
    assert result.exit_code == 0
    assert "5 entries and 0 assets, all in order." in result.stdout
    assert f"head: 5 {records.head().hash}" in result.stdout
    assert "without --head nobody can tell" in result.stderr
    result = run("verify", "--records", records.path, "--head", head)
    assert (result.exit_code, result.stderr) == (0, "")


def test_verify_exits_with_1_and_tells_where(tmp_path: Path) -> None:
    records, head = filled(tmp_path), tmp_path / "head.json"
    records.head().write(head)
    with tampered(records) as base:
        base.execute("DELETE FROM entries WHERE sequence IN (2, 5)")
    result = run("verify", "--records", tmp_path, "--head", head, "--write-head", tmp_path / "new.json")
    assert result.exit_code == 1
    assert result.stdout == "entry 2: it is missing\nentry 5: cut off at the end: it is missing\n"
    assert "2 faults" in result.stderr
    assert not (tmp_path / "new.json").exists()


def test_list_and_show(tmp_path: Path) -> None:
    records = filled(tmp_path, 2)
    records.append(new(3, by="r\u202e\x1b[2J"))
    lines = run("list", "--records", tmp_path).stdout.splitlines()
    assert lines[0].split() == [
        "1", "2026-11-12", "18:00:00", "submitted", "posts/leaf-day,", "revision", "1", "r.reviewer@example.gov",
    ]  # fmt: skip
    assert "\x1b" not in lines[2]
    shown = run("show", "3", "--records", tmp_path).stdout
    assert "\u202e" not in shown
    told = json.loads(shown)
    assert told["hash"] == records.get(3).hash
    assert told["body"] == records.get(3).body


def test_export(tmp_path: Path) -> None:
    records = filled(tmp_path, 2)
    result = run("export", "--records", tmp_path, "--output", tmp_path / "a.zip")
    assert result.exit_code == 0
    assert "a.zip: 2 entries written." in result.stdout
    with tampered(records) as base:
        base.execute("DELETE FROM entries WHERE sequence = 1")
    assert run("export", "--records", tmp_path, "--output", tmp_path / "a.zip").exit_code == 1


def test_the_record_of_the_settings_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(tmp_path, 1)
    (tmp_path / "postcheck.toml").write_text("", encoding="utf-8")
    (tmp_path / "posts").mkdir()
    monkeypatch.chdir(tmp_path / "posts")
    assert run("verify").exit_code == 0


def test_what_a_person_can_mend_is_2(tmp_path: Path) -> None:
    assert run("verify", "--records", tmp_path).exit_code == 2
    filled(tmp_path, 1)
    result = run("show", "9", "--records", tmp_path)
    assert (result.exit_code, "there is no entry 9; the last is 1" in result.stderr) == (2, True)
    for words in ("", "[]", '{"schema": "postcheck-records-head/1", "sequence": "5", "hash": ""}'):
        (tmp_path / "head.json").write_text(words, encoding="utf-8")
        assert run("verify", "--records", tmp_path, "--head", tmp_path / "head.json").exit_code == 2
