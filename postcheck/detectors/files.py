"""The files of a draft: whether each can be read, and whether the platforms take its format and size."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from postcheck.analysis import image as picture
from postcheck.analysis import media
from postcheck.detectors.limits import exceeded, limits_for
from postcheck.model import PASSED, Asset, Context, Draft, Image, Observation, Options, Outcome, Video
from postcheck.source import Location

IMAGE_FAULTS = {
    # The fault of analysis.image to the message of the check.
    "empty": "failed-empty",
    "truncated": "failed-truncated",
    "svg": "failed-svg",
    "heif": "failed-heif",
    "not-an-image": "failed-other-kind",
    "too-much": "untested-size",
}
MEDIA_FAULTS = {
    "empty": "failed-empty",
    "truncated": "failed-truncated",
    "not-what-it-says": "failed-other-kind",
    "not-utf-8": "failed-encoding",
    "unknown-kind": "untested-kind",
}


def unreadable(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    """Every file of the draft, captions and release forms included."""
    places = {item.asset.name: item.place for item in draft.media()}
    for asset in draft.assets():
        place = places.get(asset.name, Location(asset=asset.name))
        suffix = PurePosixPath(asset.name).suffix.lower()
        data = {"file": asset.name, "suffix": suffix or "no ending"}
        is_picture = suffix in picture.FORMATS_BY_SUFFIX or any(image.asset == asset for image in draft.images)
        kind, found = _picture_fault(asset, suffix) if is_picture else _media_fault(asset)
        if kind:
            outcome = Outcome.UNTESTED if kind.startswith("untested") else Outcome.FAILED
            yield Observation(outcome, place, {**data, "found": found}, kind)
        else:
            yield PASSED


def _media_fault(asset: Asset) -> tuple[str, str]:
    fault = media.media_fault(asset.path)
    return MEDIA_FAULTS[fault] if fault else "", ""


def _picture_fault(asset: Asset, suffix: str) -> tuple[str, str]:
    """The message, and the format that was found under another's name."""
    facts = picture.image_facts(asset.path)
    if facts.fault:
        return IMAGE_FAULTS[facts.fault], ""
    wanted = picture.FORMATS_BY_SUFFIX.get(suffix)
    if wanted is None or facts.format in wanted:
        return "", ""
    return "failed-other-format", facts.format


def image_format(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    for image in draft.images:
        found = picture.image_facts(image.asset.path).format
        if not found:
            continue  # no picture at all, of which governance/unreadable-asset speaks
        for platform, limit in limits_for(draft, context, "image-formats"):
            if found in limit.formats:
                yield PASSED
                continue
            formats = ", ".join(name for name in limit.formats if name != "MPO")
            yield exceeded(platform, limit, image.place, file=image.asset.name, format=found, formats=formats)


def video_format(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    """By the ending of the name; whether the file is what it says is another check's."""
    for video in draft.videos:
        suffix = PurePosixPath(video.asset.name).suffix.lower().removeprefix(".")
        for platform, limit in limits_for(draft, context, "video-formats"):
            if suffix in limit.formats:
                yield PASSED
                continue
            formats = ", ".join(name.upper() for name in limit.formats)
            yield exceeded(platform, limit, video.place, file=video.asset.name, format=suffix.upper(), formats=formats)


def image_too_large(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    return _too_large(draft, draft.images, "image-bytes", context)


def video_too_large(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    return _too_large(draft, draft.videos, "video-bytes", context)


def _too_large(draft: Draft, items: Iterable[Image | Video], what: str, context: Context) -> Iterator[Observation]:
    for item in items:
        size = item.asset.path.stat().st_size
        for platform, limit in limits_for(draft, context, what):
            if size <= limit.most:
                yield PASSED
                continue
            sizes = {"size": human_size(size), "limit": human_size(limit.most)}
            yield exceeded(platform, limit, item.place, file=item.asset.name, bytes=size, **sizes)


def human_size(size: int) -> str:
    """Decimal units, as platforms state their limits."""
    for unit, noun in ((1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")):
        if size >= unit:
            return f"{size / unit:.1f}".removesuffix(".0") + f" {noun}"
    return f"{size} bytes"
