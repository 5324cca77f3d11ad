"""Containers and captions files: whole, cut off, or something else under their name."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from postcheck.analysis.media import media_fault
from tests.drafts import content

FTYP = struct.pack(">I", 16) + b"ftypisom\0\0\0\0"
MOOV = struct.pack(">I", 24) + b"moov" + bytes(16)
MDAT = struct.pack(">I", 72) + b"mdat" + bytes(64)
LARGE_MDAT = struct.pack(">I", 1) + b"mdat" + struct.pack(">Q", 80) + bytes(64)
ENDLESS_MDAT = struct.pack(">I", 0) + b"mdat" + bytes(64)
EBML = b"\x1a\x45\xdf\xa3\x84webm"
AVI = b"RIFF" + struct.pack("<I", 60) + b"AVI LIST" + struct.pack("<I", 48) + b"hdrl" + bytes(44)


@pytest.mark.parametrize(
    ("name", "made", "fault"),
    [
        ("a.mp4", FTYP + MOOV + MDAT, ""),
        ("a.MOV", FTYP + MDAT + MOOV, ""),
        ("a.mp4", FTYP + MOOV + LARGE_MDAT, ""),
        ("a.mp4", FTYP + MOOV + ENDLESS_MDAT, ""),
        ("a.mp4", FTYP + MOOV + MDAT + b"\0\0\0", ""),
        ("a.mp4", FTYP + MOOV + LARGE_MDAT[:-1], "truncated"),
        ("a.mp4", FTYP + MOOV + MDAT[:-9], "truncated"),
        ("a.mp4", FTYP + MDAT, "truncated"),
        ("a.mp4", FTYP + MOOV, "truncated"),
        ("a.mp4", struct.pack(">I", 8) + b"moov" + MDAT, "truncated"),
        ("a.mp4", EBML + b"\x18\x53\x80\x67\x84abcd", "not-what-it-says"),
        ("a.mp4", b"<html>not a video</html>", "not-what-it-says"),
        ("a.mp4", b"", "empty"),
        ("a.webm", EBML + b"\x18\x53\x80\x67\x84abcd", ""),
        ("a.mkv", EBML + b"\x18\x53\x80\x67\x01\xff\xff\xff\xff\xff\xff\xffabcd", ""),
        ("a.webm", EBML + b"\x18\x53\x80\x67\x01\xff\xff\xff\xff\xff\xff\xff", "truncated"),
        ("a.webm", EBML + b"\x18\x53\x80\x67\x84abc", "truncated"),
        ("a.webm", EBML, "truncated"),
        ("a.webm", EBML[:3], "not-what-it-says"),
        ("a.webm", FTYP + MOOV + MDAT, "not-what-it-says"),
        ("a.avi", AVI, ""),
        ("a.avi", AVI[:-1], "truncated"),
        ("a.avi", b"RIFF\x04\0\0\0AVI ", "truncated"),
        ("a.vtt", b"\xef\xbb\xbfWEBVTT\n", ""),
        ("a.vtt", b"1\n00:00:00,000 --> 00:00:01,000\nHi\n", ""),  # what is inside is told by captions/invalid
        ("a.vtt", b" \n", "empty"),
        ("a.srt", b"1\n00:00:00,000 --> 00:00:01,000\nHi\n", ""),
        ("a.srt", "WEBVTT\n".encode("utf-16-le"), "not-utf-8"),
        ("a.srt", "1\n00:00:00,000 --> 1\ncafé\n".encode("latin-1"), "not-utf-8"),
        ("a.srt", "1\n".encode("utf-16"), "not-utf-8"),
        ("a.ttml", b'<?xml version="1.0"?><tt/>', ""),
        ("a.ttml", b"", "empty"),
        ("a.pdf", b"%PDF-1.4\n%%EOF\n", ""),
        ("a.pdf", b"%PDF-1.4\n", "truncated"),
        ("a.pdf", b"PK\x03\x04", "not-what-it-says"),
        ("a.wmv", b"anything", "unknown-kind"),
    ],
)
def test_faults(tmp_path: Path, name: str, made: bytes, fault: str) -> None:
    (tmp_path / name).write_bytes(made)
    assert media_fault(tmp_path / name) == fault


@pytest.mark.parametrize("name", ["a.mp4", "a.webm"])
def test_every_cut_is_noticed(tmp_path: Path, name: str) -> None:
    """What the examples of the checks take for a whole video is none at any shorter length."""
    whole = content(name, {})
    for length in range(1, len(whole)):
        (tmp_path / name).write_bytes(whole[:length])
        assert media_fault(tmp_path / name), length
