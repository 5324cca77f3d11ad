"""Sound tracks whose speech is known to the millisecond: sentences by espeak-ng, over music that is played here."""

from __future__ import annotations

import io
import random
import subprocess
import wave
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

RATE = 16_000
VOICES = ("en-us", "en-us+f3", "en-gb+m3", "en-us+m7", "en-gb+f2")
MUSIC = ("piano", "band", "pad", "lead")
SENTENCES = (
    "Leaf Day is Saturday. Please move your car by eight in the morning.",
    "The crew will rake leaves away from the storm drains on your street.",
    "If your street floods, call the dispatch line and we will come.",
    "Our parks are open again after the winter storm of last week.",
    "Bring gloves, a rake and a warm coat.",
    "Thank you to everyone who came to the meeting about the new bridge.",
    "The library closes early on Wednesday for the training of its staff.",
    "You can pay your water bill online, by mail or in person at the counter.",
    "Free tree planting starts in the spring.",
    "We are hiring lifeguards for all city pools this summer.",
    "Check your smoke alarm today.",
    "The road is closed between Fifth and Ninth Avenue until Friday evening.",
)
Interval = tuple[float, float]


@dataclass(frozen=True)
class Track:
    samples: Any
    sentences: tuple[Interval, ...]
    """Begin and end of each, in seconds."""

    @property
    def seconds(self) -> float:
        return len(self.samples) / RATE


@lru_cache(maxsize=512)
def spoken(sentence: str, voice: str, speed: int) -> Any:
    """The samples of a sentence, without the silence around it. `speed`: words a minute."""
    command = ["espeak-ng", "-v", voice, "-s", str(speed), "--stdout", sentence]
    made = subprocess.run(command, capture_output=True, check=True).stdout
    with wave.open(io.BytesIO(made)) as file:
        rate, raw = file.getframerate(), file.readframes(10**8)
    heard = np.frombuffer(raw, np.int16).astype(np.float32) / 32768
    count = int(len(heard) * RATE / rate)
    heard = np.interp(np.arange(count) / RATE, np.arange(len(heard)) / rate, heard).astype(np.float32)
    loud = np.flatnonzero(np.abs(heard) > 0.005)
    return heard[loud[0] : loud[-1] + 1]


def track(chance: random.Random, seconds: float, speeds: tuple[int, int] = (140, 190)) -> Track:
    samples = np.zeros(int(seconds * RATE), np.float32)
    voice, now = chance.choice(VOICES), chance.uniform(0.5, 2.0)
    found: list[Interval] = []
    while True:
        part = spoken(chance.choice(SENTENCES), voice, chance.randrange(speeds[0], speeds[1], 10))
        end = now + len(part) / RATE
        if end > seconds - 0.3:
            return Track(samples, tuple(found))
        samples[int(now * RATE) : int(now * RATE) + len(part)] += part * 0.5
        found.append((now, end))
        now = end + chance.choice((0.3, 0.5, 0.8, 1.5, 3.0))


def with_music(heard: Track, chance: random.Random, kind: str, decibels: float) -> Track:
    """Under the speech, so many decibels softer."""
    played = music(heard.seconds, chance, kind)
    is_speech = np.zeros(len(heard.samples), bool)
    for start, end in heard.sentences:
        is_speech[int(start * RATE) : int(end * RATE)] = True
    voice = np.sqrt((heard.samples[is_speech] ** 2).mean()) if is_speech.any() else 0.1
    softer = voice / np.sqrt((played**2).mean()) * 10 ** (-decibels / 20)
    return Track(np.clip(heard.samples + played * softer, -1, 1).astype(np.float32), heard.sentences)


def music(seconds: float, chance: random.Random, kind: str) -> Any:
    """Chords; with drums (band, piano) or a melody (lead)."""
    count = int(seconds * RATE)
    played = np.zeros(count)
    root, beat = chance.uniform(110, 220), 60 / chance.uniform(80, 140)
    chords = ((0, 4, 7), (5, 9, 12), (7, 11, 14), (9, 12, 16))
    fades = 1.5 if kind == "piano" else 0.1
    for number in range(int(seconds / beat / 2) + 1):
        for note in chords[number % 4]:
            _add(played, number * 2 * beat, _tone(root * 2 ** (note / 12), 2 * beat, fades, overtones=5))
    for number in range(int(seconds / beat) + 1):
        if kind in ("band", "piano"):
            time = np.arange(int(0.15 * RATE)) / RATE
            _add(played, number * beat, 2 * np.sin(2 * np.pi * 60 * np.exp(-time * 8) * time) * np.exp(-time * 20))
            hiss = np.array([chance.gauss(0, 0.5) for _ in range(RATE // 20)])
            _add(played, (number + 0.5) * beat, hiss * np.exp(-np.arange(len(hiss)) / RATE * 60))
        if kind == "lead":
            for half in (0, 0.5):
                note = chance.choice((0, 2, 4, 5, 7, 9, 11))
                _add(played, (number + half) * beat, 1.5 * _tone(root * 4 * 2 ** (note / 12), beat / 2, 2.0))
    return (played / np.abs(played).max() * 0.5).astype(np.float32)


def _tone(frequency: float, seconds: float, fades: float, overtones: int = 1) -> Any:
    time = np.arange(int(seconds * RATE)) / RATE
    waves = sum(np.sin(2 * np.pi * frequency * number * time) / number**1.5 for number in range(1, overtones + 1))
    return waves * np.exp(-time * fades) * np.minimum(1, time * 50)


def _add(to: Any, seconds: float, part: Any) -> None:
    start = int(seconds * RATE)
    kept = part[: max(len(to) - start, 0)]
    to[start : start + len(kept)] += kept
