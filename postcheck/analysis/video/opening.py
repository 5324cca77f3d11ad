"""A video file, opened by PyAV for one of the tasks of `worker`."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

Item = TypeVar("Item")

UNREADABLE, NO_PICTURES = "unreadable", "no-pictures"
"""What can be wrong with a video file."""
_MOST_THREADS = 4
"""Each holds pictures of its own in memory."""


@contextmanager
def opened(path: Path) -> Iterator[Any]:
    """
    Raises:
        OSError: the file cannot be opened, or is no video (av.error.FFmpegError is an OSError).
        ValueError: as PyAV says it of some broken files.
    """
    import av

    # From a file object: a playlist cannot make the library open other files, or addresses.
    with path.open("rb") as file, av.open(file, mode="r", metadata_errors="replace") as container:
        yield container


def picture_stream(container: Any) -> Any:
    """The stream of moving pictures, None where there is none. A cover picture is not one."""
    import av

    for stream in container.streams.video:
        if not stream.disposition & av.stream.Disposition.attached_pic and stream.codec_context is not None:
            stream.thread_type = "AUTO"
            stream.codec_context.thread_count = _MOST_THREADS
            return stream
    return None


def sound_stream(container: Any) -> Any:
    """The first stream of sound that can be decoded, None where there is none."""
    return next((stream for stream in container.streams.audio if stream.codec_context is not None), None)


def decoded(container: Any, *streams: Any) -> Iterator[tuple[Any, Any]]:
    """Each frame with its stream, as they come in the file; None in place of it for a packet that cannot be decoded."""
    import av

    for packet in container.demux(*streams):
        try:
            frames = packet.decode()
        except (av.error.FFmpegError, ValueError):
            yield packet.stream, None
            continue
        for frame in frames:
            yield packet.stream, frame


def ahead(frames: Iterable[Item], most: int) -> Iterator[Item]:
    """The same, made by a thread that goes on while each is looked at, until `most` wait."""
    waiting: queue.Queue[tuple[Item | None, BaseException | None]] = queue.Queue(most)
    over = threading.Event()

    def make() -> None:
        ending: BaseException | None = None
        try:
            for frame in frames:
                waiting.put((frame, None))
                if over.is_set():
                    return
        except BaseException as error:  # it is raised again where the frames are wanted
            ending = error
        waiting.put((None, ending))

    maker = threading.Thread(target=make, daemon=True)
    maker.start()
    try:
        while True:
            frame, error = waiting.get()
            if error:
                raise error
            if frame is None:
                return
            yield frame
    finally:  # the file must not be closed while it is read
        over.set()
        while maker.is_alive():
            with suppress(queue.Empty):
                waiting.get(timeout=0.05)


def seconds_of(frame: Any, container: Any, otherwise: float) -> float:
    """When a frame is shown or heard, from the begin of the video."""
    if frame.time is None:
        return otherwise
    return float(frame.time) - (container.start_time or 0) / 1_000_000


def turn_of(frame: Any) -> int:
    """Quarters by which the picture is shown turned, counterclockwise: phones store it lying."""
    return int(round(frame.rotation / 90) % 4)
