"""What every check of writing shares: which texts it reads, where it keeps silent, and how a hit becomes a finding.

A finder looks at one text and yields hits. It need not know of quotations, languages, names or the city's own words:
`reads` makes a detector of it that leaves those alone, as the check's options say.

Options of every such check, beside the finder's own:

- `language`: hits in sentences of other languages are dropped; "" reads them all.
- `fields`: what is read, of `post` (caption and variants) and `alt`.
- `in_speech`: also within quotation marks and in captions files. AP keeps a speaker's words, but the writer's way to
  set a time.
- `in_captions`: in captions files, where `in_speech` is said; false for what one cue is too short to tell.
- `hashtags`: also in the words of each hashtag; a hit there is the whole tag.
- `in_names`: also where the hit looks like part of a name ("Handicapped Services Office").
- `unless`: expressions; a hit inside what one of them matches is fine.
- `allow`: words and phrases that the city wants as they are; by default the fact `house_words`.
- `triggers`: without one of these in a text, the finder cannot hit (see `scan`).
- `parts`: lists that the expressions may name (see `patterns`).
- `fix`: how far a fix may be trusted: safe, unsafe or display.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from operator import attrgetter
from typing import Any

from postcheck.analysis.captions import cues
from postcheck.analysis.language import ENGLISH
from postcheck.analysis.prose import Prose, prose
from postcheck.analysis.text import MASK
from postcheck.detectors.patterns import Expression, expressions
from postcheck.errors import CannotTest
from postcheck.model import PASSED, Applicability, Context, Draft, Fix, Observation, Options, Outcome
from postcheck.source import Text

COMMON_OPTIONS: Mapping[str, Any] = {
    "language": ENGLISH,
    "fields": ["post", "alt"],
    "in_speech": False,
    "in_captions": True,
    "hashtags": False,
    "in_names": False,
    "unless": [],
    "allow": [],
    "triggers": [],
    "parts": {},
    "fix": "display",
}
HOUSE_WORDS = "house_words"
"""The fact that `allow` is taken from."""
MAX_CHARACTERS = 100_000
"""The longest caption that any platform takes has 63,206."""


@dataclass(frozen=True, slots=True)
class Hit:
    """Something a finder saw, as a span of `Prose.value`. `write` is what to put there, None where a person must say;
    `old` is the part of the span that it replaces, None where it is all of it."""

    start: int
    end: int
    write: str | None = None
    outcome: Outcome = Outcome.FAILED
    fix: Applicability | None = None
    """None leaves it to the check's options."""
    data: Mapping[str, Any] = field(default_factory=dict)
    message: str = ""
    old: tuple[int, int] | None = None


Finder = Callable[[Prose, Options, Draft, Context], Iterator[Hit]]
"""Of the draft it may use the time of publication and the language, no more: hits are kept by these (see `scan`)."""
Detector = Callable[[Draft, Options, Context], Iterator[Observation]]


