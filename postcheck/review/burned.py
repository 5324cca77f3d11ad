"""A copy of a video with its captions in the picture, by ffmpeg where it is there."""

from __future__ import annotations

import base64
import io
import shutil
import subprocess
import tempfile
from pathlib import Path

from postcheck.analysis.cues import Captions
from postcheck.analysis.video.facts import stills, video_facts
from postcheck.errors import CannotTest
from postcheck.messages import say

_MOST_SECONDS = 3600
"""That ffmpeg may take."""
_SAME_LENGTH = 0.5
"""Seconds."""
_LEAST_CHANGE = 0.002
"""The share of pixels that the words must have changed; a short word on a small picture changes four times as many."""
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
            if not _shows_them(video, made, read):
                return say("The words could not be seen in the copy.")
        except (OSError, CannotTest):
            return say("The copy could not be looked at.")
        shutil.copyfile(made, output)
    return ""


def _shows_them(before: Path, after: Path, read: Captions) -> bool:
    """Is the copy as long, and does it look otherwise where the first cues are shown?

    ffmpeg says nothing where it finds no font, and draws nothing.
    """
    one, other = video_facts(before), video_facts(after)
    if one.fault or other.fault or abs(one.seconds - other.seconds) > _SAME_LENGTH:
        return False
    middles = [round((cue.start + cue.end) / 2, 3) for cue in read.cues if cue.end <= one.seconds][:3]
    if not middles:
        return False
    shown, burnt = stills(before, middles)[1], stills(after, middles)[1]
    changed = [_change(a.jpeg, b.jpeg) for a, b in zip(shown, burnt, strict=True)]
    return bool(changed) and min(changed) >= _LEAST_CHANGE


def _change(one: str, other: str) -> float:
    """The share of pixels that clearly differ, from 0 to 1."""
    from PIL import Image, ImageChops

    first, second = (Image.open(io.BytesIO(base64.b64decode(jpeg))).convert("L") for jpeg in (one, other))
    if first.size != second.size:
        return 0.0
    counts = ImageChops.difference(first, second).histogram()
    return sum(counts[_CLEARLY:]) / (first.width * first.height)
