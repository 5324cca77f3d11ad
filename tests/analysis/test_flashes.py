"""Flashes: both sides of every threshold of WCAG 2.3.1, at several rates of frames, shapes and kinds of pictures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from postcheck.analysis.animation import flashes_in_animation
from postcheck.analysis.colors import Yuv
from postcheck.analysis.flashes import Flashes, FlashFacts
from postcheck.analysis.video.facts import watched
from tests.drafts import content

Color = tuple[int, int, int]
DARK, LIGHT = (60, 60, 60), (180, 180, 180)
RATES = (10, 24, 25, 30, 50, 60, 120)


def watch(draw: Callable[[float, int], Any], fps: float = 30, seconds: float = 1.6, **options: Any) -> FlashFacts:
    meter: Flashes | None = None
    for number in range(round(seconds * fps)):
        look = draw(number / fps, number)
        if meter is None:
            height, width = (look.luma if isinstance(look, Yuv) else look).shape[:2]
            meter = Flashes(width, height, **options)
        meter.add(look, number / fps)
    assert meter is not None
    return meter.result()


def flat(color: Color, width: int = 320, height: int = 240) -> Any:
    return np.full((height, width, 3), color, np.uint8)


def part(share: float, width: int = 640, height: int = 480) -> tuple[int, int]:
    """Sides of that share of a window, in its shape; the picture has that of 1024 by 768."""
    side = share**0.5
    return round(width * 341 / 1024 * side), round(height / 3 * side)


def blinking(rate: float, one: Color = DARK, two: Color = LIGHT) -> Callable[[float, int], Any]:
    looks = flat(one), flat(two)
    return lambda now, _: looks[int(now * rate * 2 + 1e-9) % 2]


def in_turn(looks: Sequence[Any]) -> Callable[[float, int], Any]:
    """Each for three frames: at 30 a second, five flashes."""
    return lambda _, number: looks[number // 3 % 2]


def kinds(facts: FlashFacts) -> list[str]:
    return [event.kind for event in facts.events]


@pytest.mark.parametrize("fps", RATES)
@pytest.mark.parametrize(("rate", "found"), [(2.9, []), (3.12, ["general"]), (4.5, ["general"])])
def test_how_often(fps: int, rate: float, found: list[str]) -> None:
    assert kinds(watch(blinking(rate), fps, 4.0)) == found


def test_frames_may_come_at_any_time() -> None:
    meter = Flashes(320, 240)
    for number, now in enumerate((0.0, 0.05, 0.31, 0.35, 0.5, 0.51, 0.77, 0.93, 3.0)):
        meter.add(flat(LIGHT if number % 2 else DARK), now)
    (event,) = meter.result().events
    assert (event.kind, event.flashes, event.end) == ("general", 3.5, 0.93)


@pytest.mark.parametrize(
    ("one", "two", "found"),
    [
        ((62, 62, 62), (106, 106, 106), []),  # relative luminance .0482 and .1441
        ((62, 62, 62), (109, 109, 109), ["general"]),  # .0482 and .1529
        ((229, 229, 229), (250, 250, 250), ["general"]),  # .7835 and .9559
        ((232, 232, 232), (255, 255, 255), []),  # .8069 and 1
        ((0, 0, 255), (0, 0, 0), []),  # .0722: blue is bright in its value alone
        ((0, 140, 0), (255, 0, 0), ["red"]),  # .1867 and .2126
    ],
)
def test_how_strong(one: Color, two: Color, found: list[str]) -> None:
    assert kinds(watch(blinking(5, one, two))) == found


@pytest.mark.parametrize(
    ("one", "two", "rules"),
    [
        ((255, 0, 0), (200, 0, 0), ["rgb"]),  # as saturated as before, in the same color; 173 and 320
        ((120, 0, 0), (112, 60, 90), ["uv", "rgb"]),
        ((80, 0, 0), (30, 30, 60), ["uv", "rgb"]),
        ((255, 140, 140), (255, 160, 150), []),
    ],
)
def test_red_by_either_rule(one: Color, two: Color, rules: list[str]) -> None:
    raising = [rule for rule in ("uv", "rgb") if watch(blinking(5, one, two), red_rules=(rule,)).events]
    assert raising == rules


@pytest.mark.parametrize(("share", "found"), [(0.24, 0), (0.26, 1)])
@pytest.mark.parametrize("place", [(0, 0), (1, 0), (0, 1), (1, 1), (0.4, 0.6)])
def test_how_large(share: float, found: int, place: tuple[float, float]) -> None:
    width, height = part(share)
    left, top = round((640 - width) * place[0]), round((480 - height) * place[1])
    looks = [flat(DARK, 640, 480), flat(DARK, 640, 480)]
    looks[1][top : top + height, left : left + width] = LIGHT
    facts = watch(in_turn(looks))
    assert len(facts.events) == found
    if found:
        assert facts.events[0].box == (left, top, width, height)
        assert facts.events[0].share == pytest.approx(share, abs=0.01)


@pytest.mark.parametrize(("share", "found"), [(0.23, []), (0.27, ["general"])])
def test_halves_that_flash_in_turn_count_together(share: float, found: list[str]) -> None:
    width, height = part(share)
    looks = [flat(DARK, 640, 480), flat(DARK, 640, 480)]
    for look, side in zip(looks, (slice(0, width // 2), slice(width // 2, width)), strict=True):
        look[:height, side] = LIGHT
    assert kinds(watch(in_turn(looks))) == found


def test_upright_and_turned_are_the_same() -> None:
    """The window is 341 by 256 as shown: here 200 by 60 of 1024 by 1820, fit to 432 by 768."""
    looks = [flat(DARK, 360, 640), flat(DARK, 360, 640)]
    looks[1][:90, :250] = LIGHT  # of a window of 284 by 213
    upright = watch(in_turn(looks))
    turned = watch(lambda _, number: np.rot90(looks[number // 3 % 2]), turned=True)
    assert kinds(upright) == kinds(turned) == ["general"]
    assert upright.events[0].share == turned.events[0].share


@pytest.mark.parametrize(("side", "found"), [(1, []), (2, []), (5, ["general"])])
def test_a_fine_pattern_is_exempt(side: int, found: list[str]) -> None:
    """0.1 degree is 3.4 pixels of 1024 by 768."""
    rows, columns = np.indices((768, 1024)) // side
    board = ((rows + columns) % 2).astype(bool)[..., None]
    looks = np.where(board, 0, 255).astype(np.uint8), np.where(board, 255, 0).astype(np.uint8)
    pictures = [np.ascontiguousarray(np.broadcast_to(look, (768, 1024, 3))) for look in looks]
    assert kinds(watch(in_turn(pictures), seconds=1.2)) == found


def test_noise_is_a_fine_pattern() -> None:
    chance = np.random.default_rng(1)
    assert not watch(lambda *_: chance.integers(0, 256, (480, 640, 3), np.uint8), seconds=1.2).events


@pytest.mark.parametrize(("rate", "found"), [(2.0, []), (5.0, [True])])
def test_stripes_that_move_are_asked_about(rate: float, found: list[bool]) -> None:
    def draw(now: float, _: int) -> Any:
        look = flat(DARK, 640, 480)
        look[:, (np.arange(640) / 80 - now * rate) % 1 < 0.5] = LIGHT
        return look

    assert [event.moving for event in watch(draw).events] == found


@pytest.mark.parametrize(("rate", "seconds", "found"), [(2.5, 8, 1), (2.5, 3.9, 0), (1.5, 8, 0), (5, 8, 0)])
def test_extended_flashing(rate: float, seconds: float, found: int) -> None:
    assert kinds(watch(blinking(rate), seconds=seconds)).count("extended") == found


def test_a_slow_fade_and_a_swell_of_light() -> None:
    for rate, found in ((0.5, 0), (4, 1)):
        swelling = lambda now, _, rate=rate: flat((round(110 + 90 * np.sin(now * rate * 2 * np.pi)),) * 3)  # noqa: E731
        assert len(watch(swelling, 60, 2.0).events) == found


def test_two_events_and_their_times() -> None:
    blinks = blinking(5)
    facts = watch(lambda now, number: blinks(now, number) if now < 1.5 or now > 6 else flat(DARK), seconds=8)
    assert [event.start for event in facts.events] == [0.1, 6.1]
    assert [event.end for event in facts.events] == pytest.approx([1.5, 8.0], abs=0.1)
    assert all(event.flashes == 5 for event in facts.events)


def test_planes_are_read_as_colors() -> None:
    grey = np.full((180, 320), 128, np.uint8)
    for dark, light, full_range, found in ((16, 235, False, 1), (60, 105, False, 1), (60, 105, True, 0)):
        looks = [
            Yuv(np.full((360, 640), value, np.uint8), grey, grey, full_range=full_range) for value in (dark, light)
        ]
        assert len(watch(in_turn(looks)).events) == found, (dark, light)


@pytest.mark.parametrize(("name", "frames"), [("a.gif", 2), ("a.png", 2), ("a.webp", 2)])
def test_an_animation_starts_over(tmp_path: Path, name: str, frames: int) -> None:
    looks = [Image.new("RGB", (160, 120), color) for color in (DARK, LIGHT)]
    path = tmp_path / name
    lossless: dict[str, Any] = {"lossless": True} if name.endswith("webp") else {}
    looks[0].save(path, save_all=True, append_images=looks[1:], duration=100, loop=0, **lossless)
    facts = flashes_in_animation(path)
    assert (kinds(facts), facts.frames) == (["general"], frames)
    looks[0].save(path, save_all=True, append_images=looks[1:], duration=100, loop=1, **lossless)
    assert not flashes_in_animation(path).events  # shown once or twice


def test_a_hundredth_is_shown_for_a_tenth(tmp_path: Path) -> None:
    looks = [Image.new("L", (160, 120), 90 if number % 8 < 4 else 180) for number in range(16)]
    looks = [look.point(lambda value, number=number: value + number % 2) for number, look in enumerate(looks)]
    path = tmp_path / "a.gif"
    looks[0].save(path, save_all=True, append_images=looks[1:], duration=10, loop=0)
    assert not [event for event in flashes_in_animation(path).events if event.kind == "general"]


def test_what_lets_the_ground_through_is_seen_on_both(tmp_path: Path) -> None:
    looks = [Image.new("RGBA", (160, 120), (255, 255, 255, 255)), Image.new("RGBA", (160, 120), (0, 0, 0, 0))]
    path = tmp_path / "a.png"
    looks[0].save(path, save_all=True, append_images=looks[1:], duration=100, loop=0, blend=0)
    assert kinds(flashes_in_animation(path)) == ["general"]  # on black; on white nothing is seen


def test_a_still_picture(tmp_path: Path) -> None:
    (tmp_path / "a.gif").write_bytes(content("a.gif", {}))
    assert flashes_in_animation(tmp_path / "a.gif") == FlashFacts(frames=1, width=600, height=30)


def test_a_video(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(content("a.mp4", {"render": {"flashing": {"rate": 5, "seconds": 2}}}))
    facts = watched(path).flashes
    assert (kinds(facts), facts.width, facts.height, facts.frames) == (["general"], 320, 240, 60)
