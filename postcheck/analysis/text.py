"""Counting a text as each platform counts it, and the hashtags, mentions and links in it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

X_URL_LENGTH = 23
"""Every link counts as 23 on X, whatever its length (https://docs.x.com/fundamentals/counting-characters)."""
MASTODON_URL_LENGTH = 23

# A hashtag needs a letter somewhere, follows no letter, digit, & or /, and so is no part of an address.
_HASHTAG = re.compile(r"(?<![\w&/#＃])[#＃](?=\w*[^\W\d_])\w+")
_MENTION = re.compile(r"(?<![\w@＠/])(?<!\w\.)[@＠]\w(?:[\w.-]*\w)?(?:@[\w.-]+\w)?")
_LINK = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)

_X_LIGHT_RANGES = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
"""Code points of weight 1 in twitter-text's configuration v3, but for © and ®, which count as emoji; others weigh 2."""


def hashtags(text: str) -> Iterator[re.Match[str]]:
    return _HASHTAG.finditer(_without_links(text))


def mentions(text: str) -> Iterator[re.Match[str]]:
    return _MENTION.finditer(_without_links(text))


def links(text: str) -> Iterator[re.Match[str]]:
    return _LINK.finditer(text)


def _without_links(text: str) -> str:
    """The text with its links blanked out, every other character at its place."""
    return _LINK.sub(lambda link: " " * len(link[0]), text) if "://" in text else text


def x_weighted(text: str) -> int:
    """The weighted length on X, by the twitter-text rules."""
    if text.isascii() and "." not in text:
        return len(text)
    from twitter_text import parse_tweet

    return int(parse_tweet(text).weightedLength)


def _x_at_most(text: str) -> int:
    """No weighted length is above this: each code point at its own weight, and a link at every dot that could be in
    one. twitter-text costs several times the rest of a start, so it is asked only about a text near the limit."""
    text = unicodedata.normalize("NFC", text)
    light = len(text) if text.isascii() else sum(_is_light(char) for char in text)
    return 2 * len(text) - light + X_URL_LENGTH * len(re.findall(r"\.(?=\S)", text))


def _is_light(char: str) -> bool:
    return char not in "©®" and any(low <= ord(char) <= high for low, high in _X_LIGHT_RANGES)


def graphemes(text: str) -> int:
    """Extended grapheme clusters (UAX #29): what a reader takes for one character, as Bluesky counts."""
    if text.isascii():
        return len(text) - text.count("\r\n")
    return len(_grapheme().findall(text))


def utf8_bytes(text: str) -> int:
    return len(text.encode("utf-8"))


def threads_length(text: str) -> int:
    """Characters, with an emoji counted as its bytes in UTF-8 (https://developers.facebook.com/docs/threads/posts)."""
    if text.isascii():
        return len(text)
    total = len(text)
    for match in _emoji().finditer(text):
        total += utf8_bytes(match[0]) - len(match[0])
    return total


def mastodon_length(text: str) -> int:
    """Graphemes, a link as 23, and of a mention only what stands before the server's name."""
    text = _LINK.sub("x" * MASTODON_URL_LENGTH, text)
    text = re.sub(r"(@\w+)@[\w.-]+\w", r"\1", text)
    return graphemes(text)


def emoji(text: str) -> list[re.Match[str]]:
    """Each emoji, a sequence of several code points as one. A plain © or ™ or digit is none."""
    if text.isascii():
        return []
    return list(_emoji().finditer(text))


LENGTHS: dict[str, Callable[[str], int]] = {
    "characters": len,
    "x-weighted": x_weighted,
    "graphemes": graphemes,
    "bytes": utf8_bytes,
    "threads": threads_length,
    "mastodon": mastodon_length,
}
"""How each unit of a limit is counted."""


def fits(text: str, unit: str, most: int) -> bool:
    """Is the length of `text` in `unit` at most `most`? Dear ways of counting are spared where a bound decides."""
    if unit == "x-weighted" and _x_at_most(text) <= most:
        return True
    if unit == "graphemes" and len(text) <= most:
        return True  # a grapheme is one code point at least
    return LENGTHS[unit](text) <= most


@lru_cache(maxsize=1)
def _grapheme() -> Any:
    import regex

    return regex.compile(r"\X")


@lru_cache(maxsize=1)
def _emoji() -> Any:
    """UTS #51: a flag, a keycap, or a pictograph with its modifiers and joined parts."""
    import regex

    element = r"(?:\p{Emoji_Presentation}|\p{Extended_Pictographic}\uFE0F|\p{Emoji}\p{Emoji_Modifier})"
    element += r"\p{Emoji_Modifier}?\uFE0F?(?:[\U000E0020-\U000E007E]+\U000E007F)?"
    joined = rf"{element}(?:\u200D(?:{element}|\p{{Extended_Pictographic}}\uFE0F?))*"
    return regex.compile(rf"\p{{Regional_Indicator}}{{2}}|[0-9#*]\uFE0F?\u20E3|{joined}")
