"""How long the sentences are, and how hard the text is to read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from postcheck.analysis.emoji import emoji_spans
from postcheck.analysis.prose import Prose
from postcheck.analysis.reading import grade_of, may_reach, words_of
from postcheck.analysis.text import MASK
from postcheck.detectors.writing import Hit
from postcheck.model import Context, Draft, Options

_PART_END = re.compile(rf"[ ]{{2,}}|[•|·▪►➡✔◼]|[ ][-–—]+[ ]|{MASK}+|;|:(?=\s)|(?<=\w)\.{{3}}|…")
"""What ends a part that is read in one breath, though no sentence."""


def long_sentence(prose: Prose, options: Options, draft: Draft, context: Context) -> Iterator[Hit]:
    """Option `most`: so many words may a sentence have. Lists and headings that were run together are no sentences,
    nor are rows of figures."""
    if not _may_have(prose.masked, options["most"]):
        return
    for start, end in prose.sentences:
        if not _may_have(prose.masked, options["most"], start, end):
            continue
        for first, last in _parts(prose, start, end):
            words = words_of(prose.masked[first:last])
            count = len(words)
            if count > options["most"] and sum(word[0].isdigit() for word in words) * 5 <= count:
                yield Hit(first, last, data={"count": count, "most": options["most"]})


def _may_have(text: str, words: int, start: int = 0, end: int | None = None) -> bool:
    """Are there so many words, or more? Each but the first has one of a few signs before it."""
    end = len(text) if end is None else end
    return sum(text.count(sign, start, end) for sign in " \n/—") >= words - 1


def _parts(prose: Prose, start: int, end: int) -> Iterator[tuple[int, int]]:
    text = prose.masked
    breaks = [match.span() for match in _PART_END.finditer(text, start, end)]
    breaks += [span for span in emoji_spans(prose.value) if start <= span[0] < end]
    for first, last in [*sorted(breaks), (end, end)]:
        if first > start:
            part = text[start:first]
            stripped = part.strip()
            if stripped:
                begin = start + len(part) - len(part.lstrip())
                yield begin, begin + len(stripped)
        start = max(start, last)


def reading_level(prose: Prose, options: Options, draft: Draft, context: Context) -> Iterator[Hit]:
    """Options: `most`, the school grade that the text may ask for; `words` and `sentences`, fewer of which tell
    nothing. What is no sentence (headings, lists) is left out."""
    if not _may_have(prose.masked, options["words"]):
        return
    sentences = [
        prose.masked[first:last]
        for start, end in prose.sentences
        if prose.masked[end - 1] in '.!?”"’)'
        for first, last in _parts(prose, start, end)
    ]
    sentences = [sentence for sentence in sentences if len(words_of(sentence)) >= 4]
    count = sum(len(words_of(sentence)) for sentence in sentences)
    if count < options["words"] or len(sentences) < options["sentences"] or not may_reach(sentences, options["most"]):
        return
    grade = grade_of(sentences)
    if grade > options["most"]:
        first, last = prose.sentences[0][0], prose.sentences[-1][1]
        yield Hit(first, last, data={"grade": f"{grade:.0f}", "most": options["most"]})
