"""Which drafts a path stands for."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest

from postcheck.config import Config
from postcheck.draft import find_drafts, read_drafts
from postcheck.errors import UsageError
from postcheck.model import UnreadableDraft


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A content repository, with the working folder in it."""
    (tmp_path / ".git").mkdir()
    for name in ("posts/a", "posts/b/releases", "posts/2026/c", "docs", "node_modules/d", "posts/.trash"):
        (tmp_path / name).mkdir(parents=True)
    for name in ("posts/a", "posts/b", "posts/2026/c", "node_modules/d", "posts/.trash"):
        (tmp_path / name / "post.md").write_text("Leaf Day", encoding="utf-8")
    (tmp_path / "posts/b/crew.png").write_bytes(b"x")
    (tmp_path / "posts/b/releases/form.pdf").write_bytes(b"x")
    (tmp_path / "docs/index.md").write_text("# How we write\n", encoding="utf-8")
    (tmp_path / "docs/logo.png").write_bytes(b"x")
    (tmp_path / "register.csv").write_text("id,signed\n1,yes\n", encoding="utf-8")
    (tmp_path / "calendar.csv").write_text("caption\nLeaf Day\n", encoding="utf-8")
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def shown(*paths: str, changed: bool = False) -> list[str]:
    return [found.shown for found in find_drafts([Path(path) for path in paths], Config(), changed=changed)[0]]


def test_a_folder_of_folders(here: Path) -> None:
    assert shown("posts") == ["posts/2026/c", "posts/a", "posts/b"]
    assert shown(".") == ["calendar.csv", "posts/2026/c", "posts/a", "posts/b"]
    assert shown(str(here / "posts")) == ["posts/2026/c", "posts/a", "posts/b"]


@pytest.mark.parametrize(
    "path",
    [
        "posts/b",
        "posts/b/",
        "posts/b/post.md",
        "posts/b/crew.png",
        "posts/b/releases/form.pdf",
        "posts/b/releases",
        "posts/a/../b",
    ],
)
def test_whatever_lies_in_a_draft_stands_for_it(here: Path, path: str) -> None:
    assert [name.replace("a/../", "") for name in shown(path)] == ["posts/b"]


def test_the_same_draft_is_checked_once(here: Path) -> None:
    (here / "link").symlink_to(here / "posts/a")
    assert shown("posts/a", "posts/a/post.md", "posts", "link") == ["posts/a", "posts/2026/c", "posts/b"]


def test_a_draft_that_is_the_working_folder_has_a_name(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(here / "posts/a")
    assert shown(".") == ["a"]
    assert shown("post.md") == ["a"]


@pytest.mark.parametrize("path", ["empty", "docs", "docs/logo.png", "register.txt", "no-such-folder"])
def test_paths_that_stand_for_no_draft(here: Path, path: str) -> None:
    (here / "register.txt").write_text("x", encoding="utf-8")
    with pytest.raises(UsageError, match=path):
        shown(path)


def test_a_hook_passes_over_what_belongs_to_no_draft(here: Path) -> None:
    paths = [
        Path(name) for name in ("docs/logo.png", "docs/index.md", "register.csv", "posts/b/crew.png", "calendar.csv")
    ]
    found, passed_over = find_drafts(paths, Config(), changed=True)
    assert [item.shown for item in found] == ["posts/b", "calendar.csv"]
    assert [line.split(":")[0] for line in passed_over] == ["docs/logo.png", "docs/index.md", "register.csv"]


def test_what_is_come_upon_and_is_no_draft_is_said(here: Path) -> None:
    with zipfile.ZipFile(here / "pictures.zip", "w") as archive:
        archive.writestr("a.png", b"")
    with zipfile.ZipFile(here / "mailed.zip", "w") as archive:
        archive.writestr("a/Post.md", b"Leaf Day")
    found, passed_over = find_drafts([here], Config())
    assert [item.kind for item in found] == ["calendar", "zip", "folder", "folder", "folder"]
    assert len(passed_over) == 2


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_what_cannot_be_looked_into_is_not_passed_over(here: Path) -> None:
    """A draft that cannot be read is a draft: reading it says why, and nothing hangs."""
    for name in ("dangling", "pipe", "folder"):
        (here / "odd" / name).mkdir(parents=True)
    (here / "odd/dangling/post.md").symlink_to("nowhere")
    os.mkfifo(here / "odd/pipe/post.md")
    (here / "odd/folder/post.yaml").mkdir()
    os.mkfifo(here / "odd/pipe.csv")
    os.mkfifo(here / "odd/pipe.zip")
    (here / "odd/cut.zip").write_bytes(b"PK\x03\x04")
    (here / "odd/utf16.csv").write_bytes("caption\nx\n".encode("utf-16"))
    (here / "odd/latin.csv").write_bytes(b"caption,Budg\xe9t\nx,1\n")
    found, passed_over = find_drafts([here / "odd"], Config())
    assert sorted(item.path.name for item in found) == [
        "cut.zip",
        "dangling",
        "folder",
        "latin.csv",
        "pipe",
        "utf16.csv",
    ]
    assert len(passed_over) == 2
    assert all(isinstance(draft, UnreadableDraft) for draft in read_drafts(found, Config()))


def test_a_csv_that_is_named_is_read_as_a_calendar(here: Path) -> None:
    assert shown("register.csv") == ["register.csv"]
