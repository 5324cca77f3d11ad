"""A strip of small pictures from a video, evenly spaced, as a player shows above its timeline."""

from __future__ import annotations

import base64
import io
from pathlib import Path
from typing import Any

from postcheck.analysis.video.opening import decoded, opened, picture_stream, seconds_of, turn_of

COUNT = 6
_SIDE = 160
"""Pixels of the longer side."""
_QUALITY = 70


def work(path: Path) -> list[dict[str, Any]]:
    """Of each picture the second, width and height in pixels, and the JPEG in Base64."""
    with opened(path) as container:
        stream = picture_stream(container)
        if stream is None:
            return []
        seconds = (container.duration or 0) / 1_000_000
        found = []
        for number in range(COUNT):
            if number:
                container.seek(int(seconds * number / COUNT * 1_000_000) + (container.start_time or 0))
            # What a search finds is the picture before that can be decoded by itself: near enough, and quick.
            frame = next((frame for _, frame in decoded(container, stream) if frame is not None), None)
            if frame is None:
                break
            found.append(_small(frame, max(seconds_of(frame, container, 0.0), 0.0)))
            if seconds <= 0:
                break
    return [one for number, one in enumerate(found) if not number or one["second"] > found[number - 1]["second"]]


def _small(frame: Any, second: float) -> dict[str, Any]:
    import numpy
    from PIL import Image

    image = Image.fromarray(numpy.ascontiguousarray(numpy.rot90(frame.to_ndarray(format="rgb24"), turn_of(frame))))
    image.thumbnail((_SIDE, _SIDE), reducing_gap=2.0)
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=_QUALITY)
    encoded = base64.b64encode(buffer.getvalue()).decode("ascii")
    return {"second": round(second, 3), "width": image.width, "height": image.height, "jpeg": encoded}
