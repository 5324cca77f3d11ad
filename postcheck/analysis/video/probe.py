"""What a video file holds, by its first pictures and what it states of itself."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from postcheck.analysis.video.opening import (
    NO_PICTURES,
    UNREADABLE,
    decoded,
    opened,
    picture_stream,
    sound_stream,
    turn_of,
)

_LOOKED_AT = 24
"""Pictures that are decoded to find captions within them (CEA-608/708), which begin with the first words."""
_PLACE = re.compile(r"location|gps|xyz", re.IGNORECASE)


def work(path: Path) -> dict[str, Any]:
    with path.open("rb"):
        pass  # what hinders that is no fault of the video
    try:
        with opened(path) as container:
            return _probed(container)
    except (OSError, ValueError):  # FFmpeg's errors are such, and what PyAV says of an empty file
        return {"fault": UNREADABLE}


def _probed(container: Any) -> dict[str, Any]:
    pictures, sound = picture_stream(container), sound_stream(container)
    found: dict[str, Any] = {
        "fault": "",
        "container": container.format.name,
        "seconds": (container.duration or 0) / 1_000_000,
        "sound": sound.codec_context.name if sound else "",
        "captions": [
            [stream.codec_context.name, stream.language or ""]
            for stream in container.streams.subtitles
            if stream.codec_context is not None
        ],
        "says_where": any(
            _PLACE.search(key) and re.search(r"[1-9]", value)
            for metadata in (container.metadata, *(stream.metadata for stream in container.streams))
            for key, value in metadata.items()
        ),
    }
    if pictures is None:
        return {**found, "fault": NO_PICTURES}
    first, within = _first_pictures(container, pictures)
    if first is None:
        return {**found, "fault": UNREADABLE}
    shape = pictures.sample_aspect_ratio
    width = round(first.width * float(shape)) if shape else first.width
    size = (first.height, width) if turn_of(first) % 2 else (width, first.height)
    if not found["seconds"] and pictures.duration:
        found["seconds"] = float(pictures.duration * pictures.time_base)
    return {
        **found,
        "pictures": pictures.codec_context.name,
        "width": size[0],
        "height": size[1],
        "rate": float(pictures.average_rate or pictures.guessed_rate or 0),
        "captions_within": within,
    }


def _first_pictures(container: Any, pictures: Any) -> tuple[Any, bool]:
    """The first that can be decoded, and whether one of the first carries captions."""
    first = None
    for count, (_, frame) in enumerate(decoded(container, pictures), 1):
        if frame is not None:
            first = frame if first is None else first
            if any(data.type.name == "A53_CC" for data in frame.side_data):
                return first, True
        if count >= _LOOKED_AT:
            break
    return first, False
