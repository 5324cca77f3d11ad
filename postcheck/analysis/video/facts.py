"""What is in a video: measured in a process of its own (`worker`), once for each content, and kept.

That takes as long as the video takes to decode.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from postcheck.analysis.flashes import FlashFacts, facts_from
from postcheck.analysis.measured import measured
from postcheck.analysis.timing import Interval, total
from postcheck.analysis.video.worker import work
from postcheck.errors import CannotTest


@dataclass(frozen=True, slots=True)
class CaptionStream:
    """Captions that are carried in the video file itself."""

    codec: str
    """As FFmpeg calls it: mov_text, webvtt, subrip."""
    language: str
    """As the file says it; "" where it does not."""


@dataclass(frozen=True, slots=True)
class VideoFacts:
    fault: str = ""
    """UNREADABLE, or NO_PICTURES (of `opening`) where it is sound alone."""
    container: str = ""
    seconds: float = 0.0
    """As the file states; 0.0 where it does not."""
    width: int = 0
    height: int = 0
    """In square pixels, upright."""
    rate: float = 0.0
    """Pictures a second, on average; 0.0 where it is not known."""
    pictures: str = ""
    sound: str = ""
    """The codecs, as FFmpeg calls them; "" where there is no such stream."""
    captions: tuple[CaptionStream, ...] = ()
    captions_within: bool = False
    """CEA-608/708, between the pictures."""
    says_where: bool = False
    """Its metadata hold coordinates."""


@dataclass(frozen=True, slots=True)
class Sound:
    seconds: float
    audible: bool
    cut_off: float
    """The share of samples that are as loud as can be stored, from 0 to 1."""
    speech: tuple[Interval, ...]
    """Seconds from the begin of the video."""


@dataclass(frozen=True, slots=True)
class Watched:
    frames: int
    broken: int
    """Packets that could not be decoded."""
    seconds: float
    """When the last picture is shown."""
    sound: Sound | None
    flashes: FlashFacts

    @property
    def end(self) -> float:
        """Seconds: when nothing is seen or heard any more."""
        return max(self.seconds, self.sound.seconds if self.sound else 0.0)

    @property
    def speech(self) -> tuple[Interval, ...]:
        return self.sound.speech if self.sound else ()


@dataclass(frozen=True, slots=True)
class BurnedIn:
    """Words that change, low in the picture, while somebody speaks."""

    share: float
    """Of the looks at times of speech, how many saw words there."""
    changes: int
    """How often they became others."""
    when: float
    """Seconds: a picture that shows them."""
    words: str
    """What was read there; it may be misread."""


@dataclass(frozen=True, slots=True)
class Still:
    """A small picture of a video."""

    second: float
    width: int
    height: int
    """Pixels."""
    jpeg: str
    """In Base64."""


def video_facts(path: Path) -> VideoFacts:
    """Found when the video is watched, since nearly every draft with a video asks for both; by themselves where that
    cannot be done.

    Raises:
        OSError: the file cannot be opened.
        CannotTest: see `worker.work`.
    """
    try:
        found = dict(_seen(path)["facts"])
    except CannotTest:
        found = dict(measured(path, "video", lambda: work("probe", path)))
    found["captions"] = tuple(CaptionStream(*one) for one in found.get("captions", ()))
    return VideoFacts(**found)


def watched(path: Path) -> Watched:
    """
    Raises:
        OSError: the file cannot be opened.
        CannotTest: see `worker.work`; or it is no video that can be read.
    """
    found = {name: value for name, value in _seen(path).items() if name != "facts"}
    if not found:
        raise CannotTest(f"{path.name} cannot be read as a video.")
    sound = found["sound"] and Sound(**{**found["sound"], "speech": _intervals(found["sound"]["speech"])})
    return Watched(**{**found, "sound": sound, "flashes": facts_from(found["flashes"])})


def _seen(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = measured(path, "watched", lambda: work("watch", path))
    return found


def burned_in(path: Path, speech: tuple[Interval, ...]) -> BurnedIn:
    """
    Raises:
        OSError: the file cannot be opened.
        CannotTest: see `worker.work`.
    """
    return BurnedIn(**measured(path, "burned-in", lambda: work("burned-in", path, {"speech": speech})))


def stills(path: Path, at: Sequence[float]) -> tuple[tuple[Still, ...], tuple[Still, ...]]:
    """A few pictures, evenly spaced; and those that are shown at these seconds.

    Raises:
        OSError: the file cannot be opened.
        CannotTest: see `worker.work`.
    """
    found = measured(path, f"stills {list(at)}", lambda: work("stills", path, {"at": list(at)}))
    strip, asked = ([Still(**one) for one in found[name]] for name in ("strip", "at"))
    return tuple(strip), tuple(asked)


def _intervals(values: list[list[float]]) -> tuple[Interval, ...]:
    return tuple((start, end) for start, end in values)


def speaks(seen: Watched, least: float) -> bool:
    """Are words spoken for more than `least` seconds?"""
    return total(seen.speech) > least
