"""The zip: it opens and can be checked without postcheck, and is the same each time."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from postcheck.errors import UsageError
from postcheck.review.export import export, file_name
from postcheck.review.records import Records
from tests.reporters.test_html import Reader
from tests.review.made import filled, new, tampered, with_asset
from tests.review.test_decisions import CHILD, decided


def unpacked(archive: Path, folder: Path) -> Path:
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(folder)
    return folder


def sums(folder: Path) -> subprocess.CompletedProcess[str]:
    if not shutil.which("sha256sum"):
        pytest.skip("sha256sum is not here")
    return subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=folder, capture_output=True, text=True, check=False)


def test_what_is_in_it(tmp_path: Path) -> None:
    records, picture = filled(tmp_path, 2), tmp_path / "leaf day….png"
    picture.write_bytes(b"picture")
    records.append(with_asset(picture, 3))
    assert export(records, tmp_path / "a.zip").faults == ()
    folder = unpacked(tmp_path / "a.zip", tmp_path / "a")
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    (asset,) = (name for name in names if name.startswith("assets/"))
    assert asset.endswith("/leaf day….png")
    entries = {f"entries/{number:06d}.json" for number in (1, 2, 3)}
    assert names == {"index.html", "README.txt", "SHA256SUMS", "head.json", asset, *entries}
    assert (folder / "entries/000002.json").read_bytes() == records.get(2).content
    assert sums(folder).returncode == 0


def test_it_is_the_same_each_time(tmp_path: Path) -> None:
    records = filled(tmp_path)
    for name in ("a.zip", "b.zip"):
        export(records, tmp_path / name)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    assert not list(tmp_path.glob(".export-*"))


def test_the_page_tells_of_a_decision_and_loads_nothing(tmp_path: Path) -> None:
    records = Records(tmp_path / "city.sqlite")
    decided(tmp_path / "draft", CHILD, record=records, comment="<b>No.</b>")
    export(records, tmp_path / "a.zip")
    page = (unpacked(tmp_path / "a.zip", tmp_path / "a") / "index.html").read_text(encoding="utf-8")
    reader = Reader(page)
    for words in (
        "decision: reject",
        "r.reviewer@example.gov",
        "Thanks to A… L…, who raked.",
        "<b>No.</b>",
        "not kept",
    ):
        assert words in reader.text()
    targets = {str(attributes["href"]) for tag, attributes in reader.elements if tag == "a"}
    assert not [target for target in targets if re.match(r"\w+:|//", target)]
    assert not [tag for tag, _ in reader.elements if tag in ("script", "img", "link", "iframe")]
    with zipfile.ZipFile(tmp_path / "a.zip") as opened:
        from urllib.parse import unquote

        assert {unquote(target) for target in targets if not target.startswith("#")} <= set(opened.namelist())


def test_what_is_wrong_is_told_and_the_hashes_show_it(tmp_path: Path) -> None:
    records, picture = filled(tmp_path, 2), tmp_path / "a.png"
    picture.write_bytes(b"picture")
    made = with_asset(picture, 3)
    records.append(made)
    records.assets.path(next(iter(made.files))).unlink()
    with tampered(records) as base:
        base.execute("UPDATE entries SET content = replace(content, 'leaf', 'lost') WHERE sequence = 2")
        base.execute("UPDATE entries SET content = CAST(content AS BLOB) WHERE sequence = 2")
    assert len(export(records, tmp_path / "a.zip").faults) == 2
    folder = unpacked(tmp_path / "a.zip", tmp_path / "a")
    page = Reader((folder / "index.html").read_text(encoding="utf-8")).text()
    assert "What is wrong with this record" in page
    assert "entry 2: it was changed" in page
    assert "entry 3, asset a.png: it is missing" in page
    said = sums(folder)
    assert said.returncode == 1
    assert "entries/000002.json: FAILED" in said.stdout
    assert "a.png: FAILED open or read" in said.stdout


def test_where_there_is_no_record(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no record"):
        export(Records(tmp_path), tmp_path / "a.zip")
    records = filled(tmp_path, 1)
    with pytest.raises(UsageError, match="the export cannot be written"):
        export(records, tmp_path / "nowhere" / "a.zip")


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("a/b/leaf.png", "leaf.png"),
        ("..", "file"),
        ("a\\..\\b:c?.png", "a_.._b_c_.png"),
        ("…/a…-l….png", "a…-l….png"),
        ("x" * 300 + ".png", "x" * 96 + ".png"),
    ],
)
def test_names_that_every_system_takes(name: str, written: str) -> None:
    assert file_name(name) == written


def test_entries_of_another_make_do_not_stop_the_page(tmp_path: Path) -> None:
    records = Records(tmp_path)
    records.append(new(report=1, questions=[{}], texts=[{}], media=[{}], messages=[{"id": "7"}], reviewer=None))
    assert export(records, tmp_path / "a.zip").faults == ()
