"""Pictures drawn for the examples of checks and the tests, as `render:` in a draft asks for them (see `drafts`)."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any


def drawn(render: Mapping[str, Any]) -> Any:
    """A Pillow image of what `render` asks for; None where it asks for none."""
    from PIL import Image

    if "words" in render:
        return with_words(render)
    if "qr" in render:
        return with_codes(render["qr"], smudged=render.get("smudged", False))
    if "face" in render:
        return with_face(render["face"])
    if "size" in render:
        image = Image.new("RGB", tuple(render["size"]), "#3E6B3A")
        if render.get("turned"):
            image.getexif()[0x0112] = 6  # Exif: orientation, a quarter turn to the right
        return image
    return None


def with_words(render: Mapping[str, Any]) -> Any:
    """A Pillow image with words in it, in the font that Pillow brings along."""
    from PIL import Image, ImageChops, ImageDraw, ImageFont

    side = 1080
    ground = Image.new("RGB", (side, side), render.get("bg", "#FFFFFF"))
    if "to" in render:
        along = Image.linear_gradient("L").rotate(90).resize((side, side))
        ground = Image.composite(ground, Image.new("RGB", (side, side), render["to"]), along)
    if "grain" in render:
        chance = random.Random(1)
        grains = [round(min(max(chance.gauss(128, render["grain"] * 2), 0), 255)) for _ in range(90 * 90)]
        rough = Image.frombytes("L", (90, 90), bytes(grains)).resize((side, side))
        ground = ImageChops.add(ground, rough.convert("RGB"), offset=-128)
    outline = (
        {"stroke_width": max(2, render["px"] // 16), "stroke_fill": render["outline"]} if "outline" in render else {}
    )
    font = ImageFont.load_default(render.get("px", 40))
    ImageDraw.Draw(ground).text((60, 200), render["words"], font=font, fill=render.get("fg", "#000000"), **outline)
    return ground


def with_codes(holds: str | list[str], side: int = 240, *, smudged: bool = False) -> Any:
    """QR codes of `side` pixels, light margin included, in a row on blue."""
    import cv2
    from PIL import Image, ImageDraw

    words = [holds] if isinstance(holds, str) else holds
    image = Image.new("RGB", (40 + (side + 40) * len(words), side + 80), "#9CC4E4")
    for number, text in enumerate(words):
        code = Image.fromarray(cv2.QRCodeEncoder.create().encode(text)).resize((side, side), Image.Resampling.NEAREST)
        if smudged:  # more than can be made good, between the three marks by which a code is found
            ImageDraw.Draw(code).rectangle([side * part // 100 for part in (45, 40, 80, 88)], fill=255)
        image.paste(code, (40 + (side + 40) * number, 40))
    return image


def with_face(px: int) -> Any:
    """A face in front view of about `px` pixels across, drawn so that a machine takes it for one."""
    from PIL import Image, ImageDraw, ImageFilter

    image = Image.new("RGB", (px * 4, px * 3), "#D6E6F5")
    draw = ImageDraw.Draw(image)

    def oval(x: float, y: float, across: float, down: float, fill: str) -> None:
        sides = (x - across, y - down, x + across, y + down)
        draw.ellipse([px * (part / 100 + middle) for part, middle in zip(sides, (2, 1.5) * 2, strict=True)], fill=fill)

    oval(0, 150, 120, 65, "#E86A10")
    oval(0, -22, 62, 72, "#2A1A12")
    oval(0, 0, 52, 68, "#D9A27C")
    oval(0, -38, 36, 14, "#E8B994")
    for side in (-1, 1):
        oval(side * 22, -14, 15, 10, "#A06A4A")
        oval(side * 22, -10, 10, 5, "#F4EEE8")
        oval(side * 22, -10, 5, 5, "#1E120C")
        oval(side * 22, -27, 14, 2.5, "#2A1A12")
        oval(side * 26, 18, 12, 10, "#E4B08C")
    oval(0, 8, 6, 18, "#E8B994")
    for side in (-1, 1):
        oval(side * 6, 22, 4, 3, "#7A4A34")
    oval(0, 40, 20, 6, "#8A3A34")
    oval(0, 56, 16, 5, "#C08A66")
    return image.filter(ImageFilter.GaussianBlur(px / 40))


def flashing(render: Mapping[str, Any]) -> tuple[list[Any], float]:
    """Pillow images that follow each other, and the seconds that each stands; see `flashing:` in `drafts`."""
    from PIL import Image

    if "stripes" in render:
        steps = 10
        looks = [Image.new("RGB", (320, 240), "#404040") for _ in range(steps)]
        for step, look in enumerate(looks):
            for left in range(-40, 320, 40):
                look.paste("#E0E0E0", (left + step * 4, 0, left + step * 4 + 20, 240))
        return looks, 1 / render["stripes"] / steps
    asked = render["flashing"]
    width, height = asked.get("size", (320, 240))
    across, down = (round(side * part) for side, part in zip((width, height), asked.get("part", (1, 1)), strict=True))
    looks = []
    for color in asked.get("colors", ("#000000", "#FFFFFF")):
        look = Image.new("RGB", (width, height), "#404040")
        look.paste(color, (0, 0, across, down))
        looks.append(look)
    return looks, 0.5 / asked["rate"]
