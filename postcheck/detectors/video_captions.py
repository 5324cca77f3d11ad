"""Captions beside what is said in the video: are they there, complete, in time?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from postcheck.analysis.captions import captions
from postcheck.analysis.spoken import kind_of, spoken
from postcheck.analysis.timing import Interval, outside, shift, total, united
from postcheck.analysis.video.facts import Watched, burned_in, speaks, video_facts, watched
from postcheck.detectors.pictures import untested
from postcheck.detectors.videos import at, clock, each_video
from postcheck.errors import CannotTest
from postcheck.model import PASSED, Asset, Context, Draft, Observation, Options, Outcome, Video

_PAUSE = 1.0
"""Seconds. What is said before and after a shorter pause belongs together."""


def captions_missing(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    """Options: `speech`, seconds from which somebody speaks at all; `burned_in`, the share of looks that saw words low
    in the picture, and `changes`, how often they became others: from there on they may be captions."""

    def judge(video: Video, seen: Watched) -> Iterator[Observation]:
        facts = video_facts(video.asset.path)
        if video.captions or facts.captions or facts.captions_within:
            yield PASSED
            return
        if not speaks(seen, options["speech"]):
            return  # nobody speaks
        burned = burned_in(video.asset.path, seen.speech)
        first, last = seen.speech[0][0], seen.speech[-1][1]
        data = {
            "file": video.asset.name,
            "stem": video.asset.path.stem,
            "seconds": round(total(seen.speech)),
            "first": clock(first),
        }
        if burned.share >= options["burned_in"] and burned.changes >= options["changes"]:
            data |= {"words": burned.words, "when": clock(burned.when)}
            place = at(video, burned.when, burned.when)
            yield Observation(Outcome.CANT_TELL, place, data)
        else:
            yield Observation(Outcome.FAILED, at(video, first, last), data)

    return each_video(draft, watched, judge)


def gap_with_speech(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    """Options: `seconds` of speech that may stand without a cue; `margin`, seconds by which a cue may come late or go
    early, and `surely`, how many seconds must be left beyond that."""

    def judge(video: Video, seen: Watched, asset: Asset, cues: list[Interval]) -> Iterator[Observation]:
        lag = _lag(seen.speech, cues, options) or 0.0
        shown = [(start - lag, end - lag) for start, end in cues]
        surely = outside(seen.speech, [(start - options["margin"], end + options["margin"]) for start, end in shown])
        unseen = outside(seen.speech, shown)
        gaps = []
        for start, end in united(unseen, _PAUSE):
            said = sum(stop - begin for begin, stop in unseen if start <= begin < end)
            sure = sum(stop - begin for begin, stop in surely if start <= begin < end)
            if said > options["seconds"] and sure > options["surely"]:
                gaps.append((said, start, end))
        if not gaps:
            yield PASSED
        for said, start, end in gaps:
            data = {"file": asset.name, "video": video.asset.name, "seconds": round(said, 1)}
            data |= {"start": clock(start), "end": clock(end)}
            yield Observation(Outcome.FAILED, at(video, start, end), data)

    return _each_with_captions(draft, context, judge)


def out_of_sync(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    """Options: `slight` and `seconds`, by which the cues come early or late; `from_seconds`, the length of the video
    from which that can be told; `near`, seconds by which cues may always be off; `fit`, how well cues and speech must
    meet (see `timing.Shift`), `gain`, how much better than as they stand, and `lead`, how much better than anywhere
    else."""

    def judge(video: Video, seen: Watched, asset: Asset, cues: list[Interval]) -> Iterator[Observation]:
        if round(seen.end) < options["from_seconds"]:
            return  # too little to compare
        lag = _lag(seen.speech, cues, options)
        if lag is None or abs(lag) < options["slight"]:
            yield PASSED
            return
        data = {"file": asset.name, "video": video.asset.name, "seconds": round(abs(lag), 1)}
        data["way"] = "after" if lag > 0 else "before"
        place = at(video, seen.speech[0][0], seen.speech[0][1])
        message = "" if abs(lag) >= options["seconds"] else "failed-slight"
        yield Observation(Outcome.FAILED, place, data, message)

    return _each_with_captions(draft, context, judge)


def past_the_end(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    """Options: `seconds` that a cue may stay after the last picture."""

    def judge(video: Video, seen: Watched, asset: Asset, cues: list[Interval]) -> Iterator[Observation]:
        late = [cue for cue in cues if cue[1] > seen.end + options["seconds"]]
        if not late:
            yield PASSED
            return
        data = {"file": asset.name, "video": video.asset.name, "count": len(late)}
        data |= {"end": clock(seen.end), "last": clock(late[-1][1])}
        message = "failed-all" if len(late) == len(cues) else ""
        yield Observation(Outcome.FAILED, at(video, late[0][0], late[-1][1]), data, message)

    return _each_with_captions(draft, context, judge)


_Judge = Callable[[Video, Watched, Asset, list[Interval]], Iterator[Observation]]


def _each_with_captions(draft: Draft, context: Context, judge: _Judge) -> Iterator[Observation]:
    """What `judge` says of each video and each file of its captions that can be read, by the times of the cues in which
    something is said."""

    def judge_all(video: Video, seen: Watched) -> Iterator[Observation]:
        for asset in video.captions:
            try:
                read = captions(asset, context.texts)
            except CannotTest as reason:
                yield untested(video, reason)
                continue
            cues = [(cue.start, cue.end) for cue in read.cues if cue.end > cue.start and spoken(cue)]
            if seen.speech and cues and kind_of(asset.name, read) in ("captions", "subtitles"):
                yield from judge(video, seen, asset, cues)

    with_captions = replace(draft, videos=tuple(video for video in draft.videos if video.captions))
    return each_video(with_captions, watched, judge_all)


def _lag(speech: tuple[Interval, ...], cues: list[Interval], options: Options) -> float | None:
    """By how many seconds the cues come after the speech; None where that cannot be told."""
    found = shift(speech, cues)
    if found is None or found.fit < options["fit"]:
        return None
    is_clear = found.fit - found.as_they_are >= options["gain"] and found.fit - found.elsewhere >= options["lead"]
    return found.seconds if is_clear or abs(found.seconds) < options["near"] else 0.0


def description_missing(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    for video in draft.videos:
        data = {"file": video.asset.name}
        yield PASSED if video.audio_description else Observation(Outcome.CANT_TELL, video.place, data)
