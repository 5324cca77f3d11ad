"""Files that are put into a draft and taken out of it."""

from __future__ import annotations

import io
import os
import stat
import threading
import zipfile
from pathlib import Path
from typing import BinaryIO, cast

import pytest

from postcheck.draft.uploads import Kind, add_file, remove_file
from postcheck.draft.written import Uneditable, read_form
from postcheck.errors import UsageError
from tests.draft.helpers import read
from tests.drafts import content, picture

MB = 1_000_000
VTT = b"WEBVTT\n\n00:01.000 --> 00:03.000\nLeaf Day.\n"
SRT = b"\xef\xbb\xbf1\r\n00:00:01,000 --> 00:00:03,000\r\nLeaf Day.\r\n"
SBV = b"0:00:01.000,0:00:03.000\nLeaf Day.\n"
TTML = b'<?xml version="1.0"?>\n<!-- a -->\n<tt xmlns="http://www.w3.org/ns/ttml"><body><div><p begin="1s" end="3s">a</p></div></body></tt>'
PDF = content("a.pdf", {})
PNG, JPEG, GIF, WEBP, TIFF = (picture(ending) for ending in (".png", ".jpg", ".gif", ".webp", ".tif"))
MP4 = content("a.mp4", {"render": {"size": [64, 64]}})
MOV = MP4.replace(MP4[8:12], b"qt  ", 1)
WEBM = content("a.webm", {"render": {"size": [64, 64]}}).replace(b"matroska", b"webm\x00\x00\x00\x00", 1)
HTML = b"<!DOCTYPE html><html><body><script>alert(1)</script><tt>1</tt>\n00:00:01,000 --> 00:00:03,000\n</body></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def zipped() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.jpg", JPEG)
    return buffer.getvalue()


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    (tmp_path / "post.md").write_text("---\naccount: parks\n---\nLeaf Day.\n", encoding="utf-8")
    return tmp_path


def add(folder: Path, name: str, data: bytes, kind: Kind | None = None, limit: int = 10 * MB) -> str:
    return add_file(folder, name, io.BytesIO(data), limit=limit, kind=kind)


def hidden(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name.startswith(".")]


@pytest.mark.parametrize(
    ("name", "data", "kind", "kept"),
    [
        ("crew.png", PNG, "picture", "crew.png"),
        ("Crew.JPEG", JPEG, "picture", "Crew.JPEG"),
        ("crew.jpg", PNG, "picture", "crew.png"),
        ("crew", GIF, "picture", "crew.gif"),
        ("crew.v2", WEBP, "picture", "crew.v2.webp"),
        ("crew.png", TIFF, None, "crew.tif"),
        ("niño en el parque 🍁.jpg", JPEG, "picture", "niño-en-el-parque.jpg"),
        ("../../etc/crew.jpg", JPEG, "picture", "crew.jpg"),
        ("C:\\Pictures\\crew.jpg", JPEG, "picture", "crew.jpg"),
        (".htaccess", JPEG, "picture", "htaccess.jpg"),
        ("post.md", JPEG, "picture", "post.jpg"),
        ("con.jpg", JPEG, "picture", "_con.jpg"),
        ("", JPEG, "picture", "file.jpg"),
        ("x" * 300 + ".jpg", JPEG, "picture", "x" * 76 + ".jpg"),
        ("a.mp4", MP4, "video", "a.mp4"),
        ("a.mp4", MOV, "video", "a.mov"),
        ("a.mov", MP4, None, "a.mp4"),
        ("a.webm", WEBM, "video", "a.webm"),
        ("a.en_US.srt", SRT, "captions", "a.en_US.srt"),
        ("a.srt", VTT, "captions", "a.vtt"),
        ("a.sbv", SBV, "captions", "a.sbv"),
        ("a.dfxp", TTML, "captions", "a.dfxp"),
        ("a.txt", TTML, None, "a.ttml"),
        ("2026-118.pdf", PDF, "release", "releases/2026-118.pdf"),
        ("2026-118", PDF, None, "releases/2026-118.pdf"),
        ("signed.png", JPEG, "release", "releases/signed.jpg"),
        ("crew.html", GIF + b"<script>alert(1)</script>;", "picture", "crew.gif"),
    ],
)  # fmt: skip
def test_what_is_kept(name: str, data: bytes, kind: Kind | None, kept: str, draft: Path) -> None:
    assert add(draft, name, data, kind) == kept
    assert (draft / kept).read_bytes() == data
    assert not hidden(draft)
    read(draft)


