"""The commands that pages show are run, and print what the pages say."""

from __future__ import annotations

from pathlib import Path

import pytest

from docs.made import sessions

PAGES = [path for path in sessions.pages() if "```console" in path.read_text(encoding="utf-8")]


@pytest.mark.slow
@pytest.mark.parametrize("path", PAGES, ids=[path.name for path in PAGES])
def test_every_command_prints_what_is_shown(path: Path) -> None:
    page = path.read_text(encoding="utf-8")
    assert sessions.followed(page) == page, f"python -m docs.made.sessions --write {path.name}"


def test_lines_may_be_left_out() -> None:
    assert sessions._is("a\nb\nc\n", "a\n...\nc\n")
    assert sessions._is("a\nc\n", "a\n...\nc\n")
    assert not sessions._is("a\nb\n", "a\n...\nc\n")
    assert not sessions._is("a\nb\n", "a\n")


def test_what_differs_is_put_right_and_what_fails_is_told() -> None:
    page = "```console\n$ echo one\ntwo\n$ pip install .\nnot run\n```\n"
    assert sessions.followed(page) == page.replace("two", "one")
    with pytest.raises(RuntimeError, match="exit code 7"):
        sessions.followed("```console\n$ exit 7\n```\n")


def test_files_are_written_where_their_caption_says() -> None:
    page = "```{code-block} text\n:caption: posts/a.txt\n\nhello\n```\n\n```console\n$ cat posts/a.txt\nhello\n```\n"
    assert sessions.followed(page) == page


def test_what_is_skipped_is_only_what_installs() -> None:
    shown = [command for path in PAGES for console in _consoles(path) for command, _ in sessions.commands(console)]
    skipped = [command for command in shown if command.startswith(sessions.SKIPPED)]
    assert skipped
    assert not any("postcheck check" in command for command in skipped)


def _consoles(path: Path) -> list[str]:
    return [
        block["console"] for block in sessions._BLOCK.finditer(path.read_text(encoding="utf-8")) if block["console"]
    ]
