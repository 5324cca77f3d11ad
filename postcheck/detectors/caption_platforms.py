"""Which captions files the platforms take; and the one that is missing, written from the one that is there."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from postcheck.analysis.captions import FORMATS, captions, rewritten
from postcheck.analysis.cues import Captions, written_time
from postcheck.analysis.language import language_of
from postcheck.analysis.spoken import language_in_name, spoken
from postcheck.detectors.files import human_size
from postcheck.detectors.limits import known_platforms
from postcheck.detectors.writing import primary_language
from postcheck.errors import CannotTest
from postcheck.model import (
    PASSED,
    Applicability,
    Asset,
    Context,
    Draft,
    Fix,
    Observation,
    Options,
    Outcome,
    Platform,
    Video,
)
from postcheck.source import Location, NewFile

NONE = "none"
"""In `captions-formats`: the platform takes no captions file."""
_FORMS = {"vtt": "WebVTT (.vtt)", "srt": "SubRip (.srt)"}
_LANGUAGE_PART = re.compile(r"\.[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,4})?\Z")


@dataclass(frozen=True, slots=True)
class _Wants:
    """What one platform takes."""

    platform: Platform
    formats: tuple[str, ...]
    """Endings, the best known first."""
    with_locale: bool
    most_bytes: int
    confirmed: bool


def platform_format(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    """Option `locales`: language to the language and country that a name is to hold."""
    wants = list(_wants(draft, context))
    takers = [one for one in wants if NONE not in one.formats]
    for video in draft.videos:
        if not video.captions:
            continue  # that none are there is for captions/missing
        burnt = [one.platform.title for one in wants if NONE in one.formats]
        if burnt:
            takes = "take" if len(burnt) > 1 else "takes"
            data = {"file": video.asset.name, "platforms": _joined(burnt), "takes": takes}
            yield Observation(Outcome.CANT_TELL, video.place, data, "cantTell-none")
        for group in _by_language(video.captions):
            yield from _of_language(draft, video, group, takers, options, context)


def _wants(draft: Draft, context: Context) -> Iterator[_Wants]:
    for platform in known_platforms(draft, context):
        limits = {limit.what: limit for limit in platform.limits}
        if "captions-formats" in limits:
            formats = limits["captions-formats"]
            most = limits["captions-bytes"].most if "captions-bytes" in limits else 0
            yield _Wants(platform, formats.formats, "captions-locale" in limits, most, formats.confirmed)


def _by_language(assets: Iterable[Asset]) -> list[list[Asset]]:
    groups: dict[str, list[Asset]] = {}
    for asset in assets:
        groups.setdefault(language_in_name(asset.name)[0], []).append(asset)
    return list(groups.values())


def _of_language(
    draft: Draft, video: Video, listed: list[Asset], takers: list[_Wants], options: Options, context: Context
) -> Iterator[Observation]:
    """The captions of one language: for each platform a file that it takes must be there."""
    there = [*listed, *_beside(video, listed, context)]
    missing: dict[str, list[_Wants]] = {}
    for one in takers:
        taken = next((asset for asset in there if _takes(one, asset)), None)
        if taken is None:
            missing.setdefault(_written_form(one), []).append(one)
        else:
            yield from _taken(one, taken, listed[0], context)
    for wanted, many in missing.items():
        yield _lacks(draft, listed[0], wanted, many, options, context)


def _written_form(one: _Wants) -> str:
    """The ending of the file that is to be written for the platform."""
    return next(ending for ending in one.formats if ending in _FORMS)


def _takes(one: _Wants, asset: Asset) -> bool:
    is_named = not one.with_locale or len(language_in_name(asset.name)[1]) == 2
    return asset.path.suffix.lower().removeprefix(".") in one.formats and is_named


def _taken(one: _Wants, taken: Asset, listed: Asset, context: Context) -> Iterator[Observation]:
    """Is what the platform gets small enough, and the same as what was checked?"""
    place = Location(asset=taken.name)
    data = {"file": taken.name, "platform": one.platform.title, "listed": listed.name}
    given = context.texts.get(taken.path.resolve()) if context.texts else None
    size = len(given.encode()) if given is not None else taken.path.stat().st_size
    if one.most_bytes and size > one.most_bytes:
        sizes = {"size": human_size(size), "limit": human_size(one.most_bytes)}
        yield Observation(Outcome.FAILED, place, {**data, **sizes}, "failed-size")
        return
    if taken != listed:
        try:
            differs = _difference(captions(listed, context.texts), captions(taken, context.texts))
        except CannotTest:
            return  # the other checks say so
        if differs:
            yield Observation(Outcome.FAILED, place, {**data, "at": differs}, "failed-differs")
            return
    yield PASSED


_SAME_TIME = 0.1
"""Seconds: programs round times to frames."""


def _difference(one: Captions, other: Captions) -> str:
    """When the two first differ in their words or times; "" where they do not."""
    first = [(cue.start, cue.end, " ".join(spoken(cue)).split()) for cue in one.cues if spoken(cue)]
    second = [(cue.start, cue.end, " ".join(spoken(cue)).split()) for cue in other.cues if spoken(cue)]
    for (start, end, words), (start2, end2, words2) in zip(first, second, strict=False):
        if words != words2 or abs(start - start2) > _SAME_TIME or abs(end - end2) > _SAME_TIME:
            return written_time(round(start * 1000))
    if len(first) == len(second):
        return ""
    return written_time(round(max(first, second, key=len)[min(len(first), len(second))][0] * 1000))


def _lacks(
    draft: Draft, listed: Asset, wanted: str, many: list[_Wants], options: Options, context: Context
) -> Observation:
    """No file is there that these platforms take."""
    with_locale = any(one.with_locale for one in many)
    place = Location(asset=listed.name)
    name = _name(draft, listed, wanted, with_locale, options, context)
    data = {
        "file": listed.name,
        "platforms": _joined([one.platform.title for one in many]),
        "takes": "take" if len(many) > 1 else "takes",
        "form": _FORMS[wanted],
        "name": name,
    }
    if not name:
        return Observation(Outcome.FAILED, place, data, "failed-language")
    made = _new_file(listed, name, wanted, context)
    fix = Fix(Applicability.SAFE, "", None, new_file=made) if made else None
    if not any(one.confirmed for one in many):
        message = "failed-unconfirmed"
    elif listed.path.suffix.lower() == f".{wanted}":
        message = "failed-name"
    else:
        message = "failed" if made else "failed-by-hand"
    return Observation(Outcome.FAILED, place, data, message, fix)


def _name(draft: Draft, listed: Asset, wanted: str, with_locale: bool, options: Options, context: Context) -> str:
    """The name of the file to write, such as clip.en_US.srt; "" where the language is not known but needed."""
    path = PurePosixPath(listed.name)
    if not with_locale:
        return str(path.with_suffix(f".{wanted}"))
    code, region = language_in_name(listed.name)
    stem = _LANGUAGE_PART.sub("", path.stem) if code else path.stem
    code = code or _language(draft, listed, context)
    locale = f"{code}_{region}" if code and len(region) == 2 else options["locales"].get(code, "")
    return str(path.with_name(f"{stem}.{locale}.{wanted}")) if locale else ""


def _language(draft: Draft, listed: Asset, context: Context) -> str:
    """By the file's header, its words, or the draft; "" where none tells."""
    try:
        read = captions(listed, context.texts)
    except CannotTest:
        return ""
    words = "\n".join(line for cue in read.cues[:200] for line in spoken(cue))
    stated = primary_language(draft.language.value) if draft.language else ""
    return primary_language(read.language) or language_of(words) or stated