@pytest.mark.parametrize(
    ("name", "data", "kind", "said"),
    [
        ("crew.png", HTML, "picture", "crew.png is no picture"),
        ("a.srt", HTML, "captions", "a.srt is no picture"),
        ("a.ttml", HTML, None, "is no picture"),
        ("a.ttml", TTML.replace(b"<tt ", b'<tt xmlns:h="http://www.w3.org/1999/xhtml" '), "captions", "is no picture"),
        ("crew.png", SVG, "picture", "SVG drawing"),
        ("crew.svg", SVG, None, "SVG drawing"),
        ("crew.jpg", zipped(), "picture", "is no picture"),
        ("crew.jpg", b"", "picture", "is empty"),
        ("crew.jpg", b"#!/bin/sh\n", None, "is no picture"),
        ("crew.jpg", JPEG[:-400], "picture", "breaks off"),
        ("crew.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 99, "picture", "HEIC"),
        ("a.mp4", MP4[:-400], "video", "breaks off"),
        ("a.pdf", PDF[:20], "release", "breaks off"),
        ("a.srt", SRT.decode("utf-8-sig").encode("utf-16"), "captions", "in UTF-8"),
        ("a.vtt", VTT.replace(b"Day", b"D\xe1y"), "captions", "in UTF-8"),
        ("crew.jpg", MP4, "picture", "crew.jpg is MP4, not a picture"),
        ("a.mp4", JPEG, "video", "a.mp4 is JPEG, not a video"),
        ("a.vtt", JPEG, "captions", "a.vtt is JPEG, not a captions"),
        ("a.jpg", GIF, "release", "a release form is"),
        ("a.vtt", PDF, "captions", "is PDF"),
    ],
)  # fmt: skip
def test_what_is_not_kept(name: str, data: bytes, kind: Kind | None, said: str, draft: Path) -> None:
    with pytest.raises(UsageError, match=said):
        add(draft, name, data, kind)
    assert [path.name for path in draft.iterdir()] == ["post.md"]


class Endless:
    """Counts what is read of it."""

    def __init__(self) -> None:
        self.read_so_far = 0

    def read(self, size: int) -> bytes:
        self.read_so_far += size
        return b"\xff\xd8\xff" + b"\0" * (size - 3)


def test_what_is_too_large_is_not_read_to_its_end(draft: Path) -> None:
    endless = Endless()
    with pytest.raises(UsageError, match=r"larger than 2\.5 MB"):
        add_file(draft, "crew.jpg", cast(BinaryIO, endless), limit=2_500_000)
    assert endless.read_so_far < 5 * MB
    assert [path.name for path in draft.iterdir()] == ["post.md"]
    assert add(draft, "crew.jpg", JPEG, limit=len(JPEG)) == "crew.jpg"
    with pytest.raises(UsageError, match="larger than"):
        add(draft, "crew.jpg", JPEG, limit=len(JPEG) - 1)


def test_nothing_is_written_over(draft: Path) -> None:
    names = [add(draft, name, JPEG) for name in ("crew.jpg", "Crew.jpg", "crew.jpg", "crew.JPG")]
    assert names == ["crew.jpg", "Crew-2.jpg", "crew-3.jpg", "crew-4.JPG"]
    read(draft)
    made: list[str] = []
    threads = [threading.Thread(target=lambda: made.append(add(draft, "leaf.png", PNG))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(made) == ["leaf-2.png", "leaf-3.png", "leaf-4.png", "leaf-5.png", "leaf-6.png", "leaf.png"]


def test_without_links_of_the_file_system(draft: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    assert [add(draft, "crew.jpg", JPEG) for _ in range(2)] == ["crew.jpg", "crew-2.jpg"]
    assert (draft / "crew-2.jpg").read_bytes() == JPEG
    assert not hidden(draft)


def test_what_a_broken_upload_left_is_no_picture_and_goes(draft: Path) -> None:
    left = draft / ".postcheck-upload-1.jpg"
    left.write_bytes(JPEG)
    assert not read(draft).images
    add(draft, "crew.jpg", JPEG)
    assert left.exists()
    os.utime(left, (0, 0))
    add(draft, "crew.jpg", JPEG)
    assert not left.exists()


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_releases_elsewhere(draft: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    (draft / "releases").symlink_to(tmp_path_factory.mktemp("elsewhere"))
    with pytest.raises(UsageError, match="is a link"):
        add(draft, "a.pdf", PDF, "release")
    assert not list((draft / "releases").iterdir())


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps no such modes")
def test_the_mode_of_any_file(draft: Path) -> None:
    assert stat.S_IMODE((draft / add(draft, "a.jpg", JPEG)).stat().st_mode) == stat.S_IMODE(
        (draft / "post.md").stat().st_mode
    )


# ---------------------------------------------------------------------------------------------- taken out

NAMED = """\
---
account: parks
images:
  - file: crew.jpg  # Jo's
    alt: A crew.
    people:
      - who: volunteer
        release: [releases/a.pdf, 2026-118]
  # the title
  - file: title.png
    permission: may.pdf
videos:
  - file: a.mp4
    captions: a.vtt
---
Leaf Day.
"""


@pytest.fixture
def named(draft: Path) -> Path:
    for name, data in (("crew.jpg", JPEG), ("title.png", PNG), ("a.mp4", MP4), ("a.vtt", VTT), ("releases/a.pdf", PDF), ("may.pdf", PDF)):  # fmt: skip
        (draft / name).parent.mkdir(exist_ok=True)
        (draft / name).write_bytes(data)
    (draft / "post.md").write_text(NAMED, encoding="utf-8")
    return draft


@pytest.mark.parametrize(
    ("name", "was", "becomes"),
    [
        ("crew.jpg", NAMED[NAMED.index("  - file: crew") : NAMED.index("  # the")], ""),
        ("title.png", "  - file: title.png\n    permission: may.pdf\n", ""),
        ("a.mp4", "videos:\n  - file: a.mp4\n    captions: a.vtt\n", ""),
        ("a.vtt", "    captions: a.vtt\n", ""),
        ("releases/a.pdf", "[releases/a.pdf, 2026-118]", "[2026-118]"),
    ],
)
def test_a_file_is_taken_out(name: str, was: str, becomes: str, named: Path) -> None:
    sha256 = remove_file(named, name)
    assert (named / "post.md").read_text(encoding="utf-8") == NAMED.replace(was, becomes)
    assert not (named / name).exists()
    assert read_form(named)[1] == sha256


def test_one_that_the_draft_does_not_name(named: Path) -> None:
    (named / "stray.jpg").write_bytes(JPEG)
    remove_file(named, "stray.jpg")
    assert not (named / "stray.jpg").exists()
    assert (named / "post.md").read_text(encoding="utf-8") == NAMED


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
@pytest.mark.parametrize(
    "name",
    ["post.md", "POST.MD", "../secret.jpg", "/etc/secret.jpg", "a\\b.jpg", ".hidden.jpg", "releases", "", ".", "x/../crew.jpg",
     "notes.txt", "not-there.jpg", "may.pdf", "link.jpg", "linked/secret.jpg"],
)  # fmt: skip
def test_what_is_never_taken_out(name: str, named: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "secret.jpg").write_bytes(JPEG)
    (named / "link.jpg").symlink_to(named / "crew.jpg")
    if name == "linked/secret.jpg":
        (named / "linked").symlink_to(elsewhere)
    for kept in ("notes.txt", ".hidden.jpg"):
        (named / kept).write_bytes(b"a")
    before = sorted(path.name for path in named.rglob("*"))
    with pytest.raises((UsageError, Uneditable)):
        remove_file(named, name)
    assert sorted(path.name for path in named.rglob("*")) == before
    assert (named / "post.md").read_text(encoding="utf-8") == NAMED
