"""What was measured is kept by content, and a broken cache costs no more than the time to measure again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from postcheck.analysis import measured
from postcheck.resources import cache_folder


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    for name in ("XDG_CACHE_HOME", "LOCALAPPDATA", "HOME"):
        monkeypatch.setenv(name, str(tmp_path / "cache"))
    measured.keep(True)
    yield cache_folder()
    measured.keep(True)


class Counter:
    def __init__(self, path: Path) -> None:
        self.path, self.calls = path, 0

    def __call__(self) -> dict[str, int]:
        self.calls += 1
        return {"size": self.path.stat().st_size}


def test_once_for_each_content(tmp_path: Path) -> None:
    one, same, other = (tmp_path / name for name in ("one", "same", "other"))
    for path, content in ((one, b"a"), (same, b"a"), (other, b"bb")):
        path.write_bytes(content)
    measure = Counter(one)
    assert measured.measured(one, "size", measure) == {"size": 1}
    assert measured.measured(same, "size", measure) == {"size": 1}
    assert measure.calls == 1
    measured.measured(one, "another", measure)
    measured.measured(other, "size", measure)
    assert measure.calls == 3


def test_a_changed_file_is_measured_anew(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"a")
    measure = Counter(path)
    measured.measured(path, "size", measure)
    path.write_bytes(b"bb")
    assert measured.measured(path, "size", measure) == {"size": 2}


def test_nothing_is_kept_where_that_is_not_wanted(tmp_path: Path, folder: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"a")
    measured.keep(False)
    measure = Counter(path)
    measured.measured(path, "size", measure)
    measured.measured(path, "size", measure)
    assert measure.calls == 1  # but for the run itself
    measured.keep(False)
    measured.measured(path, "size", measure)
    assert measure.calls == 2
    assert not (folder / "measured.sqlite").exists()


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\0" + b"\xff" * 4096])
def test_a_broken_cache_is_made_anew(tmp_path: Path, folder: Path, content: bytes) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"a")
    folder.mkdir(parents=True)
    (folder / "measured.sqlite").write_bytes(content)
    measure = Counter(path)
    for _ in range(3):
        assert measured.measured(path, "size", measure) == {"size": 1}
    assert measure.calls <= 2


def test_a_failure_is_not_kept(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"a")

    def fail() -> None:
        raise ValueError

    for _ in range(2):
        with pytest.raises(ValueError):
            measured.measured(path, "size", fail)
