"""Names that every system takes."""

from __future__ import annotations

import pytest

from postcheck.names import Names, safe_name, slug


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("crew.jpg", "crew.jpg"),
        ("clip.en_US.srt", "clip.en_US.srt"),
        ("a: b?*.png", "a-b.png"),
        ("CON", "_CON"),
        ("nul.jpg", "_nul.jpg"),
        ("Com1.en.vtt", "_Com1.en.vtt"),
        ("console.jpg", "console.jpg"),
        ("..\\..\\x.jpg", "x.jpg"),
        ("niño 🍁.jpg", "niño.jpg"),
        ("nin\u0303o.jpg", "niño.jpg"),
        ("trailing. ", "trailing"),
        ("🍁", "file"),
        (".jpg", "jpg"),
    ],
)
def test_safe(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_a_long_name_keeps_its_ending() -> None:
    made = safe_name("x" * 300 + ".en_US.srt")
    assert len(made) <= 80
    assert made.endswith("x.en_US.srt")


def test_no_two_are_the_same() -> None:
    names = Names()
    assert [names.take(name) for name in ("a.jpg", "A.jpg", "a.jpg", "a.en.vtt", "a.en.vtt")] == [
        "a.jpg", "A-2.jpg", "a-3.jpg", "a.en.vtt", "a-2.en.vtt",
    ]  # fmt: skip


def test_slug() -> None:
    assert slug("Parks & Recreation", "account") == "parks-recreation"
    assert slug("🍁", "account") == "account"
