"""The kept catalog is the catalog, or it is not used."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from postcheck import catalog, kept
from postcheck.catalog import load_catalog
from postcheck.resources import data_folder


@pytest.fixture(autouse=True)
def checks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A few of the checks: reading all of them takes seconds each time."""
    folder = tmp_path / "checks"
    for name in ("parts.yaml", "platforms.yaml", "alt-text/missing.yaml", "ap-style/percent.yaml"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes((data_folder("checks") / name).read_bytes())
    monkeypatch.setattr(catalog, "data_folder", lambda _: folder)
    return folder


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(kept, "_file", lambda: tmp_path / "postcheck" / "catalog.json")
    load_catalog.cache_clear()
    yield tmp_path / "postcheck" / "catalog.json"
    load_catalog.cache_clear()


def again() -> catalog.Catalog:
    load_catalog.cache_clear()
    return load_catalog()


def test_what_is_kept_is_what_was_read(file: Path, checks: Path) -> None:
    read = load_catalog(cache=False)
    assert not file.exists()
    assert again() == read
    assert file.exists()
    state = kept.state_of(checks)
    known = kept.load(state)
    assert known is not None
    assert catalog.Catalog(**known) == read
    assert again() == read


@pytest.mark.parametrize("content", [b"", b"{}", b"[" * 100_000, b"\xff\xfe", b"abc\n{}"])
def test_what_is_broken_is_not_believed(file: Path, content: bytes) -> None:
    file.parent.mkdir()
    file.write_bytes(content)
    assert again() == load_catalog(cache=False)


def test_what_was_tampered_with_is_not_believed(file: Path) -> None:
    right = again()
    seal, _, content = file.read_bytes().partition(b"\n")
    data = json.loads(content)
    data["checks"] = data["checks"][:1]
    file.write_bytes(seal + b"\n" + json.dumps(data).encode())
    assert again() == right


def test_another_state_is_not_this_one(file: Path) -> None:
    again()
    assert kept.load("another") is None


def test_nowhere_to_keep_it(file: Path) -> None:
    file.parent.write_text("a file where the folder should be")
    assert again() == load_catalog(cache=False)
    (file.parent.parent / "other").mkdir()


def test_no_home(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_home() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(kept, "_file", no_home)
    assert again() == load_catalog(cache=False)
    load_catalog.cache_clear()


def test_a_changed_file_changes_the_state(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("a")
    before = kept.state_of(tmp_path)
    os.utime(tmp_path / "a.yaml", ns=(1, 1))
    assert kept.state_of(tmp_path) != before
