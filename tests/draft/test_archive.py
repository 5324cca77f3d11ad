"""Zips: unpacked into a temporary folder and nowhere else, whatever they hold."""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path

import pytest

from postcheck.config import Config
from postcheck.draft.find import find_drafts
from postcheck.draft.read import read_drafts
from postcheck.model import Draft
from tests.draft.helpers import problems, read, read_all
from tests.drafts import picture


def zipped(path: Path, entries: dict[str, bytes], **attributes: int) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = attributes.get("mode", 0o644) << 16
            archive.writestr(entry, content)
    return path


POST = b"images: [crew.png]\ncaption: Leaf Day\n"


@pytest.mark.parametrize("inside", ["", "leaf-day/", "posts/leaf-day/", "posts\\leaf-day\\"])
def test_a_draft_in_a_zip(tmp_path: Path, inside: str) -> None:
    entries = {
        f"{inside}post.yaml": POST,
        f"{inside}crew.png": picture(".png"),
        "__MACOSX/x": b"",
        f"{inside}.DS_Store": b"",
    }
    draft = read(zipped(tmp_path / "a.zip", entries))
    assert draft.caption.value == "Leaf Day"
    assert draft.path == (tmp_path / "a.zip").as_posix() + ("/" + inside.strip("/\\").replace("\\", "/")).rstrip("/")


def test_its_files_are_there_while_it_is_looked_at_and_gone_afterwards(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"post.yaml": POST, "crew.png": picture(".png")})
    drafts = read_drafts(find_drafts([path], Config())[0], Config())
    draft = next(drafts)
    assert isinstance(draft, Draft)
    asset = draft.images[0].asset.path
    assert asset.exists()
    assert list(drafts) == []
    assert not asset.exists()


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ({"../post.yaml": POST}, "leaves the zip's own folder"),
        ({"/post.yaml": POST}, "leaves the zip's own folder"),
        ({"C:/post.yaml": POST}, "leaves the zip's own folder"),
        ({"a\\..\\..\\post.yaml": POST}, "leaves the zip's own folder"),
        ({"a.png": b"", "A.png": b"", "post.yaml": POST}, "differ only in capitals"),
        ({"caf\u00e9.png": b"", "cafe\u0301.png": b"", "post.yaml": POST}, "Unicode form"),
        ({"notes.txt": b"x"}, "No draft is in this zip"),
        ({"inner.zip": b"x"}, "A zip inside a zip is not read"),
        ({"./post.md": b"TODO", "post.md": b"Leaf Day"}, "is there twice"),
        ({"a" + "/a" * 60 + "/post.md": b"x"}, "more than 50 folders deep"),
    ],
)
def test_zips_that_are_refused(tmp_path: Path, entries: dict[str, bytes], said: str) -> None:
    folder = tmp_path / "here"
    folder.mkdir()
    (found,) = problems(zipped(folder / "a.zip", entries))
    assert said in found
    assert [path.name for path in tmp_path.rglob("*")] == ["here", "a.zip"]


def test_links_are_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"post.yaml": b"/etc/passwd"}, mode=0o120777)
    assert "is a link" in problems(path)[0]


def test_a_bomb_is_stopped_at_the_limit(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"post.yaml": POST, "big.png": b"\0" * 3_000_000})
    assert "more than 2 MB" in problems(path, Config(zip_unpacked_mb=2))[0]


def test_a_header_that_lies_about_the_size_is_no_way_around(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"post.yaml": POST, "big.png": b"\0" * 3_000_000})
    content = path.read_bytes().replace(struct.pack("<I", 3_000_000), struct.pack("<I", 10))
    path.write_bytes(content)
    assert problems(path, Config(zip_unpacked_mb=2))


def test_too_many_files(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {f"{number}.txt": b"" for number in range(11)})
    assert "11 files; at most 10" in problems(path, Config(zip_files=10))[0]


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_methods_that_unpack_without_a_bound_are_refused(tmp_path: Path, method: int) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", method) as archive:
        archive.writestr("post.md", b"Leaf Day")
    assert "packed in an unusual way" in problems(tmp_path / "a.zip")[0]


def test_an_entry_that_is_damaged(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"post.md": bytes(range(256)) * 40})
    content = bytearray(path.read_bytes())
    content[60:80] = b"\xff" * 20
    path.write_bytes(content)
    assert "The zip is broken" in problems(path)[0]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut off", b"no zip at all"])
def test_broken_zips(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.zip").write_bytes(content)
    assert "The zip is broken" in problems(tmp_path / "a.zip")[0]


def test_a_calendar_and_two_drafts_in_one_zip(tmp_path: Path) -> None:
    entries = {"a/post.md": b"A", "b/post.md": b"B", "calendar.csv": b"caption\nC\n"}
    drafts = read_all(zipped(tmp_path / "a.zip", entries))
    assert [draft.caption.value for draft in drafts if isinstance(draft, Draft)] == ["C", "A", "B"]
