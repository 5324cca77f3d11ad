"""Hides the words of some names in whatever is said: in their place stand their first letters, `A… L…`.

Every word of such a name is hidden in a text, also in capitals and in a hashtag, and the whole name also in small
letters and as an address writes it (`@ava_lee`). In the names of files and folders each word is hidden however it is
written, and all else stays: `a…-l…-soccer.jpg` is still found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from unicodedata import normalize

from postcheck.errors import Problem
from postcheck.model import Applicability, Fix, Observation, Waiver
from postcheck.source import Location

_WORD = re.compile(r"(?<![\w’'-])[^\W\d_][\w’'-]*")
_STREET = re.compile(
    r"\b\d+(?: [NSEW]{1,2}\.?)?(?: [A-Z][\w’'-]*){1,3}"
    r" (?:Street|Avenue|Boulevard|Road|Drive|Lane|Court|Place|Way|St|Ave|Blvd|Rd|Dr|Ln|Ct)\b"
)
_POSSESSIVE = re.compile(r"[’']s?$")
_BETWEEN = r"[ ._,-]{0,2}"
"""What may stand between the words of a name that is written as an address or a file name."""
_MOST = 200
"""Words of names in one draft."""


def _forms(word: str) -> set[str]:
    """The same word as one system and the other writes it: é is one code point, or two on a Mac."""
    return {normalize(form, word) for form in ("NFC", "NFD")}


def whole_name(run: Sequence[str]) -> re.Pattern[str]:
    """The words of one name one after the other, with or without something between them, in letters of any size."""
    words = ["(" + "|".join(map(re.escape, sorted(_forms(word), reverse=True))) + ")" for word in run]
    return re.compile(rf"(?<![^\W\d_]){f'({_BETWEEN})'.join(words)}(?![^\W\d_])", re.IGNORECASE)


def any_word(words: Iterable[str]) -> re.Pattern[str]:
    """One of the words as names of files hold them: divided by anything but letters, in letters of any size."""
    forms = sorted({form for word in words for form in _forms(word)}, key=len, reverse=True)
    return re.compile(rf"(?<![^\W\d_])(?:{'|'.join(map(re.escape, forms))})(?![^\W\d_])", re.IGNORECASE)


class Veil:
    """Hides the words of some names in whatever is quoted.

    `names` are the runs of words to be hidden in texts; `in_files` those to be hidden in names of files and folders as
    well, of which `files` are those that the draft names.
    """

    def __init__(
        self,
        names: Iterable[Sequence[str]],
        in_files: Iterable[Sequence[str]] = (),
        files: Iterable[str] = (),
    ) -> None:
        runs = [run for run in names if run][:_MOST]
        words = sorted({form for run in runs for word in run for form in _forms(word)}, key=len, reverse=True)
        forms = [re.escape(form) for word in words for form in dict.fromkeys((word, word.upper()))]
        self._words = re.compile("|".join(forms)) if forms else None
        whole = {tuple(way) for run in runs if len(run) > 1 for way in (run, run[::-1])}
        self._whole = [whole_name(run) for run in sorted(whole)]
        of_files = [word for run in in_files for word in run]
        self._in_files = any_word(of_files) if of_files else None
        named = {name: self.over_path(name) for name in files}
        self._files = {name: hidden for name, hidden in named.items() if name != hidden}
        longest = sorted(self._files, key=len, reverse=True)
        self._named = re.compile("|".join(map(re.escape, longest))) if longest else None

    def __bool__(self) -> bool:
        return self._words is not None

    def over(self, value: Any) -> Any:
        """The value with every word of the names hidden, in a text or in the texts of a list or a table."""
        if isinstance(value, str):
            return self._over_text(value)
        if isinstance(value, Mapping):
            return {key: self.over(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return type(value)(self.over(item) for item in value)
        return value

    def _over_text(self, text: str) -> str:
        if self._named:
            text = self._named.sub(lambda match: self._files[match[0]], text)
        for name in self._whole:
            text = name.sub(_initials, text)
        return self._words.sub(_initial, text) if self._words else text

    def over_path(self, path: str) -> str:
        """The name of a file or folder with each word of the names hidden, however it is written."""
        if self._in_files is None:
            return path
        for name in self._whole:
            path = name.sub(_initials, path)
        return self._in_files.sub(lambda match: f"{match[0][0]}…", path)

    def over_observation(self, observation: Observation) -> Observation:
        place = observation.location
        return replace(
            observation,
            data=self.over(observation.data),
            location=self.over_place(place) if place else None,
            fix=self._over_fix(observation.fix) if observation.fix else None,
        )

    def over_place(self, place: Location) -> Location:
        """Of a picture that the draft does not name the field is its file."""
        quote = self.over(place.quote) if place.quote else place.quote
        field = self.over_path(place.field) if place.field else place.field
        return replace(place, asset=self.over_path(place.asset), field=field, quote=quote)

    def _over_fix(self, fix: Fix) -> Fix:
        """A fix that would write a name is shown and no longer made: what is written must be right."""
        shown = self.over(fix.replacement)
        writes = (fix.edit.text if fix.edit else "", fix.new_file.text if fix.new_file else "")
        if shown != fix.replacement or any(self.over(text) != text for text in writes):
            return Fix(Applicability.DISPLAY, shown, None)
        named = {
            key: replace(change, asset=self.over_path(change.asset))
            for key in ("edit", "cleaning", "new_file")
            if (change := getattr(fix, key)) is not None
        }
        return replace(fix, **named)

    def over_waiver(self, waiver: Waiver) -> Waiver:
        return replace(waiver, reason=self.over(waiver.reason), by=self.over(waiver.by))

    def over_problem(self, problem: Problem) -> Problem:
        path, message, advice = self.over_path(problem.path), self.over(problem.message), self.over(problem.advice)
        return replace(problem, path=path, message=self.over_path(message), advice=self.over_path(advice))


def _initials(match: re.Match[str]) -> str:
    """Every second group is what stands between two words, and stays."""
    groups = match.groups()
    return "".join(part if number % 2 else f"{part[0]}…" for number, part in enumerate(groups))


def _initial(match: re.Match[str]) -> str:
    """Where the word goes on it is another one: Ava is not in Available."""
    return match[0] if match.string[match.end() : match.end() + 1].islower() else f"{match[0][0]}…"


def _is_capitalized(word: str) -> bool:
    if not word[0].isupper():
        return False
    rest = word[1:]
    return any(char.islower() or char in "’'-" for char in rest) or (bool(rest) and word.isalpha() and word.isupper())


def _has_no_case(word: str) -> bool:
    """As in Chinese, Arabic or Hindi, where no capital tells a name."""
    return word.isalpha() and not any(char.isupper() or char.islower() for char in word)


def name_words(text: str, no_names: Iterable[str], *, without_case: bool = False) -> list[list[str]]:
    """The runs of capitalized words that can be names of persons, by their words; with `without_case` those of
    scripts, too, that know no capitals."""
    fine = frozenset(no_names)
    runs: list[list[str]] = []
    end = -2
    text = normalize("NFC", text)
    text = _STREET.sub(lambda match: " " * len(match[0]), text)  # an address is for another check, which shows it
    for match in _WORD.finditer(text):
        word = _POSSESSIVE.sub("", match[0])
        plain = _is_capitalized(match[0]) or (without_case and _has_no_case(match[0]))
        if not plain or word in fine or (len(word) < 2 and word.isascii()) or word.capitalize() in fine:
            continue
        if match.start() <= end + 1 and runs:
            runs[-1].append(word)
        else:
            runs.append([word])
        end = match.end()
    return runs
