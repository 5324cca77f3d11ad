"""When somebody speaks in a sound track.

By the model of Silero VAD (MIT licence, models/README.md), which music does not mislead; its own Python package would
bring PyTorch with it, and the model alone needs only onnxruntime.
"""

from __future__ import annotations

from typing import Any

from postcheck.errors import CannotTest
from postcheck.resources import data_folder

RATE = 16_000
"""Samples a second that the model wants, of one channel, from -1 to 1."""
_WINDOW, _BEFORE = 512, 64
"""Samples that are judged at once, and those before them that the model wants to hear again."""
STEP = _WINDOW / RATE
"""Seconds for which there is one answer."""
_BEGINS, _GOES_ON = 0.5, 0.35
"""How likely speech must be to begin, and to go on: the thresholds that Silero's authors use."""
_PAUSE = 0.25
"""Seconds. A shorter silence stands between two words."""
_SHORTEST = 0.2
"""Seconds. What is shorter is a click or a cough."""

Interval = tuple[float, float]
"""Begin and end in seconds."""


class Speech:
    """Hears the samples as they come, and keeps one number for each STEP.

    Raises:
        CannotTest: onnxruntime is not installed or does not take the model.
    """

    def __init__(self) -> None:
        import numpy

        self._numpy = numpy
        self._session = _session()
        self._state = numpy.zeros((2, 1, 128), "float32")
        self._heard = numpy.zeros(_BEFORE, "float32")
        self._waiting = numpy.zeros(0, "float32")
        self._rate = numpy.array(RATE, "int64")
        self._likely: list[float] = []

    def hear(self, samples: Any) -> None:
        """`samples`: a NumPy array of float32, of RATE a second."""
        numpy = self._numpy
        waiting = numpy.concatenate([self._waiting, samples])
        whole = len(waiting) - len(waiting) % _WINDOW
        for start in range(0, whole, _WINDOW):
            window = numpy.concatenate([self._heard, waiting[start : start + _WINDOW]])
            likely, self._state = self._session.run(
                None, {"input": window[None], "state": self._state, "sr": self._rate}
            )
            self._likely.append(float(likely[0, 0]))
            self._heard = window[-_BEFORE:]
        self._waiting = waiting[whole:]

    def intervals(self) -> list[Interval]:
        return intervals(self._likely)


def intervals(likely: list[float]) -> list[Interval]:
    """When speech goes on, by how likely it is in each STEP."""
    found: list[Interval] = []
    began: float | None = None
    silent_from = 0.0
    for number, value in enumerate(likely):
        now = number * STEP
        if value >= _BEGINS:
            began = now if began is None else began
            silent_from = now + STEP
        elif began is not None and value >= _GOES_ON:
            silent_from = now + STEP
        elif began is not None and now + STEP - silent_from >= _PAUSE:
            found.append((began, silent_from))
            began = None
    if began is not None:
        found.append((began, silent_from))
    return [(begin, end) for begin, end in found if end - begin >= _SHORTEST]


def _session() -> Any:
    try:
        import onnxruntime
    except ImportError as error:
        raise CannotTest(f"The library {error.name} is not installed: install postcheck again.") from None
    options = onnxruntime.SessionOptions()
    options.inter_op_num_threads = options.intra_op_num_threads = 1  # one window is too little work for more
    try:
        path = data_folder("models") / "speech" / "silero_vad_16k.onnx"
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:
        raise CannotTest(f"The model of speech cannot be loaded: {error}") from None