def _new_file(listed: Asset, name: str, wanted: str, context: Context) -> NewFile | None:
    """None where it cannot be written without loss, or a file of that name is there."""
    path = listed.path.with_name(PurePosixPath(name).name)
    if path.name.casefold() in {one.casefold() for one in _names_in(listed.path.parent, context.texts)}:
        return None
    try:
        read = captions(listed, context.texts)
    except CannotTest:
        return None
    if read.format == wanted and not read.counts[False]:
        return NewFile(name, path, read.source.text)
    text = rewritten(read, wanted)
    return NewFile(name, path, text) if text is not None else None


def _beside(video: Video, listed: list[Asset], context: Context) -> list[Asset]:
    """Captions files of the same language that lie beside the listed ones, named after them or the video."""
    first = listed[0]
    language = language_in_name(first.name)[0]
    stems = {PurePosixPath(video.asset.name).stem.casefold(), _stem(first.name).casefold()}
    known = {asset.path for asset in listed}
    found = []
    for name in sorted(_names_in(first.path.parent, context.texts)):
        path = first.path.with_name(name)
        if path in known or path.suffix.lower() not in FORMATS or _stem(name).casefold() not in stems:
            continue
        if language and language_in_name(name)[0] not in (language, ""):
            continue
        if _is_there(path, context.texts):
            found.append(Asset(str(PurePosixPath(first.name).with_name(name)), path))
    return found


