"""Small pictures from a video: a strip, evenly spaced, as a player shows above its timeline; and those of findings."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from postcheck.analysis.video.opening import decoded, opened, picture_stream, seconds_of, turn_of

COUNT = 6
_SIDE = 160
"""Pixels of the longer side."""
_QUALITY = 70
_MOST = 12
"""Pictures of findings."""
_EPSILON = 0.001


def work(path: Path, at: Sequence[float]) -> dict[str, list[dict[str, Any]]]:
    """`strip`: a few pictures, evenly spaced; `at`: those that are shown at these seconds. Of each the second, width
    and height in pixels, and the JPEG in Base64."""
    with opened(path) as container:
        stream = picture_stream(container)
        if stream is None:
            return {"strip": [], "at": []}
        seconds = (container.duration or 0) / 1_000_000
        # What a search finds is the picture before that can be decoded by itself: near enough, and quick.
        evenly = [_shown(container, stream, seconds * number / COUNT, exactly=False) for number in range(COUNT)]
        strip = list({one["second"]: one for one in evenly if one}.values())
        asked = [_shown(container, stream, second, exactly=True) for second in at[:_MOST]]
        return {"strip": strip, "at": [one for one in asked if one]}


def _shown(container: Any, stream: Any, second: float, *, exactly: bool) -> dict[str, Any] | None:
    container.seek(int(second * 1_000_000) + (container.start_time or 0))
    last = None
    for _, frame in decoded(container, stream):
        if frame is None:
            continue
        now = max(seconds_of(frame, container, 0.0), 0.0)
        if last is None or now <= second + _EPSILON:
            last = frame, now
        if not exactly or now >= second:
            break
    return _small(*last) if last else None


def _small(frame: Any, second: float) -> dict[str, Any]:
    import numpy
    from PIL import Image

    image = Image.fromarray(numpy.ascontiguousarray(numpy.rot90(frame.to_ndarray(format="rgb24"), turn_of(frame))))
    image.thumbnail((_SIDE, _SIDE), reducing_gap=2.0)
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=_QUALITY)
    encoded = base64.b64encode(buffer.getvalue()).decode("ascii")
    return {"second": round(second, 3), "width": image.width, "height": image.height, "jpeg": encoded}
