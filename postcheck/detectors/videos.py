"""What is in videos: can they be played, what sound they have, what their metadata tell."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from postcheck.analysis.video.facts import VideoFacts, Watched, video_facts, watched
from postcheck.analysis.video.opening import NO_PICTURES, UNREADABLE
from postcheck.detectors.limits import exceeded, limits_for
from postcheck.detectors.pictures import untested
from postcheck.errors import CannotTest
from postcheck.model import PASSED, Context, Draft, Observation, Options, Outcome, Video
from postcheck.source import Location

Seen = TypeVar("Seen")


def each_video(
    draft: Draft, look: Callable[[Path], Seen], judge: Callable[[Video, Seen], Iterator[Observation]]
) -> Iterator[Observation]:
    """What `judge` says of each video, by what `look` sees in the file. One that cannot be looked at is untested, so
    that the others do not make the check passed; what is wrong with the file is for video/unreadable."""
    for video in draft.videos:
        try:
            if video_facts(video.asset.path).fault:
                raise CannotTest(f"{video.asset.name} cannot be read as a video.")
            seen = look(video.asset.path)
            yield from judge(video, seen)
        except CannotTest as reason:
            yield untested(video, reason)


def at(video: Video, start: float, end: float) -> Location:
    """A stretch of time in the video, in seconds."""
    return Location(asset=video.asset.name, field=video.field, interval=(round(start, 3), round(end, 3)))


def clock(seconds: float) -> str:
    """As players show it: 0:07, 12:30, 1:02:03."""
    whole = round(max(seconds, 0.0))
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def video_unreadable(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    """Options: `broken`, the share of pictures that may be damaged, and `plays`, that of the stated length that must be
    there, from 0 to 1."""
    for video in draft.videos:
        data = {"file": video.asset.name}
        try:
            facts = video_facts(video.asset.path)
            if facts.fault:
                message = {UNREADABLE: "", NO_PICTURES: "failed-no-pictures"}[facts.fault]
                yield Observation(Outcome.FAILED, video.place, data, message)
                continue
            seen = watched(video.asset.path)
        except CannotTest as reason:
            yield untested(video, reason)
            continue
        if seen.end < facts.seconds * options["plays"] - 1:
            data |= {"end": clock(seen.end), "length": clock(facts.seconds)}
            yield Observation(Outcome.FAILED, video.place, data, "failed-ends-early")
        elif seen.broken > options["broken"] * max(seen.frames, 1):
            yield Observation(Outcome.FAILED, video.place, {**data, "broken": seen.broken}, "failed-damaged")
        else:
            yield PASSED


def no_audio(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    def judge(video: Video, seen: Watched) -> Iterator[Observation]:
        if seen.sound and seen.sound.audible:
            yield PASSED
        else:
            message = "failed-silent" if seen.sound else ""
            yield Observation(Outcome.FAILED, video.place, {"file": video.asset.name}, message)

    return each_video(draft, watched, judge)


def sound_cut_off(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    """Options: `share`, of samples as loud as can be stored, from 0 to 1."""

    def judge(video: Video, seen: Watched) -> Iterator[Observation]:
        if seen.sound and seen.sound.audible:
            share = seen.sound.cut_off
            data = {"file": video.asset.name, "percent": round(share * 100, 2)}
            yield Observation(Outcome.FAILED, video.place, data) if share >= options["share"] else PASSED

    return each_video(draft, watched, judge)


def video_location(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    def judge(video: Video, facts: VideoFacts) -> Iterator[Observation]:
        data = {"file": video.asset.name}
        yield Observation(Outcome.FAILED, video.place, data) if facts.says_where else PASSED

    return each_video(draft, video_facts, judge)


def video_too_long(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    """Options: `slack`, seconds by which the length that a file states may be off."""

    def judge(video: Video, facts: VideoFacts) -> Iterator[Observation]:
        for platform, limit in limits_for(draft, context, "video-seconds"):
            if facts.seconds <= limit.most + options["slack"]:
                yield PASSED
                continue
            data = {"file": video.asset.name, "length": clock(facts.seconds), "limit": clock(limit.most)}
            yield exceeded(platform, limit, video.place, **data)

    return each_video(draft, video_facts, judge)


def video_codec(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    """Options: `pictures` and `sound`, the codecs that every platform takes, as FFmpeg calls them."""

    def judge(video: Video, facts: VideoFacts) -> Iterator[Observation]:
        odd = [
            codec
            for codec, known in ((facts.pictures, options["pictures"]), (facts.sound, options["sound"]))
            if codec and codec not in known
        ]
        data = {"file": video.asset.name, "codecs": " and ".join(odd)}
        yield Observation(Outcome.FAILED, video.place, data) if odd else PASSED

    return each_video(draft, video_facts, judge)


def video_shape(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    """Options: `widest` and `narrowest`, width by height; `least`, pixels of the shorter side."""

    def judge(video: Video, facts: VideoFacts) -> Iterator[Observation]:
        shape = facts.width / max(facts.height, 1)
        data = {"file": video.asset.name, "width": facts.width, "height": facts.height, "least": options["least"]}
        if not options["narrowest"] <= shape <= options["widest"]:
            yield Observation(Outcome.FAILED, video.place, data)
        elif min(facts.width, facts.height) < options["least"]:
            yield Observation(Outcome.FAILED, video.place, data, "failed-small")
        else:
            yield PASSED

    return each_video(draft, video_facts, judge)
