"""How captions are timed and laid out: whether there is time to read each cue, and room on the screen."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from postcheck.analysis.cues import Captions, Cue, written_time
from postcheck.analysis.spoken import spoken
from postcheck.analysis.text import graphemes
from postcheck.detectors.caption_files import Place, each, folded, place_of, shape
from postcheck.model import PASSED, Asset, Context, Draft, Observation, Options, Outcome
from postcheck.source import Location


def reading_speed(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    """Options, in characters a second: `warning` and `error`; and `shortest`, in seconds: of a cue that only stays too
    briefly captions/too-brief speaks. Tags, labels of speakers and [sounds] are not counted."""

    def judge(asset: Asset, read: Captions) -> Iterator[Observation]:
        found = []
        for cue in read.cues:
            count = sum(graphemes(line) for line in spoken(cue))
            if cue.duration <= 0 or count <= options["warning"] * max(cue.duration, options["shortest"]):
                continue
            speed = count / cue.duration
            found.append(Place(cue, speed, f"{speed:.1f} characters a second", speed > options["error"]))
        return folded(asset, read, found, warning=options["warning"], error=options["error"])

    return each(draft, context, judge)


def too_brief(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    """Options, in seconds: `warning` and `error`."""

    def judge(asset: Asset, read: Captions) -> Iterator[Observation]:
        found = [
            Place(cue, -cue.duration, f"{cue.duration:.3f} seconds", cue.duration < options["error"])
            for cue in read.cues
            if cue.lines and 0 < cue.duration < options["warning"]
        ]
        return folded(asset, read, found, warning=options["warning"], error=options["error"])

    return each(draft, context, judge)


def too_long_on_screen(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    """Option `longest`, in seconds. Music may play for long."""

    def judge(asset: Asset, read: Captions) -> Iterator[Observation]:
        found = [
            Place(cue, cue.duration, f"{cue.duration:.1f} seconds")
            for cue in read.cues
            if cue.duration > options["longest"] and spoken(cue)
        ]
        return folded(asset, read, found, longest=options["longest"])

    return each(draft, context, judge)


def line_length(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    """Options, in characters: `landscape` and `vertical`, by the shape of the video. All that is shown counts, labels
    of speakers and [sounds] too; a wide character, such as a Chinese one, takes the room of two."""

    def judge(asset: Asset, read: Captions) -> Iterator[Observation]:
        most = options[shape(draft, asset)]
        found = []
        for cue in read.cues:
            longest = max((_width(line) for line in cue.lines), default=0)
            if longest > most:
                wide = any(unicodedata.east_asian_width(char) in "WF" for line in cue.lines for char in line)
                told = f"a line as wide as {longest} letters" if wide else f"a line of {longest} characters"
                found.append(Place(cue, longest, told))
        return folded(asset, read, found, most=most)

    return each(draft, context, judge)


def _width(line: str) -> int:
    if line.isascii():
        return len(line)
    return graphemes(line) + sum(unicodedata.east_asian_width(char) in "WF" for char in line)


def line_count(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    """Options: `landscape` and `vertical`, by the shape of the video."""

    def judge(asset: Asset, read: Captions) -> Iterator[Observation]:
        most = options[shape(draft, asset)]
        found = [Place(cue, len(cue.lines), f"{len(cue.lines)} lines") for cue in read.cues if len(cue.lines) > most]
        return folded(asset, read, found, most=most)

    return each(draft, context, judge)


def overlap(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    """Option `slight`, in seconds: a shorter overlap is a mere flicker. Cues that are placed apart are meant so."""

    def judge(asset: Asset, read: Captions) -> Iterator[Observation]:
        found = []
        in_time = sorted((cue for cue in read.cues if cue.duration > 0), key=lambda cue: (cue.start_ms, cue.number))
        before: Cue | None = None
        for cue in in_time:
            if before is not None and cue.start_ms < before.end_ms and cue.settings == before.settings:
                shared = (min(before.end_ms, cue.end_ms) - cue.start_ms) / 1000
                told = f"{shared:.3f} seconds together with the cue of {written_time(before.start_ms)}"
                found.append(Place(cue, shared, told, shared >= options["slight"]))
            if before is None or cue.end_ms > before.end_ms:
                before = cue
        return folded(asset, read, found, slight=options["slight"])

    return each(draft, context, judge)


def out_of_order(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    def judge(asset: Asset, read: Captions) -> Iterator[Observation]:
        found, latest = [], 0
        for cue in read.cues:
            if cue.start_ms < latest:
                told = f"comes after the cue of {written_time(latest)}"
                found.append(Place(cue, latest - cue.start_ms, told, is_grave=True))
            latest = max(latest, cue.start_ms)
        return folded(asset, read, found)

    return each(draft, context, judge)


def empty_cue(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    """Cues without words; and files without cues."""

    def judge(asset: Asset, read: Captions) -> Iterator[Observation]:
        if not read.cues and not read.counts[False]:
            yield Observation(Outcome.FAILED, Location(asset=asset.name), {"file": asset.name}, "failed-none")
            return
        found = [cue for cue in read.cues if not any(char.isalnum() or char in "♪♫♬" for char in "".join(cue.lines))]
        found = [cue for cue in found if not any(mark in "".join(cue.lines) for mark in "…?!")]
        if not found:
            yield from [PASSED] if read.cues else []
            return
        told = ", ".join(written_time(cue.start_ms) for cue in found[:3]) + (", …" if len(found) > 3 else "")
        data = {"file": asset.name, "count": len(found), "told": told}
        data["cues"] = "1 cue" if len(found) == 1 else f"{len(found):,} cues"
        yield Observation(Outcome.FAILED, place_of(found[0]), data)

    return each(draft, context, judge)
