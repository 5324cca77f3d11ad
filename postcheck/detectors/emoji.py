"""Emoji: too many, in a row, as bullets, inside a sentence, and in a word's place."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache, lru_cache

from postcheck.analysis.emoji import Group, emoji_groups, emoji_spans
from postcheck.analysis.prose import Prose
from postcheck.analysis.text import MASK
from postcheck.detectors.amounts import beyond
from postcheck.detectors.writing import Hit
from postcheck.model import Context, Draft, Options

_VARIATION = "\ufe0f"


def emoji_run(prose: Prose, options: Options, draft: Draft, context: Context) -> Iterator[Hit]:
    """Option `most`: so many may stand in a row."""
    for group in emoji_groups(prose.value):
        if group.count > options["most"]:
            yield Hit(group.start, group.end, data={"count": group.count, "most": options["most"]})


def too_many_emoji(prose: Prose, options: Options, draft: Draft, context: Context) -> Iterator[Hit]:
    """Option `most`: so many may stand in a text. The hit is the first beyond."""
    spans = emoji_spans(prose.value)
    if len(spans) > options["most"]:
        yield beyond(spans, options["most"])


def emoji_as_bullet(prose: Prose, options: Options, draft: Draft, context: Context) -> Iterator[Hit]:
    """Options: `least`, so many points make a list; `signs`, characters that are no emoji but are used alike. One hit a
    text, at the first point."""
    points = _points(prose, options["signs"])
    if len(points) >= options["least"]:
        yield Hit(*points[0], data={"count": len(points)})


@lru_cache(maxsize=64)
def _points(prose: Prose, signs: str) -> tuple[tuple[int, int], ...]:
    """The spans of the emoji and signs that begin a point: words follow, and they stand at the beginning of a line or
    after a colon; then also after a sentence. The same one three times over makes points in running text, too."""
    spans = [(group.start, group.end) for group in emoji_groups(prose.value) if group.count <= 2]
    if not prose.value.isascii():
        spans += [match.span() for match in _signs(signs).finditer(prose.value)]
    leads = sorted({span for span in spans if _words_follow(prose.masked, span[1])})
    often = Counter(prose.value[start:end].rstrip(_VARIATION) for start, end in leads)
    points: list[tuple[int, int]] = []
    for start, end in leads:
        before = prose.masked[max(start - 3, 0) : start]
        bare = before.rstrip(" \u00a0")
        if (
            not bare
            or bare[-1] in "\n:;•"
            or len(before) - len(bare) >= 2
            or (points and bare[-1] in ".!?")
            or often[prose.value[start:end].rstrip(_VARIATION)] >= 3
        ):
            points.append((start, end))
    return tuple(points)


@cache
def _signs(signs: str) -> re.Pattern[str]:
    return re.compile(f"[{re.escape(signs)}](?!{_VARIATION})")


def _words_follow(text: str, end: int) -> bool:
    after = text[end : end + 3].lstrip(" \u00a0" + _VARIATION)
    return bool(after) and (after[0].isalnum() or after[0] in "“\"'‘$(" or after[0] == MASK)


_SENTENCE_GOES_ON = re.compile(r"[ \u00a0]?(?:[^\W\d_]|[,;](?=[ ]\w)|\)(?=[ ][^\W\d_]))")


def emoji_in_sentence(prose: Prose, options: Options, draft: Draft, context: Context) -> Iterator[Hit]:
    """Between words of one sentence: the next word begins with a small letter. Options `signs` and `least` as for
    bullets: what begins a point of a list is none; the rest as for `emoji_for_word`, which tells those."""
    groups = emoji_groups(prose.value)
    if not groups:
        return
    points = _points(prose, options["signs"])
    taken = {hit.start for hit in emoji_for_word(prose, options, draft, context)}
    for group in groups:
        if group.start in taken or (len(points) >= 2 and any(start == group.start for start, _ in points)):
            continue
        before = prose.masked[: group.start].rstrip(" \u00a0")
        after = _SENTENCE_GOES_ON.match(prose.masked, group.end)
        gap = prose.masked[len(before) : group.start]
        if not before or not after or "\n" in gap or len(gap) >= 2:
            continue
        if (before[-1].isalnum() or before[-1] in f",)%”’{MASK}") and not after[0][-1].isupper():
            yield Hit(group.start, group.end)


def emoji_for_word(prose: Prose, options: Options, draft: Draft, context: Context) -> Iterator[Hit]:
    """Options: `hearts` in a verb's place ("I ❤️ Portland"); `words`, emoji that are a word in themselves; `before`,
    words that need a word after them ("your 💉"), and `after`, words that cannot be that word ("today"); `pointing`,
    emoji that point at a link and stand for nothing. A keycap before a word is a number ("3️⃣ ways")."""
    groups = emoji_groups(prose.value)
    if not groups:
        return
    text = prose.masked
    keycaps = {group.first[0] for group in groups if group.first.endswith("\u20e3")}
    for group in groups:
        plain = group.first.rstrip(_VARIATION)
        if plain[0] in options["pointing"]:
            continue
        if plain in options["words"]:
            word = options["words"][plain]
            if not re.match(rf"\W*{re.escape(word)}\b", text[group.end :], re.IGNORECASE):
                yield Hit(group.start, group.end, word)
        elif group.first.endswith("\u20e3"):
            if len(keycaps) == 1 and group.count == 1 and _SMALL_WORD.match(text, group.end):
                yield Hit(group.start, group.end, group.first[0])
        elif (plain in options["hearts"] and _is_verb(prose.value, group)) or _is_noun(text, group, options):
            yield Hit(group.start, group.end)


_SMALL_WORD = re.compile(r"[ \u00a0](?!and |or )[^\W\d_A-Z]")
_SUBJECT = re.compile(r"(?<![\w'’])(?:I|[Ww]e|[Tt]hey|[Ww]ho|[Tt]o)[ ]?$")
_OBJECT = re.compile(r"[ ]?(?!https?:|www\.)[^\W\d_]|[ ]?[#@]\w|['’]?s\b")
_END = re.compile(r"[ \u00a0]?(?:[.!?,;:)…]|$|\n|[ \u00a0]{2,})", re.MULTILINE)


def _is_verb(text: str, group: Group) -> bool:
    return bool(_SUBJECT.search(text, max(group.start - 8, 0), group.start) and _OBJECT.match(text, group.end))


def _is_noun(text: str, group: Group, options: Options) -> bool:
    before, after = _neighbors(options)
    return bool(
        before.search(text, max(group.start - 12, 0), group.start)
        and (_END.match(text, group.end) or after.match(text, group.end))
    )


@cache
def _neighbors(options: Options) -> tuple[re.Pattern[str], re.Pattern[str]]:
    return (
        re.compile(rf"(?<![\w'’-])(?:{'|'.join(options['before'])})[ \u00a0]?$", re.IGNORECASE),
        re.compile(rf"[ \u00a0](?:{'|'.join(options['after'])})\b"),
    )
