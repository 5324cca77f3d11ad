"""A text as the writing checks read it: what is no prose masked, with its words, sentences, quotations and languages.

Everything is at its place: `masked` is as long as `value`, so that a match in one is a match in the other.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property, lru_cache

from postcheck.analysis.hashtag import spoken
from postcheck.analysis.language import ENGLISH, has_small_words, language_of, may_be_mixed
from postcheck.analysis.text import MASK, hashtags, masked

_LETTERS = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(r"\d+")
_SIGN = re.compile("[^\t\n\r -~¡-¬®-ÿ‘’“”–—…]")
_SPACE = re.compile(r"\s+")
_QUOTATION = re.compile(
    r"“[^“”]{1,600}”|«[^«»]{1,600}»|„[^„“”]{1,600}[“”]|(?<![\w\"])\"(?=\S)[^\"\n]{1,600}(?<=[^\s])\"(?!\w)|‘[^‘’\n]{12,600}[.,!?]’"
)
_ABBREVIATION = re.compile(
    r"\b(?:Dr|Mr|Mrs|Ms|St|Ave|Blvd|Sgt|Lt|Capt|Gov|Sen|Rep|Rev|Gen|Col|Jr|Sr|Inc|Co|Corp|Ltd|[Nn]o|vs|etc|[Aa]pprox"
    r"|[Dd]ept|[Ee]xt?|[Ee]st|[Ff]ig|[Vv]ol|min|hrs?|Jan|Feb|Aug|Sept?|Oct|Nov|Dec|Mon|Tues?|Wed|Thurs?|Fri|Sat|Sun"
    r"|[AaPp]\.[Mm]|e\.g|i\.e|U\.S|U\.N|Ph\.D|[A-Z])\.$"
)
_AFTER_A_TIME = re.compile(
    r"(?:[ECMP][SD]?T|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)(?![a-z])"
    r"|(?:January|February|March|April|June|July|August|September|October|November|December)\b"
)
_SENTENCE_END = re.compile(r"[.!?…][\"”’)\]]*(?=\s)|\n\s*")


class Prose:
    """One text. `value` is the text itself; everything else is worked out when it is first asked for."""

    def __init__(self, value: str, whole: Prose | None = None, place: tuple[int, int] | None = None) -> None:
        self.value = value
        self.whole = whole or self
        """The text that this is said in: of a hashtag's words, the post; else itself."""
        self.place = place
        """Of a hashtag's words, where the hashtag stands in the post."""
        self.masked = masked(value)
        """With links, e-mail addresses, @mentions and hashtags blanked out by a character that is in no word."""

    @cached_property
    def words(self) -> frozenset[str]:
        """Every run of letters, in lower case."""
        return frozenset(_LETTERS.findall(self.masked.lower()))

    @cached_property
    def shape(self) -> str:
        """In lower case, each run of digits as one 0 and each run of white space as one space."""
        return _SPACE.sub(" ", _NUMBER.sub("0", self.masked.lower()))

    @cached_property
    def traits(self) -> frozenset[str]:
        """What of these is in the text: `<hashtag>`; `<link>`, or anything else that is masked; `<sign>`, a character
        beyond those of plain English text, such as an emoji; `<two spaces>`; `<line end>`."""
        found = set()
        if MASK in self.masked:
            found.add("<link>")
        if "#" in self.value or "＃" in self.value:
            found.add("<hashtag>")
        if _SIGN.search(self.value):
            found.add("<sign>")
        if "  " in self.masked:
            found.add("<two spaces>")
        if "\n" in self.value:
            found.add("<line end>")
        return frozenset(found)

    def has(self, trigger: str) -> bool:
        """Is this word in the text, this part in its shape, or this one of its traits? (See `detectors.scan`.)"""
        if trigger.isalpha():
            return trigger in self.words
        return trigger in (self.traits if trigger[0] == "<" and trigger[-1] == ">" else self.shape)

    @cached_property
    def tags(self) -> list[Prose]:
        """The words of each hashtag as a text of their own."""
        if "#" not in self.value and "＃" not in self.value:
            return []
        return [Prose(spoken(tag[0]), self, tag.span()) for tag in hashtags(self.value)]

    @cached_property
    def quotations(self) -> list[tuple[int, int]]:
        """The spans of what stands between quotation marks, the marks included."""
        if not any(mark in self.masked for mark in '"“‘«„'):
            return []
        return [match.span() for match in _QUOTATION.finditer(self.masked)]

    def is_quoted(self, start: int, end: int) -> bool:
        return any(first < end and start < last for first, last in self.quotations)

    @cached_property
    def sentences(self) -> list[tuple[int, int]]:
        """The spans of the sentences, without the white space between them. A line end ends a sentence."""
        spans = []
        start = 0
        for match in _SENTENCE_END.finditer(self.masked):
            if self._goes_on(match, start):
                continue
            spans.append((start, match.end()))
            start = match.end()
        spans.append((start, len(self.masked)))
        return [span for first, last in spans if (span := self._trimmed(first, last))]

    def _goes_on(self, end: re.Match[str], start: int) -> bool:
        """Is what looks like the end of the sentence that began at `start` none, but an abbreviation?"""
        if not end[0].startswith(".") or "\n" in end[0]:
            return False
        following = self.masked[end.end() : end.end() + 12].lstrip()
        if following[:1].islower():
            return True
        upto = self.masked[max(start, end.start() - 8) : end.start() + 1]
        if upto.lower().endswith((".m.", "etc.")):
            return not following[:1].isupper() or _AFTER_A_TIME.match(following) is not None
        return _ABBREVIATION.search(upto) is not None

    def _trimmed(self, start: int, end: int) -> tuple[int, int] | None:
        part = self.value[start:end]
        text = part.strip()
        first = start + len(part) - len(part.lstrip())
        return (first, first + len(text)) if text else None

    @cached_property
    def _starts(self) -> list[int]:
        return [start for start, _ in self.sentences]

    def _index(self, position: int) -> int:
        return max(bisect_right(self._starts, position) - 1, 0)

    def sentence(self, position: int) -> tuple[int, int]:
        """The span of the sentence that `position` lies in."""
        return self.sentences[self._index(position)] if self.sentences else (0, len(self.value))

    def begins_sentence(self, position: int) -> bool:
        """Does nothing but marks and emoji stand before `position` in its sentence?"""
        start, _ = self.sentence(position)
        return not any(char.isalnum() for char in self.masked[start:position])

    @cached_property
    def language(self) -> str:
        """Of most of the text; "" where it is too short to tell."""
        return language_of(self.masked)

    @cached_property
    def is_mixed(self) -> bool:
        """May there be more than one language in it?"""
        return self.language != ENGLISH or may_be_mixed(self.words)

    @cached_property
    def languages(self) -> frozenset[str]:
        """Of the text and of its sentences."""
        return frozenset((self.language, *(self._sentence_languages if self.is_mixed else ())))

    @cached_property
    def _sentence_languages(self) -> list[str]:
        """Of each sentence; one that is too short to tell is in the language of the one before it."""
        languages: list[str] = []
        for start, end in self.sentences:
            sentence = self.masked[start:end]
            before = languages[-1] if languages else self.language
            language = language_of(sentence) or before
            if language == ENGLISH != self.language and not has_small_words(sentence):
                language = self.language  # an address or a name in English makes no English sentence
            languages.append(language)
        return languages

    def language_at(self, position: int) -> str:
        """Of the sentence that `position` lies in."""
        if not self.is_mixed or not self.sentences:
            return self.language
        return self._sentence_languages[self._index(position)]


@lru_cache(maxsize=64)
def prose(value: str) -> Prose:
    """The prose of a text; kept for a moment, since caption and variants are often the same."""
    return Prose(value)
