"""The picture that a platform shows before the video plays: the first that is not dark, as PNG."""

from __future__ import annotations

import base64
import io
from pathlib import Path
from typing import Any

from postcheck.analysis.video.opening import decoded, opened, picture_stream, seconds_of, turn_of

_LOOKED_AT = 150
"""Pictures, about five seconds: a fade from black is shorter."""
_DARK = 24
"""Of 255: where hardly a point is lighter, nothing is seen yet."""


def work(path: Path, most: int) -> dict[str, Any]:
    """`most`: pixels of the longer side."""
    import numpy
    from PIL import Image

    chosen, when, count = None, 0.0, 0
    with opened(path) as container:
        stream = picture_stream(container)
        for _, frame in decoded(container, stream) if stream else ():
            count += 1
            if frame is not None:
                now = seconds_of(frame, container, when)
                if chosen is None:
                    chosen, when = frame, now
                if numpy.percentile(frame.to_ndarray(format="gray")[::8, ::8], 99) > _DARK:
                    chosen, when = frame, now
                    break
            if count >= _LOOKED_AT:
                break
        if chosen is None:
            return {"png": "", "when": 0.0, "width": 0}
        upright = numpy.rot90(chosen.to_ndarray(format="rgb24"), turn_of(chosen))
    file = io.BytesIO()
    image = Image.fromarray(numpy.ascontiguousarray(upright))
    width = image.width
    image.thumbnail((most, most), reducing_gap=2.0)
    image.save(file, "PNG", compress_level=1)
    return {"png": base64.b64encode(file.getvalue()).decode(), "when": when, "width": width}
