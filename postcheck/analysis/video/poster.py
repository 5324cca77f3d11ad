"""The picture that a platform shows before the video plays, the first that is not dark; and the words in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from postcheck.analysis.lettering import words_in
from postcheck.analysis.pixels import Frame
from postcheck.analysis.video.opening import decoded, opened, picture_stream, turn_of

_SIDE = 960
"""Pixels of the longer side: as telephones show a video."""
_LOOKED_AT = 150
"""Pictures, about five seconds: a fade from black is shorter."""
_DARK = 24
"""Of 255: where hardly a point is lighter, nothing is seen yet."""


def work(path: Path) -> dict[str, Any]:
    return words_in(poster(path), most=_SIDE)


def poster(path: Path) -> tuple[Frame, ...]:
    """One; or none where no picture can be decoded.

    Raises:
        OSError: the file cannot be opened.
    """
    import numpy
    from PIL import Image

    chosen = None
    with opened(path) as container:
        stream = picture_stream(container)
        for count, (_, frame) in enumerate(decoded(container, stream) if stream else ()):
            if frame is not None:
                is_seen = numpy.percentile(frame.to_ndarray(format="gray")[::8, ::8], 99) > _DARK
                if chosen is None or is_seen:
                    chosen = frame
                if is_seen:
                    break
            if count >= _LOOKED_AT:
                break
        if chosen is None:
            return ()
        upright = numpy.ascontiguousarray(numpy.rot90(chosen.to_ndarray(format="rgb24"), turn_of(chosen)))
    image = Image.fromarray(upright)
    width = image.width
    image.thumbnail((_SIDE, _SIDE), reducing_gap=2.0)
    return (Frame(image, width / image.width),)
