"""Videos made for the examples of checks and the tests, as `render:` in a draft asks for them (see `drafts`)."""

from __future__ import annotations

import io
import random
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from tests.pictures import flashing

RATE = 16_000
_SRT = b"1\n00:00:00,000 --> 00:00:02,000\nLeaf Day is Saturday.\n"
_PICTURES = 10
"""A second."""


def video(render: Mapping[str, Any], format_: str = "mp4") -> bytes:
    """What `render` asks for: `seconds` (2) of `size` ([320, 180]); `speech`, stretches in which a voice is heard, and
    `tone`, how loud a tone sounds all the time; `silent: true`, a sound track of nothing; without these there is none.
    `words`, stretches with what stands low in the picture then; `captions: true`, a stream of captions in a Matroska file;
    `metadata`, as FFmpeg names it.
    `codec`, of the pictures; `pictures: false`, sound alone; `damaged: true`, noise in the middle of the file. `flashing` as in `pictures`."""
    import av
    import numpy

    if "flashing" in render:
        return flashing_video(render)
    seconds, size = float(render.get("seconds", 2)), tuple(render.get("size", (320, 180)))
    buffer = io.BytesIO()
    with av.open(buffer, "w", format=format_) as container:
        container.metadata.update(render.get("metadata", {}))
        pictures: Any = None
        if render.get("pictures", True):
            codec = render.get("codec", "libx264")
            options = {"crf": "28", "preset": "ultrafast"} if codec == "libx264" else {}
            pictures = container.add_stream(codec, rate=_PICTURES, options=options)
            pictures.width, pictures.height = size
            pictures.pix_fmt = "yuv420p"
        heard = _sound(render, seconds)
        sound = container.add_stream("aac", rate=RATE, layout="mono") if heard is not None else None
        written: Any = av.open(io.BytesIO(_SRT), format="srt") if render.get("captions") else None
        captions = container.add_stream_from_template(written.streams[0]) if written else None
        for number in range(round(seconds * _PICTURES)) if pictures else ():
            look = numpy.asarray(_look(render, number / _PICTURES, size))
            container.mux(pictures.encode(av.VideoFrame.from_ndarray(look, format="rgb24")))
        if pictures:
            container.mux(pictures.encode())
        if sound is not None:
            for start in range(0, len(heard), 1024):
                frame = av.AudioFrame.from_ndarray(heard[None, start : start + 1024], format="fltp", layout="mono")
                frame.sample_rate, frame.pts, frame.time_base = RATE, start, Fraction(1, RATE)
                container.mux(sound.encode(frame))
            container.mux(sound.encode())
        for packet in written.demux() if written else ():
            if packet.dts is not None:
                packet.stream = captions
                container.mux(packet)
    made = bytearray(buffer.getvalue())
    if render.get("damaged"):
        middle = range(len(made) * 2 // 5, len(made) * 3 // 5)
        made[middle.start : middle.stop] = random.Random(1).randbytes(len(middle))
    return bytes(made)


def flashing_video(render: Mapping[str, Any]) -> bytes:
    """An MP4 of 30 frames a second that shows two pictures in turn."""
    import av
    import numpy

    looks, seconds = flashing(render)
    buffer = io.BytesIO()
    with av.open(buffer, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=30, options={"crf": "18", "preset": "ultrafast"})
        stream.width, stream.height = looks[0].size
        stream.pix_fmt = "yuv420p"
        for number in range(round(render["flashing"].get("seconds", 3) * 30)):
            look = numpy.asarray(looks[int(number / 30 / seconds + 1e-9) % len(looks)])
            container.mux(stream.encode(av.VideoFrame.from_ndarray(look, format="rgb24")))
        container.mux(stream.encode())
    return buffer.getvalue()


def _look(render: Mapping[str, Any], now: float, size: tuple[int, int]) -> Any:
    from PIL import Image, ImageDraw, ImageFont

    image = Image.new("RGB", size, render.get("bg", "#3E6B3A"))
    draw = ImageDraw.Draw(image)
    draw.ellipse((10 + now * 5, 10, 60 + now * 5, 60), fill="#C08040")  # something moves
    for start, end, words in render.get("words", ()):
        if start <= now < end:
            font = ImageFont.load_default(size[1] // 12)
            width = draw.textlength(words, font)
            place = ((size[0] - width) / 2, size[1] * 0.8)
            draw.text(place, words, font=font, fill=render.get("fg", "#FFFFFF"), stroke_width=2, stroke_fill="#000000")
    return image


def _sound(render: Mapping[str, Any], seconds: float) -> Any:
    import numpy

    if not {"speech", "tone", "silent"} & set(render):
        return None
    heard = numpy.zeros(round(seconds * RATE), "float32")
    if "tone" in render:
        heard += render["tone"] * numpy.sin(2 * numpy.pi * 440 * numpy.arange(len(heard)) / RATE)
    for start, end in render.get("speech", ()):
        part = voice(end - start)
        heard[round(start * RATE) : round(start * RATE) + len(part)] += part
    return numpy.clip(heard, -1, 1).astype("float32")


_VOWELS = ((730, 1090, 2440), (270, 2290, 3010), (300, 870, 2240), (530, 1840, 2480), (570, 840, 2410))
"""Formants in Hz of the vowels of father, see, do, bed and law (Peterson and Barney, 1952)."""


def voice(seconds: float, seed: int = 2) -> Any:
    """Syllables without meaning, which a detector of speech takes for speech: pulses of the larynx through formants."""
    import numpy

    chance = random.Random(seed)
    count = round(seconds * RATE)
    now = numpy.arange(count) / RATE
    pitch = 115 + 15 * numpy.sin(4.4 * now) + 4 * numpy.sin(19 * now)
    pulses = numpy.diff(numpy.floor(numpy.cumsum(pitch) / RATE), prepend=0.0)
    heard = numpy.zeros(count)
    at = 0
    while at < count:
        part = pulses[at : at + int(chance.uniform(0.12, 0.22) * RATE)].copy()
        if chance.random() < 0.3:  # a consonant
            hiss = part[: len(part) * 3 // 10]
            hiss[:] = [chance.gauss(0, 0.1) for _ in hiss]
        for frequency in chance.choice(_VOWELS):
            part = _resonance(part, frequency)
        part *= numpy.sin(numpy.linspace(0.15, numpy.pi - 0.05, len(part))) ** 0.5
        heard[at : at + len(part)] = part / max(numpy.abs(part).max(), 1e-9)
        at += len(part)
    return (heard * 0.4).astype("float32")


def _resonance(part: Any, frequency: int, width: float = 80.0) -> Any:
    """Two poles, as in a formant synthesizer (Klatt, 1980): convolved with the response, which dies away in 40 ms."""
    import numpy

    decay = numpy.exp(-numpy.pi * width / RATE)
    angle = 2 * numpy.pi * frequency / RATE
    number = numpy.arange(RATE // 25)
    response = decay**number * numpy.sin((number + 1) * angle) / numpy.sin(angle)
    return numpy.convolve(part, response)[: len(part)]
