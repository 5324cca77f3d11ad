"""Faults in how a captions file is written: each with its place, what is wrong, and what to write instead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice

from postcheck.analysis.captions import TITLES
from postcheck.analysis.cues import Captions, Fault
from postcheck.analysis.spoken import kind_of
from postcheck.detectors.caption_files import ANY_KIND, each
from postcheck.model import PASSED, Asset, Context, Draft, Observation, Options, Outcome
from postcheck.source import Location

WORDS: Mapping[str, tuple[str, str]] = {
    # Kind of fault: what is wrong, and what to write. Of the file as a whole:
    "other-format": ("this is a {found} file, though its name says {stated}", "name it {ending}, or export it again"),
    "signature": ("a WebVTT file begins with WEBVTT, and nothing before it", "write WEBVTT as the first line"),
    "nul": ("a NUL character, which no text holds", "save the file again as UTF-8"),
    "no-times-at-all": ("no line of the file holds times", "export the captions again as SubRip or WebVTT"),
    # Of a block:
    "no-times": (
        "“{found}” belongs to no cue, for the lines have no times",
        "take out the empty line above if the words belong to the cue there; begin a comment with NOTE",
    ),
    "no-arrow": ("there is no --> between the times", "write 00:01.000 --> 00:02.000"),
    "no-time": ("there is no time on both sides of -->", "write 00:01.000 --> 00:02.000, or take the line out"),
    "no-blank-line": ("there is no empty line above this cue", "put an empty line before it"),
    "blank-line-spaces": (
        "the line above this cue looks empty but holds spaces, so that it parts nothing",
        "take the spaces out of it",
    ),
    "block-late": ("{found} comes after the first cue, where players pass over it", "move it above the first cue"),
    "before-first": ("“{found}” stands above the first times, and is not shown", "take it out"),
    "after-blank": (
        "“{found}” comes after an empty line, so that it belongs to no cue",
        "take the empty line out, or give the words a number and times",
    ),
    "sbv-no-times": ("“{found}” belongs to no cue, for the lines have no times", "write 0:00:01.000,0:00:03.500"),
    # Of the times:
    "time": ("“{found}” is no time", "write {write}|write it as 00:01:02.500"),
    "srt-time": ("“{found}” is no time", "write {write}|write it as 00:01:02,500"),
    "sbv-time": ("“{found}” is no time", "write {write}|write it as 0:01:02.500"),
    "ttml-time": ("“{found}” is no time", "write it as 00:01:02.500 or 62.5s"),
    "arrow": ("“{found}” does not part the times with -->", "write 00:00:01,000 --> 00:00:02,000"),
    "arrow-spaces": ("there are no spaces around -->", "put one before it and one after it"),
    "settings-glued": ("“{found}” joins the time to what follows", "put a space after the time"),
    "ends-first": ("the cue ends at {ends}, but begins at {begins}", "let it end after it begins"),
    "ttml-no-end": ("“{found}” does not say when it ends", "give it end or dur"),
    "ttml-no-times": ("“{found}” has no times", "give it begin and end"),
    # Of the settings of a cue or a region:
    "setting-colon": ("“{found}” is no setting: it has no colon", "write a name, a colon and a value: align:start"),
    "setting-spaces": ("“{found}” has spaces around its colon", "write {write}"),
    "setting-unknown": ("there is no setting “{name}”", "{hint}|take it out"),
    "setting-value": ("“{found}” is not a value that {name} can have", "write {allowed}"),
    "setting-twice": ("“{name}” is set twice", "keep one of the two"),
    # Of the words:
    "escape": ("“{found}” stands for no character", "write &amp; for an ampersand that is meant as one"),
    "escape-unended": ("“{found}” lacks its semicolon", "write {write}"),
    "tag-unended": ("the tag “{found}” is not closed by >", "write >, or &lt; for a < that is meant as one"),
    "tag-unknown": (
        "WebVTT has no tag “{found}”",
        "take it out, or write &lt; for a < that is meant as one",
    ),
    "tag-class": ("“{found}” names an empty class", "write a name after the dot"),
    "tag-open": ("“{found}” is never closed", "write {wanted} where it ends"),
    "tag-order": ("“{found}” closes what is not open last", "write {wanted} before it"),
    "tag-unstarted": ("“{found}” closes what was never open", "take it out, or write <{name}> where it begins"),
    "end-tag": ("“{found}” holds more than a name", "write only the name in a closing tag"),
    "annotation": ("“{found}”: the tag {name} takes no words", "close it with > after its name"),
    "annotation-missing": ("“{found}” does not say {wanted}", "write it after the name: <{name} …>"),
    "rt-alone": ("“{found}” stands outside <ruby>", "put it inside <ruby>"),
    "inner-time": ("“{found}” is no time", "write <{write}>|write it as <00:01:02.500>"),
    "inner-time-order": (
        "“{found}” does not lie between the time before it and the end of the cue",
        "let the times within a cue run from its begin to its end",
    ),
    # Of TTML:
    "xml": ("the file is not well-formed XML: {found}", "export the captions again"),
    "xml-dtd": ("the file declares a document type or entities, which are not read", "take <!DOCTYPE …> out"),
    "not-ttml": ("the file begins with {found}, not with <tt>", "export the captions again as TTML"),
    # What players forgive:
    "header": (
        "“{found}” stands right below WEBVTT, where an empty line belongs",
        "put an empty line below WEBVTT; comments go below it and begin with NOTE",
    ),
    "timestamp-map": (
        "X-TIMESTAMP-MAP is meant for live streams (HLS), and no part of WebVTT",
        "take the line out of a file that is not streamed",
    ),
    "indented": ("there are spaces before the time", "begin the line with the time"),
    "identifier-twice": ("“{found}” names a second cue", "give each cue a name of its own, or none"),
    "setting-old": ("“{found}” is of an old draft of WebVTT", "write {name}:{write}"),
    "ampersand": ("an ampersand stands for itself", "write &amp;"),
    "voice-open": ("“{found}” is never closed", "write </v> where somebody else speaks"),
    "number-missing": ("a cue has no number", "write {write} on a line of its own above the times"),
    "number-order": ("the number {found} follows {before}", "write {write}, and number the cues in order"),
    "dot": ("“{found}” has a dot, as in WebVTT", "write {write}"),
    "short-hours": ("“{found}” has one digit for the hours", "write {write}"),
    "srt-arrow-spaces": ("there are no spaces around -->", "put one before it and one after it"),
    "srt-settings": ("“{found}” after the times means nothing in SubRip", "take it out"),
    "srt-tag": ("{found} is not opened and closed equally often", "close each tag where it ends"),
}
"""Two ways to say what to write, with | between: the second where the first has nothing to fill in."""


def said(fault: Fault) -> tuple[str, ...]:
    """What is wrong, and what to write, as sentences."""
    wrong, write = WORDS[fault.kind]
    sure, _, unsure = write.partition("|")
    if unsure and not (fault.data.get("write") or fault.data.get("hint")):
        sure = unsure
    wrong, sure = wrong.format_map(fault.data), sure.format_map(fault.data)
    return tuple(one[:1].upper() + one[1:] + ("" if one.endswith("?") else ".") for one in (wrong, sure))


def invalid(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    """Option `most`: so many faults of one file are told, and how many more there are."""

    def judge(asset: Asset, read: Captions) -> Iterator[Observation]:
        if not read.counts[False]:
            yield PASSED
            return
        faults = (fault for fault in read.faults if not fault.forgiven)
        for fault in islice(faults, options["most"]):
            yield Observation(Outcome.FAILED, _place(read, fault), _data(asset, read, fault))
        more = read.counts[False] - options["most"]
        if more > 0:
            place = Location(asset=asset.name)
            data = {"file": asset.name, "more": f"{more:,} more fault{'s' if more > 1 else ''}"}
            yield Observation(Outcome.FAILED, place, data, "failed-more")

    return each(draft, context, judge, ANY_KIND)


def other_kind(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    """Chapters, descriptions or metadata in the place of captions."""

    def judge(asset: Asset, read: Captions) -> Iterator[Observation]:
        kind = kind_of(asset.name, read)
        if kind in ("captions", "subtitles"):
            yield PASSED
            return
        yield Observation(Outcome.CANT_TELL, Location(asset=asset.name), {"file": asset.name, "kind": kind})

    return each(draft, context, judge, ANY_KIND)


def forgiven_fault(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    """Each kind once a file: a tool that writes one writes it everywhere."""

    def judge(asset: Asset, read: Captions) -> Iterator[Observation]:
        by_kind: dict[str, list[Fault]] = {}
        for fault in read.faults:
            if fault.forgiven:
                by_kind.setdefault(fault.kind, []).append(fault)
        if not by_kind:
            yield PASSED
        for kind, faults in by_kind.items():
            more = len(faults) - 1
            data = _data(asset, read, faults[0])
            data["more"] = f" ({more:,} more like it)" if more else ""
            message = "failed-stream" if kind == "timestamp-map" else ""
            yield Observation(Outcome.FAILED, _place(read, faults[0]), data, message)

    return each(draft, context, judge, ANY_KIND)


def _place(read: Captions, fault: Fault) -> Location:
    return read.source.location(fault.start, fault.end, None)


def _data(asset: Asset, read: Captions, fault: Fault) -> dict[str, object]:
    line, column = read.source.line_and_column(fault.start)
    wrong, write = said(fault)
    facts = {"file": asset.name, "format": TITLES[read.format], "line": line, "column": column, "kind": fault.kind}
    return {**facts, "wrong": wrong, "write": write}
