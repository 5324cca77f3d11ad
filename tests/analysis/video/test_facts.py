"""What is seen and heard in videos that were made for it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from postcheck.analysis.video.facts import VideoFacts, burned_in, video_facts, watched
from postcheck.analysis.video.opening import NO_PICTURES, UNREADABLE
from postcheck.analysis.video.poster import poster
from postcheck.analysis.video.speech import STEP, intervals
from tests.videos import video


def made(folder: Path, format_: str = "mp4", **render: Any) -> Path:
    path = folder / f"clip.{'mkv' if format_ == 'matroska' else format_}"
    path.write_bytes(video(render, format_))
    return path


def test_what_the_file_states(tmp_path: Path) -> None:
    facts = video_facts(made(tmp_path, seconds=2, size=[180, 320], tone=0.1))
    assert (facts.fault, facts.width, facts.height, facts.rate) == ("", 180, 320, 10)
    assert (facts.pictures, facts.sound, facts.captions, facts.says_where) == ("h264", "aac", (), False)
    assert facts.seconds == pytest.approx(2, abs=0.1)


@pytest.mark.parametrize("content", [b"", b"no video at all" * 99, b"\0\0\0\x18ftypisom" + bytes(9000)])
def test_what_cannot_be_read(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "clip.mp4").write_bytes(content)
    assert video_facts(tmp_path / "clip.mp4") == VideoFacts(fault=UNREADABLE)


def test_a_playlist_opens_nothing(tmp_path: Path) -> None:
    other = made(tmp_path)
    playlist = tmp_path / "list.mp4"
    playlist.write_text(f"ffconcat version 1.0\nfile '{other}'\n", encoding="utf-8")
    assert video_facts(playlist).fault == UNREADABLE


def test_sound_alone(tmp_path: Path) -> None:
    assert video_facts(made(tmp_path, pictures=False, tone=0.1)).fault == NO_PICTURES


def test_captions_in_the_file(tmp_path: Path) -> None:
    assert [one.codec for one in video_facts(made(tmp_path, "matroska", captions=True)).captions] == ["srt"]


def test_where_it_was_taken(tmp_path: Path) -> None:
    assert video_facts(made(tmp_path, metadata={"location": "+45.5231-122.6765/"})).says_where
    (tmp_path / "b").mkdir()
    assert not video_facts(made(tmp_path / "b", metadata={"location": "+00.0000+000.0000/"})).says_where


def test_speech_is_heard_and_a_tone_is_none(tmp_path: Path) -> None:
    seen = watched(made(tmp_path, seconds=8, speech=[[1, 4], [5.5, 7.5]], tone=0.02))
    assert len(seen.speech) == 2
    for (start, end), (begin, stop) in zip(seen.speech, [(1, 4), (5.5, 7.5)], strict=True):
        assert begin - 0.2 < start < begin + 0.8
        assert stop - 0.5 < end < stop + 0.3


def test_silence_and_no_sound(tmp_path: Path) -> None:
    silent = watched(made(tmp_path, silent=True)).sound
    assert silent and not silent.audible
    (tmp_path / "b").mkdir()
    assert watched(made(tmp_path / "b")).sound is None


def test_words_that_change_low_in_the_picture(tmp_path: Path) -> None:
    words = [[0.5, 3.5, "Leaf Day is Saturday"], [3.5, 6.5, "Move your car by eight"]]
    path = made(tmp_path, seconds=7, size=[640, 360], words=words)
    found = burned_in(path, ((0.5, 6.5),))
    assert (found.share, found.changes) == (1, 1)
    assert "car" in found.words


def test_the_poster(tmp_path: Path) -> None:
    (frame,) = poster(made(tmp_path, size=[1920, 1080], seconds=0.5))
    assert frame.pixels.size == (960, 540)
    assert frame.scale == 2


def test_when_speech_goes_on() -> None:
    def spans(*parts: tuple[float, float]) -> list[tuple[float, float]]:
        """Of stretches of (seconds, how likely)."""
        return intervals([likely for seconds, likely in parts for _ in range(round(seconds / STEP))])

    assert spans((1, 0.0)) == []
    ((start, end),) = spans((1, 0.0), (1, 0.9), (1, 0.0))
    assert start == pytest.approx(1, abs=STEP)
    assert end == pytest.approx(2, abs=STEP)
    assert len(spans((1, 0.9), (0.16, 0.1), (1, 0.9))) == 1  # between two words
    assert len(spans((1, 0.9), (0.5, 0.1), (1, 0.9))) == 2
    assert spans((0.1, 0.9), (1, 0.0)) == []  # a click
    assert len(spans((0.5, 0.6), (1, 0.4), (0.5, 0.6))) == 1  # soft, but it had begun
    assert spans((2, 0.4)) == []
