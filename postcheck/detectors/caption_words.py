"""The words of captions: their language, capitals and punctuation, and whether sounds are told."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from postcheck.analysis.cues import Captions, Cue
from postcheck.analysis.language import language_of
from postcheck.analysis.spoken import has_sound, language_in_name, spoken
from postcheck.analysis.text import MASK, masked
from postcheck.detectors.caption_files import each, place_of
from postcheck.detectors.writing import primary_language
from postcheck.model import PASSED, Asset, Context, Draft, Observation, Options, Outcome
from postcheck.source import Location

_SENTENCE_MARK = re.compile(r"[.?!…](?=[\s\"”’)]|\Z)|,(?=\s|\Z)")
_JUDGED = 6_000
"""Characters by which the language is told."""
_ALIKE = (
    # Languages that a detector takes for one another, and that a viewer may well read both of.
    frozenset({"no", "nb", "nn", "da"}), frozenset({"hr", "sr", "bs"}), frozenset({"id", "ms"}),
    frozenset({"cs", "sk"}), frozenset({"gl", "pt"}), frozenset({"tl", "fil"}),
)  # fmt: skip
LANGUAGES = {
    "ar": "Arabic", "bg": "Bulgarian", "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek", "en": "English",
    "es": "Spanish", "fa": "Persian", "fi": "Finnish", "fr": "French", "he": "Hebrew", "hi": "Hindi", "hr": "Croatian",
    "hu": "Hungarian", "it": "Italian", "ja": "Japanese", "ko": "Korean", "nl": "Dutch", "no": "Norwegian",
    "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sv": "Swedish", "th": "Thai",
    "tl": "Tagalog", "tr": "Turkish", "uk": "Ukrainian", "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip
"""Those that are judged."""


def _words(cues: Sequence[Cue]) -> list[str]:
    return [word for cue in cues for line in spoken(cue) for word in line.split() if any(map(str.isalpha, word))]


def _start_of(read: Captions) -> Location:
    return place_of(next(cue for cue in read.cues if spoken(cue)))


def wrong_language(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    """Option `words`: fewer tell too little. What the file's name and header say is held against its words; where
    neither says anything, what the draft says of itself."""

    def judge(asset: Asset, read: Captions) -> Iterator[Observation]:
        stated = {"its name": language_in_name(asset.name)[0], "its header": primary_language(read.language)}
        stated = {where: code for where, code in stated.items() if code in LANGUAGES}
        drafted = primary_language(draft.language.value) if draft.language else ""
        if not stated and drafted not in LANGUAGES:
            return
        lines = [line for cue in read.cues for line in spoken(cue)]
        if len(_words(read.cues)) < options["words"]:
            return
        found = language_of(masked("\n".join(lines)[:_JUDGED]).replace(MASK, ""))
        if found not in LANGUAGES:
            return
        data = {"file": asset.name, "found": LANGUAGES[found]}
        for where, code in stated.items():
            if not _is_one(code, found):
                said = {"stated": LANGUAGES[code], "where": where}
                yield Observation(Outcome.FAILED, _start_of(read), {**data, **said})
                return
        if not stated and not _is_one(drafted, found):
            said = {"stated": LANGUAGES[drafted]}
            yield Observation(Outcome.CANT_TELL, _start_of(read), {**data, **said}, "cantTell-draft")
            return
        yield PASSED

    return each(draft, context, judge)


def _is_one(one: str, other: str) -> bool:
    return one == other or any({one, other} <= group for group in _ALIKE)


def all_capitals(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    """Options: `share` of the letters that have two cases, and `words`: fewer tell too little."""

    def judge(asset: Asset, read: Captions) -> Iterator[Observation]:
        words = _words(read.cues)
        letters = [char for word in words for char in word if char.isupper() or char.islower()]
        if len(words) < options["words"] or len(letters) < len(words):
            return
        share = sum(map(str.isupper, letters)) / len(letters)
        if share < options["share"]:
            yield PASSED
            return
        yield Observation(Outcome.FAILED, _start_of(read), {"file": asset.name, "percent": round(100 * share)})

    return each(draft, context, judge)


def auto_made(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    """Options: `words`, fewer tell too little; `marks`, of punctuation for 100 words; `capitals`, the share of cues
    that begin with one; `timed_words`, the share of cues in which single words are timed."""

    def judge(asset: Asset, read: Captions) -> Iterator[Observation]:
        words = _words(read.cues)
        if len(words) < options["words"]:
            return
        starts = [line[0] for cue in read.cues for line in spoken(cue)[:1] if line[0].isupper() or line[0].islower()]
        timed = sum(cue.inner_times > 1 for cue in read.cues) / len(read.cues)
        marks = 100 * sum(len(_SENTENCE_MARK.findall(line)) for cue in read.cues for line in spoken(cue)) / len(words)
        data = {"file": asset.name, "marks": marks, "words": len(words)}
        if timed > options["timed_words"]:
            yield Observation(Outcome.CANT_TELL, _start_of(read), data, "cantTell-timed")
        elif len(starts) < len(read.cues) / 2:
            return  # a script without capitals, and perhaps without our punctuation
        elif marks < options["marks"] and sum(map(str.isupper, starts)) / len(starts) < options["capitals"]:
            yield Observation(Outcome.CANT_TELL, _start_of(read), data)
        else:
            yield PASSED

    return each(draft, context, judge)


def no_sound_cues(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    """Option `minutes`: a shorter video may well hold nothing but speech."""

    def judge(asset: Asset, read: Captions) -> Iterator[Observation]:
        if not read.cues or not any(spoken(cue) for cue in read.cues):
            return
        last = max(cue.end for cue in read.cues)
        if last <= 60 * options["minutes"]:
            return
        if any(has_sound(cue) for cue in read.cues):
            yield PASSED
            return
        yield Observation(Outcome.CANT_TELL, _start_of(read), {"file": asset.name, "minutes": last / 60})

    return each(draft, context, judge, ("captions",))  # subtitles are for people who hear
