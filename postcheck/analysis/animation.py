"""Flashes of animated images: GIF, PNG and WebP."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from postcheck.analysis.flashes import Event, Flashes, FlashFacts
from postcheck.errors import CannotTest


def flashes_of_pictures(frames: Iterable[tuple[Any, float]], loops: int = 0) -> FlashFacts:
    """Of an animated image: its frames, arrays of red, green and blue, each with the seconds that it stands.

    `loops`: how often it is shown; 0 is for ever. One that starts over is watched until its end has met its beginning
    and 6 seconds are over, since extended flashing shows in 5.
    """
    shown = list(frames)
    if len(shown) < 2:
        return FlashFacts(frames=len(shown))
    height, width = shown[0][0].shape[:2]
    meter = Flashes(width, height)
    now, rounds = 0.0, 0
    length = sum(seconds for _, seconds in shown)
    most = loops or max(2, -(-6 // max(length, 0.02)))
    while rounds < most and (rounds < 2 or now < _LONG_ENOUGH):
        for pixels, seconds in shown:
            meter.add(pixels, now)
            now += seconds
        rounds += 1
    facts = meter.result()
    facts.frames, facts.seconds = len(shown), length
    facts.events = [_in_one_round(event, length, len(shown)) for event in facts.events]
    return facts


_LONG_ENOUGH = 6.0


def _in_one_round(event: Event, length: float, frames: int) -> Event:
    return Event(**{**asdict(event), "worst": event.worst % length, "frame": event.frame % frames})


_SLOWEST_ASKED = 0.011
_STANDS_INSTEAD = 0.1
"""Seconds. Browsers show a frame for a tenth of a second where the file asks for a hundredth or less."""
MOST_ANIMATED = 2_000_000_000
"""Pixels of all frames together, decoded in about a minute."""


def flashes_in_animation(path: Path) -> FlashFacts:
    """Of a GIF, PNG or WebP; without events where it stands still.

    Raises:
        OSError: it cannot be opened or decoded.
        CannotTest: it has too many frames.
    """
    import numpy as np
    from PIL import Image

    with open(path, "rb") as file, Image.open(file, formats=("GIF", "PNG", "WEBP")) as image:
        count = getattr(image, "n_frames", 1)
        if count < 2:
            return FlashFacts(frames=1, width=image.width, height=image.height)
        if image.width * image.height * count > MOST_ANIMATED:
            raise CannotTest(
                f"{path.name} is too long to be watched: {count} frames of {image.width} by {image.height}."
            )
        loops = _loops(image)
        seen = [
            flashes_of_pictures(((np.asarray(look), seconds) for look, seconds in _shown(image, count, on)), loops)
            for on in (("white", "black") if image.has_transparency_data else ("white",))
        ]
    return max(seen, key=lambda facts: len(facts.events))


def _loops(image: Any) -> int:
    """0 is for ever. A GIF without a number of loops is shown once."""
    if image.format == "GIF":
        if "loop" not in image.info:
            return 1
        asked = int(image.info["loop"])
        return asked + 1 if asked else 0
    return int(image.info.get("loop", 0))


def _shown(image: Any, count: int, on: str) -> Iterator[tuple[Any, float]]:
    from PIL import Image

    for number in range(count):
        image.seek(number)
        seconds = float(image.info.get("duration", 0)) / 1000
        look = image.convert("RGBA")
        ground = Image.new("RGB", look.size, on)
        ground.paste(look, mask=look.getchannel("A"))
        yield ground, seconds if seconds >= _SLOWEST_ASKED else _STANDS_INSTEAD
