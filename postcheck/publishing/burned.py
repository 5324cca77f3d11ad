"""A copy of a video with its captions in the picture, by ffmpeg where it is there."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from postcheck.analysis.cues import Captions
from postcheck.analysis.video.facts import video_facts
from postcheck.errors import CannotTest
from postcheck.messages import say

_MOST_SECONDS = 3600
"""That ffmpeg may take."""
_SAME_LENGTH = 0.5
"""Seconds."""
_LEAST_CHANGE = 0.0001
"""The share of pixels that the words must have changed. “I.” changes 0.00017 or more of plain, patterned and noisy
pictures of several sizes; encoding them again without words changes none clearly."""
_CLEARLY = 60
"""Of 255 levels: more than what encoding the picture again changes."""


def ffmpeg() -> str:
    """The program; "" where there is none."""
    found = shutil.which("ffmpeg")
    if found:
        return found
    try:
        import imageio_ffmpeg

        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except (ImportError, RuntimeError):
        return ""


def burn(video: Path, text: str, read: Captions, output: Path) -> str:
    """Write `output`, an MP4; or say why it was not, and leave nothing.

    Args:
        text: The captions as SubRip.
        read: The same captions.
    """
    program = ffmpeg()
    if not program:
        return say("ffmpeg is not installed.")
    with tempfile.TemporaryDirectory(prefix="postcheck-") as folder:
        (Path(folder) / "captions.srt").write_text(text, encoding="utf-8", newline="\n")
        made = Path(folder) / "made.mp4"
        command = [
            program, "-nostdin", "-v", "error", "-protocol_whitelist", "file,pipe", "-i", f"file:{video.resolve()}",
            "-map", "0:v:0", "-map", "0:a?", "-sn", "-dn", "-vf", "subtitles=captions.srt",
            "-c:v", "libx264", "-crf", "18", "-pix_fmt", "yuv420p", "-c:a", "copy", "-threads", "1",
            "-fflags", "+bitexact", "-flags:v", "+bitexact", "-movflags", "+faststart", "made.mp4",
        ]  # fmt: skip
        try:
            done = subprocess.run(command, cwd=folder, capture_output=True, timeout=_MOST_SECONDS, check=False)
        except (OSError, subprocess.TimeoutExpired):
            return say("ffmpeg broke off.")
        if done.returncode or not made.is_file():
            return say("ffmpeg could not do it.")
        try:
            if not _shows_them(program, video, made, read):
                return say("The words could not be seen in the copy.")
        except (OSError, CannotTest):
            return say("The copy could not be looked at.")
        shutil.copyfile(made, output)
    return ""


def _shows_them(program: str, before: Path, after: Path, read: Captions) -> bool:
    """Is the copy as long, and does it look otherwise where the first cues are shown?

    ffmpeg says nothing where it finds no font, and draws nothing.
    """
    one, other = video_facts(before), video_facts(after)
    if one.fault or other.fault or abs(one.seconds - other.seconds) > _SAME_LENGTH:
        return False
    middles = [(cue.start + cue.end) / 2 for cue in read.cues if cue.end <= one.seconds][:3]
    return bool(middles) and all(changed(program, before, after, second) >= _LEAST_CHANGE for second in middles)


def changed(program: str, before: Path, after: Path, second: float) -> float:
    """The share of pixels that clearly differ then, from 0 to 1; 0 where the two cannot be compared."""
    at = ("-ss", f"{second:.3f}", "-protocol_whitelist", "file,pipe", "-i")
    compared = "[0:v:0]format=gray[a];[1:v:0]format=gray[b];[a][b]blend=all_mode=difference"
    command = [
        program, "-nostdin", "-v", "error", *at, f"file:{before.resolve()}", *at, f"file:{after.resolve()}",
        "-filter_complex", compared, "-frames:v", "1", "-f", "rawvideo", "-",
    ]  # fmt: skip
    try:
        levels = subprocess.run(command, capture_output=True, timeout=_MOST_SECONDS, check=False).stdout
    except (OSError, subprocess.TimeoutExpired):
        return 0.0
    return sum(levels.count(level) for level in range(_CLEARLY, 256)) / len(levels) if levels else 0.0
