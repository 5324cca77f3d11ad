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

_X_HEAVY = re.compile("[^\u0000-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037]|[©®]")
"""Code points outside the ranges of weight 1 in twitter-text's configuration v3, and the two within that it takes for
emoji: they weigh 2."""
_X_PLAIN_LINK = re.compile(
    r"(?<!\S)https?://(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+(?:com|org|gov|net|edu|co)(?:/[A-Za-z0-9_/-]*)?(?!\S)"
)
"""Links that are one beyond doubt; what else is one is for twitter-text to say."""


def hashtags(text: str) -> Iterator[re.Match[str]]:
    return _HASHTAG.finditer(_without_links(text))


def mentions(text: str) -> Iterator[re.Match[str]]:
    return _MENTION.finditer(_without_links(text))


def links(text: str) -> Iterator[re.Match[str]]:
    return _LINK.finditer(text)


MASK = "\ufffc"
"""OBJECT REPLACEMENT CHARACTER: it is in no word, and nobody types it."""
_TAIL = r"[^\s<>\"]*[^\s<>\".,;:!?)\]}’”']"
_FILES = "pdf|docx?|xlsx?|pptx?|jpe?g|png|gif|webp|mp4|mov|vtt|srt|csv|zip|txt|html?|md|ya?ml|json"
_NO_PROSE = re.compile(
    rf"(?:\b[A-Za-z][A-Za-z0-9+.-]{{1,20}}://|\bwww\.|\b(?:mailto|tel|sms):){_TAIL}"
    r"|(?<![\w.+-])[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)*"
    rf"|{_HASHTAG.pattern}|{_MENTION.pattern}"
    r"|</?[A-Za-z][^<>\n]{0,80}>"
    # An address without its scheme: any with a path, else by its ending; and the names of files.
    rf"|(?<![\w@.-])(?:[\w-]{{1,63}}\.){{1,5}}(?:[A-Za-z]{{2,18}}(?::\d+)?[/?]{_TAIL}|(?i:{_FILES})\b"
    r"|(?:com|org|gov|net|edu|us|io|co|info|ly|be|me|tv|ca|int|mil|health|biz|app|gl|gle|city|ai|uk)\b(?::\d+)?)"
    rf"|(?<!\S)[A-Za-z]:\\{_TAIL}"
)


def masked(text: str) -> str:
    """The text with links, e-mail addresses, @mentions, hashtags and the tags of captions blanked out, every other
    character at its place."""
    return _NO_PROSE.sub(lambda match: MASK * len(match[0]), text)


def _without_links(text: str) -> str:
    """The text with its links blanked out, every other character at its place."""
    return _LINK.sub(lambda link: " " * len(link[0]), text) if "://" in text else text


@lru_cache(maxsize=32)
def x_weighted(text: str) -> int:
    """The weighted length on X, by the twitter-text rules. Kept: of a text that does not fit it is asked twice."""
    if text.isascii() and "." not in text:
        return len(text) - text.count("\r\n")
    if len(text) > X_SEARCHED:
        return _x_estimate(text)
    from postcheck.analysis.twitter import twitter_text

    text = _x_normal(text)
    if _X_HEAVY.search(text):
        return int(twitter_text().parse_tweet(text).weightedLength)
    # Without heavy characters there is no emoji, and looking for one is what takes parse_tweet its time.
    return len(text) - sum(len(found["url"]) - X_URL_LENGTH for found in twitter_text().extract_urls_with_indices(text))


X_SEARCHED = 4_000
"""Longer texts are many times too long for X, and the library's search for links in them can take minutes."""


def _x_estimate(text: str) -> int:
    """The weighted length, where only links that are one beyond doubt count as links."""
    return _x_weight(_x_shortened(text))


def _x_at_most(text: str) -> int:
    """No weighted length is above this: each code point at its own weight, and a link at every dot that could be in
    one. twitter-text costs several times the rest of a start, so it is asked only about a text near the limit."""
    shortened = _x_shortened(text)
    return _x_weight(shortened) + X_URL_LENGTH * len(re.findall(r"\.(?=\S)", shortened))


def _x_shortened(text: str) -> str:
    """With the links that are one beyond doubt at the length they count."""
    return _X_PLAIN_LINK.sub("x" * X_URL_LENGTH, _x_normal(text))


def _x_weight(text: str) -> int:
    return len(text) + len(_X_HEAVY.findall(text))


def _x_normal(text: str) -> str:
    return unicodedata.normalize("NFC", text).replace("\r\n", "\n")


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


def fitting_start(text: str, unit: str, most: int) -> int:
    """The length in code points of the longest start of `text` that fits, by halving; for X by the estimate."""
    length = _x_estimate if unit == "x-weighted" else LENGTHS[unit]
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if length(text[:middle]) <= most:
            low = middle
        else:
            high = middle - 1
    return low


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
