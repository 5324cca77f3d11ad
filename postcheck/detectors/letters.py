"""Letters and marks that look like something other than they are, or like nothing at all.

The tables of `analysis.letters` take longer to make than the rest of a start, and hardly a post needs them: they are
imported where they are used.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from postcheck.analysis.prose import Prose
from postcheck.detectors.writing import Hit
from postcheck.model import Applicability, Context, Draft, Options

if TYPE_CHECKING:
    from postcheck.analysis.letters import Styled


def styled_letters(prose: Prose, options: Options, draft: Draft, context: Context) -> Iterator[Hit]:
    """The plain letters are a safe fix where they are words in small letters. Figures, capitals and hashtags have rules
    of their own, so that a person should read them again."""
    from postcheck.analysis.letters import styled

    for one in styled(prose.value):
        is_word = all(char.isalpha() or char in " ,’'" for char in one.plain) and not one.plain.isupper()
        is_tag = prose.value[max(one.start - 1, 0) : one.start] == "#"
        yield _hit(one, Applicability.SAFE if is_word and not one.turned and not is_tag else Applicability.UNSAFE)


def flag_letters(prose: Prose, options: Options, draft: Draft, context: Context) -> Iterator[Hit]:
    from postcheck.analysis.letters import flag_words

    for one in flag_words(prose.value):
        yield _hit(one, Applicability.UNSAFE)


def piled_marks(prose: Prose, options: Options, draft: Draft, context: Context) -> Iterator[Hit]:
    from postcheck.analysis.letters import piled

    for one in piled(prose.value):
        yield _hit(one, Applicability.UNSAFE)


def struck_letters(prose: Prose, options: Options, draft: Draft, context: Context) -> Iterator[Hit]:
    from postcheck.analysis.letters import struck

    for one in struck(prose.value):
        yield _hit(one, Applicability.UNSAFE)


def _hit(one: Styled, fix: Applicability) -> Hit:
    return Hit(one.start, one.end, one.plain, fix=fix, data={"plain": one.plain})


def invisible_characters(prose: Prose, options: Options, draft: Draft, context: Context) -> Iterator[Hit]:
    """Fillers, which are read out, have the message `failed-filler`."""
    from postcheck.analysis.letters import FILLERS, invisible

    for start, end in invisible(prose.value):
        found = prose.value[start:end]
        names = sorted({FILLERS.get(char) or unicodedata.name(char, "control character").lower() for char in found})
        joins = prose.value[start - 1 : start].isalnum() and prose.value[end : end + 1].isalnum()
        message = "failed-filler" if any(char in FILLERS for char in found) else ""
        yield Hit(
            start, end, "", fix=Applicability.UNSAFE if joins else None,
            data={"names": " and ".join(names)}, message=message,
        )  # fmt: skip


_DRAWING = re.compile(r"[\\/|_()<>=~^*`´¯'\"°•.,:;{}\[\]+-]")
_BLOCKS = re.compile("[\u2500-\u259f]")
_FACES = re.compile(
    r"¯\\_\(.{1,3}\)_/¯|\([╯ノ]°□°\)[╯ノ]?︵|ʕ.{1,3}[ᴥw].{1,3}ʔ|\( ͡° ͜ʖ ͡°\)|┻━┻|ლ\(.{2,8}ლ\)|\(づ.{2,9}\)づ"
)


def ascii_art(prose: Prose, options: Options, draft: Draft, context: Context) -> Iterator[Hit]:
    """Option `least`: so many lines of drawing signs with hardly a word make a picture; or blocks and frames; or one
    of the faces that are drawn in one line."""
    value = prose.masked
    if not value.isascii():
        for match in _FACES.finditer(value):
            yield Hit(*match.span())
    if "\n" not in value:
        return
    start = position = lines = 0
    for line in [*value.split("\n"), "words"]:
        if _is_drawn(line):
            start = start if lines else position
            lines += 1
        elif lines and (line.strip() or lines >= options["least"]):
            if lines >= options["least"]:
                yield _trimmed(value, start, position - 1)
            lines = 0
        position += len(line) + 1


def _is_drawn(line: str) -> bool:
    bare = "".join(line.split())
    if len(bare) < 3 or len(set(bare)) < 2:
        return False
    if _BLOCKS.match(bare) and _BLOCKS.match(bare, len(bare) - 1):
        return True
    drawn = len(_DRAWING.findall(bare)) + len(_BLOCKS.findall(bare))
    letters = sum(char.isalnum() for char in bare)
    return drawn >= 3 and letters * 2 <= len(bare) and drawn * 5 >= len(bare) * 3


def _trimmed(value: str, start: int, end: int) -> Hit:
    part = value[start:end]
    first = start + len(part) - len(part.lstrip())
    return Hit(first, first + len(part.strip()))


def drawn_out(prose: Prose, options: Options, draft: Draft, context: Context) -> Iterator[Hit]:
    """Options: `letters`, of which three in a row draw a word out; `in_capitals`, of which four do in a word that is
    all in capitals, where three may be a short form (AAA)."""
    shape = prose.shape
    if any(letter * 3 in shape for letter in options["letters"]):
        for match in _drawn_out(options).finditer(prose.masked):
            yield Hit(*match.span())


@cache
def _drawn_out(options: Options) -> re.Pattern[str]:
    three = "|".join(rf"{letter}{{3}}" for letter in options["letters"])
    four = "|".join(rf"{letter.upper()}{{4}}" for letter in options["in_capitals"])
    return re.compile(
        rf"(?<!\w)(?:(?=[A-Z]?[a-z'’]+(?!\w))\w*(?i:{three})\w*|(?=[A-Z]+(?!\w))[A-Z]*(?:{four})[A-Z]*)(?!\w)"
    )
