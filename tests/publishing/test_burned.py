"""A copy of a video with its captions in the picture."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from postcheck.analysis.captions import captions
from postcheck.analysis.video.facts import video_facts
from postcheck.model import Asset
from postcheck.publishing import burned
from tests.videos import video

SRT = "1\n00:00:00,500 --> 00:00:01,500\nLeaf Day is Saturday.\n"


def has_font(folder: Path) -> bool:
    """Does ffmpeg itself say that it found one?"""
    command = [
        burned.ffmpeg(),
        "-nostdin",
        "-v",
        "info",
        "-i",
        "clip.mp4",
        "-vf",
        "subtitles=clip.srt",
        "-f",
        "null",
        "-",
    ]
    return b") -> " in subprocess.run(command, cwd=folder, capture_output=True, check=True).stderr


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    (tmp_path / "clip.mp4").write_bytes(video({"seconds": 2, "size": [640, 360], "tone": 0.1}))
    (tmp_path / "clip.srt").write_text(SRT, encoding="utf-8")
    return tmp_path / "clip.mp4"


def test_the_words_are_in_the_picture(clip: Path) -> None:
    read = captions(Asset("clip.srt", clip.with_suffix(".srt")), {})
    made, again = clip.with_name("made.mp4"), clip.with_name("again.mp4")
    if not has_font(clip.parent):
        pytest.skip("ffmpeg finds no font here")
    assert burned.burn(clip, SRT, read, made) == ""
    one, other = video_facts(clip), video_facts(made)
    assert (one.width, one.height, one.sound) == (other.width, other.height, other.sound)
    assert burned.burn(clip, SRT, read, again) == ""
    assert made.read_bytes() == again.read_bytes()


def test_a_copy_without_the_words_is_refused(clip: Path) -> None:
    read = captions(Asset("clip.srt", clip.with_suffix(".srt")), {})
    nothing = "1\n00:00:00,500 --> 00:00:01,500\n \n"
    made = clip.with_name("made.mp4")
    assert "could not be seen" in burned.burn(clip, nothing, read, made)
    assert not made.exists()


def test_what_ffmpeg_cannot_read_is_told(tmp_path: Path, clip: Path) -> None:
    read = captions(Asset("clip.srt", clip.with_suffix(".srt")), {})
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"no video")
    assert "could not do it" in burned.burn(broken, SRT, read, tmp_path / "made.mp4")
