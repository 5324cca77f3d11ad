"""A process of its own for files that may be hostile: whatever happens in it, the file is untested and says why."""

from __future__ import annotations

from pathlib import Path

import pytest

from postcheck.analysis.video import worker
from postcheck.errors import CannotTest
from tests.videos import video


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    path = tmp_path / "clip.mp4"
    path.write_bytes(video({"seconds": 1}))
    return path


def module(folder: Path, source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Has the task `probe` run this."""
    (folder / "hostile.py").write_text(source, encoding="utf-8")
    (folder / "sitecustomize.py").write_text(
        "import sys, hostile; sys.modules['postcheck.analysis.video.probe'] = hostile", encoding="utf-8"
    )
    monkeypatch.setenv("PYTHONPATH", str(folder))


def test_what_a_task_finds(clip: Path) -> None:
    assert worker.work("probe", clip)["width"] == 320


def test_a_time_out(clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module(tmp_path, "import time\ndef work(path): time.sleep(60)", monkeypatch)
    with pytest.raises(CannotTest, match=r"clip\.mp4 was looked at for 1 seconds"):
        worker.work("probe", clip, seconds=1)


def test_a_crash(clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module(tmp_path, "import os, signal\ndef work(path): os.kill(os.getpid(), signal.SIGKILL)", monkeypatch)
    with pytest.raises(CannotTest, match=r"clip\.mp4 broke off"):
        worker.work("probe", clip)


def test_an_error(clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module(tmp_path, "def work(path): raise KeyError('odd')", monkeypatch)
    with pytest.raises(CannotTest, match="KeyError: 'odd'"):
        worker.work("probe", clip)


def test_too_much_memory(clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module(tmp_path, "def work(path): raise MemoryError", monkeypatch)
    with pytest.raises(CannotTest, match="takes more memory than"):
        worker.work("probe", clip)


def test_a_missing_library(clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module(tmp_path, "def work(path): import there_is_no_such_library", monkeypatch)
    with pytest.raises(CannotTest, match="library there_is_no_such_library is not installed"):
        worker.work("probe", clip)


def test_a_file_in_the_working_folder_is_not_imported(
    clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "av.py").write_text("raise SystemExit(9)", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert worker.work("probe", clip)["fault"] == ""


def test_a_file_that_is_gone(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        worker.work("probe", tmp_path / "none.mp4")