def reads(finder: Finder) -> Detector:
    """The detector that looks with `finder` at every text of a draft that the options name."""

    def detect(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
        for text in texts(draft, kinds(options), context):
            read = prose(text.value)
            if is_for(options["language"], read.languages, draft):
                yield PASSED
                for hit in find(finder, read, options, draft, context):
                    yield observation(text, hit, options)

    return detect


def find(finder: Finder, read: Prose, options: Options, draft: Draft, context: Context) -> list[Hit]:
    """The hits that are not fine, from the start of the text to its end."""
    hits = list(finder(read, options, draft, context))
    if hits:
        fine = _fine(read, options)
        hits = [hit for hit in hits if not _is_fine(read, hit, options, fine)]
    if options["hashtags"] and read.tags:
        hits += _in_tags(finder, read, options, draft, context)
    hits.sort(key=_ORDER)
    return hits


def _fine(read: Prose, options: Options) -> list[tuple[int, int]]:
    """Where `unless` and `allow` match."""
    allowed: list[Expression | re.Pattern[str]] = [*expressions(options, "unless"), *_allowed(options)]
    return [match.span() for one in allowed for match in one.finditer(read.value)]


def _in_tags(finder: Finder, read: Prose, options: Options, draft: Draft, context: Context) -> Iterator[Hit]:
    """For each hashtag the gravest hit in its words. A tag is too short to be in a language or a quotation."""
    for words in read.tags:
        start, end = words.place or (0, 0)
        if options["language"] and read.language_at(start) not in (options["language"], ""):
            continue
        hits = list(finder(words, options, draft, context))
        fine = _fine(words, options) if hits else []
        hits = [hit for hit in hits if not _is_within(hit, fine)]
        if hits:
            gravest = min(hits, key=lambda hit: hit.outcome is not Outcome.FAILED)
            yield Hit(start, end, None, gravest.outcome, data=gravest.data, message=gravest.message)


_ORDER = attrgetter("start", "end")


def kinds(options: Options) -> tuple[str, ...]:
    """The kinds of texts that a check reads."""
    return (*options["fields"], *(("captions",) if options["in_speech"] and options["in_captions"] else ()))


def texts(draft: Draft, kinds: Sequence[str], context: Context) -> Iterator[Text]:
    """Every text of these kinds that has words in it.

    Raises:
        CannotTest: one is so long that a search could take forever, or a captions file cannot be read.
    """
    for kind in kinds:
        for text in TEXTS[kind](draft, context):
            if len(text.value) > MAX_CHARACTERS:
                raise CannotTest(f"The text `{text.field}` has more than {MAX_CHARACTERS:,} characters.")
            if text.value and not text.value.isspace():
                yield text


def _posts(draft: Draft, context: Context) -> Iterable[Text]:
    return draft.posts()


def _alts(draft: Draft, context: Context) -> Iterable[Text]:
    return (image.alt for image in draft.images if image.alt is not None)


def _cues(draft: Draft, context: Context) -> Iterator[Text]:
    for asset in {asset.name: asset for video in draft.videos for asset in video.captions}.values():
        yield from cues(asset, context.texts)


TEXTS: Mapping[str, Callable[[Draft, Context], Iterable[Text]]] = {"post": _posts, "alt": _alts, "captions": _cues}


def is_for(wanted: str, languages: Container[str], draft: Draft) -> bool:
    """Is a check for the language `wanted` for a text in `languages`? What the draft says of its language holds; a text
    that is too short to tell may be in any."""
    if not wanted:
        return True
    if draft.language is not None:
        return primary_language(draft.language.value) == wanted
    return wanted in languages or "" in languages


def primary_language(tag: str) -> str:
    """`en` of `en-US` (BCP 47), of `EN` and of `English`."""
    code = re.split(r"[-_,;/ ]", tag.strip().lower(), maxsplit=1)[0]
    return {"english": "en", "spanish": "es", "español": "es"}.get(code, code)


def _is_fine(read: Prose, hit: Hit, options: Options, fine: Sequence[tuple[int, int]]) -> bool:
    """Is the hit where the check has nothing to say?"""
    if not options["in_speech"] and read.is_quoted(hit.start, hit.end):
        return True
    language = options["language"]
    if language and any(read.language_at(place) not in (language, "") for place in (hit.start, hit.end)):
        return True
    if not options["in_names"] and is_name(read, hit.start, hit.end):
        return True
    return _is_within(hit, fine)


def _is_within(hit: Hit, spans: Sequence[tuple[int, int]]) -> bool:
    return any(start <= hit.start and hit.end <= end for start, end in spans)


@cache
def _allowed(options: Options) -> list[re.Pattern[str]]:
    return [re.compile(rf"(?<!\w){spelled(words)}(?!\w)", re.IGNORECASE) for words in options["allow"] if words.strip()]


def spelled(phrase: str) -> str:
    """The expression for a phrase: a space stands for any white space, an apostrophe for both kinds."""
    return r"\s+".join(re.sub("['’]", "['’]", re.escape(word)) for word in phrase.split())


_WORD_BEFORE = re.compile(r"([\w’'&.-]+)[ ]$")
_WORD_AFTER = re.compile(r"[ ]([\w’'&.-]+)")


def is_name(read: Prose, start: int, end: int) -> bool:
    """Does it look like part of a name: capitalized, beside another capitalized word of the same sentence?"""
    found = read.masked[start:end]
    if not found[:1].isupper() or (len(found) > 1 and found.isupper()):
        return False
    after = _WORD_AFTER.match(read.masked, end)
    if after and _is_capitalized(after[1]):
        return True
    before = _WORD_BEFORE.search(read.masked, max(start - 40, 0), start)
    return bool(
        before and _is_capitalized(before[1]) and before[1][-1] != "." and not read.begins_sentence(before.start(1))
    )


def _is_capitalized(word: str) -> bool:
    return word[0].isupper() and not (len(word) > 1 and word.isupper())


def observation(text: Text, hit: Hit, options: Options) -> Observation:
    data = {"found": text.value[hit.start : hit.end], **hit.data}
    fix = None
    if hit.write is not None and MASK not in hit.write:  # what stands behind a mask is not known
        start, end = hit.old or (hit.start, hit.end)
        whole = text.value[hit.start : start] + hit.write + text.value[end : hit.end]
        fix = Fix(hit.fix or Applicability(options["fix"]), whole, text.edit(start, end, hit.write))
        data = {"write": whole, **data}
    return Observation(hit.outcome, text.at(hit.start, hit.end), data, hit.message, fix)


def cased_as(found: str, write: str) -> str:
    """`write` with the capitals of `found`."""
    if len(found) > 1 and found.isupper() and any(char.isalpha() for char in found):
        return write.upper()
    return write[:1].upper() + write[1:] if found[:1].isupper() else write