def _stem(name: str) -> str:
    stem = PurePosixPath(name).stem
    return _LANGUAGE_PART.sub("", stem) if language_in_name(name)[0] else stem


def _names_in(folder: Path, texts: Mapping[Path, str]) -> set[str]:
    """Files to be written count as well."""
    try:
        names = {entry.name for entry in os.scandir(folder)}
    except OSError:
        names = set()
    home = folder.resolve()
    return names | {path.name for path in texts if path.parent == home}


def _is_there(path: Path, texts: Mapping[Path, str]) -> bool:
    """A file of this folder: a link may lead anywhere."""
    return (path.is_file() and not path.is_symlink()) or bool(texts and path.resolve() in texts)


def _joined(names: list[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]


@dataclass(frozen=True, slots=True)
class Given:
    """What a platform is to be given of the captions in one language."""

    asset: Asset
    """As the draft lists it, or one beside it that says the same."""
    name: str = ""
    """As the platform wants it; "" where `lack` says why there is none."""
    text: str | None = None
    """What the file holds; None where it is the asset as it lies there."""
    lack: str = ""
    """LANGUAGE, SIZE or BY_HAND."""


LANGUAGE, SIZE, BY_HAND = "language", "size", "by-hand"


def takes_captions(platform: Platform) -> bool | None:
    """None where it is not known."""
    formats = [limit.formats for limit in platform.limits if limit.what == "captions-formats"]
    return NONE not in formats[0] if formats else None


def given_to(platform: Platform, draft: Draft, video: Video, options: Options, context: Context) -> Iterator[Given]:
    """The captions files for a platform that takes some. One that is made has the same cues as the listed one.

    Raises:
        CannotTest: a captions file cannot be read.
    """
    one = next(wants for wants in _wants(draft, context) if wants.platform.id == platform.id)
    for group in _by_language(video.captions):
        given = _given(one, draft, group, _beside(video, group, context), options, context)
        size = len(given.text.encode()) if given.text is not None else given.asset.path.stat().st_size
        if not given.lack and one.most_bytes and size > one.most_bytes:
            given = Given(given.asset, lack=SIZE)
        yield given


def _given(
    one: _Wants, draft: Draft, group: list[Asset], beside: list[Asset], options: Options, context: Context
) -> Given:
    listed = group[0]
    read = captions(listed, context.texts)
    for asset in (*group, *beside):
        if _takes(one, asset) and (asset == listed or not _difference(read, captions(asset, context.texts))):
            return Given(asset, PurePosixPath(asset.name).name)
    wanted = _written_form(one)
    name = PurePosixPath(_name(draft, listed, wanted, one.with_locale, options, context) or ".").name
    if not name:
        return Given(listed, lack=LANGUAGE)
    if read.format == wanted and not read.counts[False]:
        return Given(listed, name)
    text = rewritten(read, wanted)
    return Given(listed, name, text) if text is not None else Given(listed, lack=BY_HAND)
