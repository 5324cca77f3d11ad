"""Videos made here, whose speech, captions and burned-in words are known, and what postcheck says of them.

    python benchmarks/video.py gaps|sync|burned-in|cost [--fewer 4]

Each goes the whole way: a file is written, and `postcheck.check` reads it. `gaps` and `sync` want espeak-ng.

gaps        sentences whose cues were dropped, in the clear, over music at 15 and 5 decibels, with cues that come .6 and
            1.2 seconds late, and spoken twice as fast; bar: recall and precision .95, and nothing on music alone
sync        cues shifted as a whole; bar: from 30 s on 2 s and more are found, and below .5 s nothing is claimed
burned-in   40 clips over moving grounds, half of them with captions in the pictures; bar: 95 % right
cost        a minute of a talking head at 1920 by 1080, with a captions file and without, beside a bare decode by PyAV;
            bars: 2.0 times, and 4.0 where burned-in captions are looked for; 400 MB; ten minutes take no more memory
"""

from __future__ import annotations

import argparse
import contextlib
import math
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import av
import imageio_ffmpeg
import numpy as np

import postcheck
from benchmarks.spoken_tracks import MUSIC, RATE, Interval, Track, track, with_music
from postcheck.model import Finding

_LATE = 0.15
"""Seconds by which those who write captions miss the begin of a sentence; ends linger three times as long."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=list(PARTS))
    parser.add_argument("--fewer", type=int, default=1, help="only every so many of the clips")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        return int(not PARTS[chosen.what](Path(folder), chosen.fewer))


# ------------------------------------------------------------------------------------------------ gaps


def gaps(folder: Path, fewer: int) -> bool:
    found = missed = wrong = 0
    for name, made in _CONDITIONS.items():
        right = lost = false = 0
        for seed in range(0, 8, fewer):
            chance = random.Random(f"{name} {seed}")
            heard, late = made(chance)
            dropped = set(chance.sample(range(len(heard.sentences)), max(1, len(heard.sentences) // 5)))
            cues = [_cue(one, chance, late) for number, one in enumerate(heard.sentences) if number not in dropped]
            findings = _checked(folder / f"{name} {seed}".replace(" ", "-"), heard, cues, "captions/gap-with-speech")
            places = [one.location.interval for one in findings if one.location and one.location.interval]
            silent = [heard.sentences[number] for number in sorted(dropped)]
            long = [one for one in silent if one[1] - one[0] > 2.0]
            right += sum(any(_meet(one, place) > 1.0 for place in places) for one in long)
            lost += sum(not any(_meet(one, place) > 1.0 for place in places) for one in long)
            false += sum(not any(_meet(one, place) > 0.5 for one in silent) for place in places)
        print(f"  {name}: {right} of {right + lost} found, {false} false")
        found, missed, wrong = found + right, missed + lost, wrong + false
    recall, precision = found / max(found + missed, 1), found / max(found + wrong, 1)
    print(f"gaps: recall {recall:.3f}, precision {precision:.3f} (bars .95)")
    alone = 0
    for number, kind in enumerate(MUSIC * 2):
        chance = random.Random(number)
        silence = Track(np.zeros(40 * RATE, np.float32), ())
        played = with_music(silence, chance, kind, 0)
        cues = [(1.0, 3.0)]
        alone += len(_checked(folder / f"music-{number}", played, cues, "captions"))
        alone += len(_checked(folder / f"music-alone-{number}", played, None, "captions"))
    print(f"music alone: {alone} findings")
    return recall >= 0.95 and precision >= 0.95 and not alone


def _plain(chance: random.Random) -> tuple[Track, float]:
    return track(chance, 60), 0.0


def _over_music(decibels: float) -> Callable[[random.Random], tuple[Track, float]]:
    return lambda chance: (with_music(track(chance, 60), chance, chance.choice(MUSIC), decibels), 0.0)


def _late(seconds: float) -> Callable[[random.Random], tuple[Track, float]]:
    return lambda chance: (track(chance, 60), seconds)


_CONDITIONS: dict[str, Callable[[random.Random], tuple[Track, float]]] = {
    "clear": _plain,
    "music at 15 dB": _over_music(15),
    "music at 5 dB": _over_music(5),
    "cues .6 s late": _late(0.6),
    "cues 1.2 s late": _late(1.2),
    "cues 2.5 s late": _late(2.5),
    "twice as fast": lambda chance: (track(chance, 60, (290, 350)), 0.0),
}


def _cue(sentence: Interval, chance: random.Random, late: float = 0.0) -> Interval:
    start, end = sentence
    start += late + chance.gauss(0, _LATE)
    return max(start, 0.0), max(end + late + abs(chance.gauss(0, 3 * _LATE)), start + 0.5)


def _meet(one: Interval, other: Interval) -> float:
    return min(one[1], other[1]) - max(one[0], other[0])


# ------------------------------------------------------------------------------------------------ sync


def sync(folder: Path, fewer: int) -> bool:
    is_right = True
    for seconds in (30, 60):
        for late in (0.0, 0.3, -0.3, 0.45, -0.45, 0.6, -0.6, 1.2, -1.2, 2.0, -2.0, 2.5, -2.5, 5.0):
            claimed, errors, count = 0, [], 0
            for seed in range(0, 12, fewer):
                chance = random.Random(f"{seconds} {late} {seed}")
                heard = track(chance, seconds)
                if seed % 3:
                    heard = with_music(heard, chance, chance.choice(MUSIC), (15, 5)[seed % 2])
                said = [one for one in heard.sentences if one[0] + late > 0]
                kept = [one for one in said if chance.random() > (0, 0.2)[seed % 2]]
                kept = kept if len(kept) > 2 else said  # of one cue or two nobody can tell where they belong
                cues = [_cue(one, chance, late) for one in kept]
                found = _checked(folder / f"{seconds} {late} {seed}", heard, cues, "captions/out-of-sync")
                count, claimed = count + 1, claimed + len(found)
                errors += [abs(float(one.data["seconds"]) - abs(late)) for one in found]
            told = f", off by {median(errors):.2f} s (median), {max(errors):.2f} (most)" if errors else ""
            print(f"  {seconds} s, cues {late:+.2f} s: claimed in {claimed} of {count}{told}")
            is_right &= claimed == count if abs(late) >= 2 else not claimed if abs(late) < 0.5 else True
    print("sync:", "reached" if is_right else "NOT REACHED")
    return is_right


# ------------------------------------------------------------------------------------------- burned in


def burned_in(folder: Path, fewer: int) -> bool:
    right, clips = 0, list(_clips())[::fewer]
    for number, (name, size, words) in enumerate(clips):
        chance = random.Random(number)
        heard = track(chance, 14)
        place = folder / str(number)
        place.mkdir(parents=True)
        look = _Ground(size, chance, words(heard.sentences))
        write_video(place / "clip.mp4", look, heard, pictures=12)
        found = _findings(place, "captions/missing")
        said = found[0].outcome if found else "nothing"
        is_right = said == ("cantTell" if name.startswith("captions") else "failed")
        right += is_right
        if not is_right:
            print(f"  {name}, {size[0]} by {size[1]}: {said} {found[0].data if found else ''}")
    print(f"burned-in: {right} of {len(clips)} right ({right / len(clips):.1%}, bar 95 %)")
    return right >= 0.95 * len(clips)


Shown = list[tuple[float, float, str, dict[str, Any]]]
"""From, to, the words, and how they look."""


def _clips() -> Iterator[tuple[str, tuple[int, int], Callable[[Sequence[Interval]], Shown]]]:
    sizes = ((640, 360), (360, 640), (854, 480), (480, 480), (1280, 720))
    styles: tuple[dict[str, Any], ...] = (
        {"fg": "#FFFFFF", "rim": 3}, {"fg": "#FFFFFF", "box": "#000000"}, {"fg": "#FFE94A", "rim": 3},
        {"fg": "#FFFFFF", "rim": 2, "at": 0.72},
    )  # fmt: skip
    for number in range(20):
        style = styles[number % 4]
        yield f"captions {number % 4}", sizes[number % 5], partial(_as_captions, style)
    still: tuple[Shown, ...] = (
        [],
        [(0, 99, "Bureau of Streets", {"fg": "#FFFFFF", "box": "#123A6B", "at": 0.85})],
        [(0, 99, "leaf day 2026", {"fg": "#FFFFFF", "rim": 2, "at": 0.2})],
        [
            (0, 99, "Volunteer, Leaf Day crew", {"fg": "#FFFFFF", "box": "#1F5C2E", "at": 0.8}),
            (0, 99, "CITY TV", {"fg": "#EEEEEE", "at": 0.07}),
        ],
        [(0, 4, "Leaf Day", {"fg": "#FFFFFF", "box": "#333333", "at": 0.82})],
    )
    for number in range(20):
        yield f"none {number % 5}", sizes[(number + number // 5) % 5], partial(_always, still[number % 5])


def _always(shown: Shown, _: Sequence[Interval]) -> Shown:
    return shown


def _as_captions(style: dict[str, Any], spoken: Sequence[Interval]) -> Shown:
    words = (
        "Move your car by eight",
        "If your street floods, call us",
        "Bring gloves and a rake",
        "Crews are out today",
        "Thank you, neighbors",
    )
    shown: Shown = []
    for number, (start, end) in enumerate(spoken):
        middle = (start + end) / 2
        shown += [
            (start, middle, words[number * 2 % 5], style),
            (middle, end + 0.3, words[(number * 2 + 1) % 5], style),
        ]
    return shown


class _Ground:
    """A picture that moves under words that stand."""

    def __init__(self, size: tuple[int, int], chance: random.Random, shown: Shown) -> None:
        from PIL import Image, ImageFilter

        self._size, self._shown = size, shown
        width, height = size
        rough = np.random.default_rng(chance.randrange(10**6)).integers(30, 225, (height // 12, width // 6, 3))
        self._ground = Image.fromarray(rough.astype(np.uint8)).resize((width * 2, height), Image.Resampling.BICUBIC)
        self._ground = self._ground.filter(ImageFilter.GaussianBlur(chance.uniform(0, 4)))
        self._speed = chance.uniform(10, 60)

    def __call__(self, now: float) -> Any:
        from PIL import ImageDraw, ImageFont

        width, height = self._size
        left = int(now * self._speed) % width
        image = self._ground.crop((left, 0, left + width, height))
        draw = ImageDraw.Draw(image)
        for start, end, words, style in self._shown:
            if start <= now < end:
                letters = max(round(min(width * 1.4, height) / 16), 14)
                while draw.textlength(words, font := ImageFont.load_default(letters)) > width * 0.9:
                    letters -= 1
                box = draw.textbbox((0, 0), words, font)
                place = ((width - box[2]) / 2, height * style.get("at", 0.84))
                if "box" in style:
                    edges = (place[0] - 6, place[1] + box[1] - 4, place[0] + box[2] + 6, place[1] + box[3] + 4)
                    draw.rectangle(edges, fill=style["box"])
                draw.text(
                    place, words, font=font, fill=style["fg"], stroke_width=style.get("rim", 0), stroke_fill="#000000"
                )
        return np.asarray(image)


# ------------------------------------------------------------------------------------------------ cost


def cost(folder: Path, fewer: int) -> bool:
    minute = folder / "with" / "clip.mp4"
    minute.parent.mkdir()
    heard = track(random.Random(7), 60)
    write_video(minute, _Head(), heard, pictures=30, size=(1920, 1080))
    _write_captions(minute.parent / "clip.en.vtt", list(heard.sentences))
    (folder / "without").mkdir()
    os.link(minute, folder / "without" / "clip.mp4")
    (folder / "long").mkdir()
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-loglevel", "error", "-stream_loop", "9", "-i", str(minute)]
    subprocess.run([*command, "-c", "copy", str(folder / "long" / "clip.mp4")], check=True)
    ten = [(start + 60 * number, end + 60 * number) for number in range(10) for start, end in heard.sentences]
    _write_captions(folder / "long" / "clip.en.vtt", ten)
    (folder / "text").mkdir()
    cache = folder / "cache"
    _timed(_command(folder / "text"), cache)  # keeps the checks
    rows: dict[str, list[tuple[float, float]]] = {"bare": [], "with": [], "without": []}
    for _ in range(max(3 // fewer, 1)):
        rows["bare"].append(_timed([sys.executable, "-c", _BARE, str(minute)], cache))
        for name in ("with", "without"):
            rows[name].append(_timed(_command(folder / name), cache))
    bare = median(seconds for seconds, _ in rows["bare"])
    is_right = True
    for name, most in (("with", 2.0), ("without", 4.0)):
        times, memory = median(seconds for seconds, _ in rows[name]) / bare, max(size for _, size in rows[name])
        print(
            f"{name} captions: {times:.2f} times a bare decode of {bare:.1f} s (bar {most}), {memory:.0f} MB (bar 400)"
        )
        is_right &= times <= most and memory <= 400
    if fewer > 2:
        return is_right
    seconds, memory = _timed(_command(folder / "long"), cache)
    print(f"ten minutes: {seconds:.0f} s, {memory:.0f} MB")
    return is_right


_BARE = "import av, sys; file = av.open(open(sys.argv[1], 'rb')); print(sum(1 for _ in file.decode(video=0)))"


def _command(folder: Path) -> list[str]:
    (folder / "post.yaml").write_text("caption: Leaf Day is Saturday.\n", encoding="utf-8")
    return [sys.executable, "-m", "postcheck", "check", str(folder)]


def _timed(command: list[str], cache: Path) -> tuple[float, float]:
    """Seconds; and megabytes, the most that the process and those it started held together. What was measured in an
    earlier run is not known to it; the checks are, as of any but the very first run."""
    for file in (cache / "postcheck").glob("measured.sqlite*"):
        file.unlink()
    start = time.perf_counter()
    environment = {**os.environ, "XDG_CACHE_HOME": str(cache)}
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
    most = 0.0
    done = threading.Event()

    def watch() -> None:
        nonlocal most
        while not done.wait(0.05):
            most = max(most, sum(_megabytes(one) for one in _tree(process.pid)))

    watcher = threading.Thread(target=watch)
    watcher.start()
    process.wait()
    done.set()
    watcher.join()
    return time.perf_counter() - start, most


def _tree(process: int) -> Iterator[int]:
    yield process
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{process}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield from _tree(int(child))


def _megabytes(process: int) -> float:
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    return 0.0


class _Head:
    """Somebody who talks before a wall: the head sways, the mouth moves, the sensor is noisy."""

    def __init__(self) -> None:
        import cv2

        self._cv = cv2
        chance = np.random.default_rng(3)
        wall = self._rough(chance, 1920, 1080, 90, 60, 150)
        self._walls = [
            np.clip(wall + chance.normal(0, 2.5, (540, 960, 1)).repeat(2, 0).repeat(2, 1), 0, 255).astype(np.uint8)
            for _ in range(8)
        ]
        self._face = self._rough(chance, 700, 900, 60, 120, 190).astype(np.uint8)
        self._shape = np.zeros((900, 700), np.uint8)
        cv2.ellipse(self._shape, (350, 430), (330, 420), 0, 0, 360, 255, -1)

    def _rough(self, chance: Any, width: int, height: int, grain: int, low: int, high: int) -> Any:
        small = chance.uniform(low, high, (height // grain + 2, width // grain + 2, 3)).astype(np.float32)
        return self._cv.resize(small, (width, height), interpolation=self._cv.INTER_CUBIC)

    def __call__(self, now: float) -> Any:
        picture = self._walls[round(now * 30) % 8].copy()
        face = self._face.copy()
        opened = int(30 + 28 * math.sin(22 * now))
        self._cv.ellipse(face, (350, 640), (110, opened), 0, 0, 360, (70, 30, 30), -1)
        left, top = 610 + int(14 * math.sin(1.1 * now)), 120 + int(8 * math.sin(1.7 * now))
        np.copyto(picture[top : top + 900, left : left + 700], face, where=self._shape[..., None] > 0)
        return picture


# ------------------------------------------------------------------------------------------------ files


def write_video(
    path: Path, look: Callable[[float], Any], heard: Track, *, pictures: int, size: tuple[int, int] | None = None
) -> None:
    """H.264 and AAC. `look` gives the picture at a time; `pictures`: a second."""
    height, width = look(0.0).shape[:2] if size is None else (size[1], size[0])
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=pictures, options={"crf": "23", "preset": "veryfast"})
        stream.width, stream.height = width, height
        stream.pix_fmt = "yuv420p"
        sound = container.add_stream("aac", rate=RATE, layout="mono")
        for number in range(int(heard.seconds * pictures)):
            frame = av.VideoFrame.from_ndarray(look(number / pictures), format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
        for start in range(0, len(heard.samples), 1024):
            part = av.AudioFrame.from_ndarray(heard.samples[None, start : start + 1024], format="fltp", layout="mono")
            part.sample_rate, part.pts, part.time_base = RATE, start, Fraction(1, RATE)
            container.mux(sound.encode(part))
        container.mux(sound.encode())


def _write_captions(path: Path, cues: Sequence[Interval]) -> None:
    lines = [f"{_time(start)} --> {_time(end)}\nLeaf Day is Saturday.\n" for start, end in cues]
    path.write_text("WEBVTT\n\n" + "\n".join(lines), encoding="utf-8")


def _time(seconds: float) -> str:
    minutes, rest = divmod(seconds, 60)
    return f"{int(minutes):02}:{rest:06.3f}"


def _checked(place: Path, heard: Track, cues: Sequence[Interval] | None, select: str) -> list[Finding]:
    """Two pictures a second are enough where only the sound counts."""
    place.mkdir(parents=True)
    grey = np.full((36, 64, 3), 120, np.uint8)
    write_video(place / "clip.mp4", lambda _: grey, heard, pictures=2)
    if cues is not None:
        _write_captions(place / "clip.en.vtt", cues)
    return _findings(place, select)


_OF_SOUND = ("captions/gap-with-speech", "captions/out-of-sync", "captions/missing")


def _findings(place: Path, select: str) -> list[Finding]:
    (place / "post.yaml").write_text("caption: Leaf Day is Saturday.\n", encoding="utf-8")
    (report,) = postcheck.check(place, policy="", select=[select]).drafts
    return [finding for result in report.results if result.check in _OF_SOUND for finding in result.findings]


PARTS: dict[str, Callable[[Path, int], bool]] = {"gaps": gaps, "sync": sync, "burned-in": burned_in, "cost": cost}

if __name__ == "__main__":
    sys.exit(main())
