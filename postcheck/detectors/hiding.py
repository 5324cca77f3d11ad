"""Names of minors are kept out of what is said of a draft: in their place stand their first letters, `A… L…`.

Whose they are is told by the draft (`minor: true` and a name for `who`), and by the checks that find a child's name,
whether or not they are switched on. Every word of such a name is hidden in all that is quoted from the draft, also in
capitals, in a hashtag and where the whole name stands in small letters. Names of files and folders are not: without
them nobody could find what is meant.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from postcheck.analysis.prose import prose
from postcheck.detectors.releases import is_minor, people, who
from postcheck.detectors.scan import Scan
from postcheck.detectors.writing import Finder, find
from postcheck.model import Applicability, Context, Draft, Fix, Observation, Options, Outcome, Waiver
from postcheck.source import Location

_CAPITALIZED = re.compile(r"(?<![\w’'-])[A-ZÀ-Þ][\w’'-]*[a-zß-ÿ’'-][\w’'-]*|(?<![\w’'-])[A-ZÀ-Þ]{2,}(?![\w’'-])")
ALSO_GIVEN = frozenset((
    "April", "August", "Bay", "Carolina", "Dakota", "Ford", "Forest", "Jersey", "June", "Kia", "Lake", "Lane", "May",
    "Montana", "River", "Rock", "Virginia", "Washington", "Wade",
))  # fmt: skip
"""Words that are in no name of a person as the checks look for names, and are given to children all the same."""
_STREET = re.compile(
    r"\b\d+(?: [NSEW]{1,2}\.?)?(?: [A-Z][\w’'-]*){1,3}"
    r" (?:Street|Avenue|Boulevard|Road|Drive|Lane|Court|Place|Way|St|Ave|Blvd|Rd|Dr|Ln|Ct)\b"
)
_POSSESSIVE = re.compile(r"[’']s?$")
_MOST = 200
"""Words of names in one draft."""


class Veil:
    """Hides the words of some names in whatever is quoted."""

    def __init__(self, names: Iterable[Sequence[str]]) -> None:
        runs = [run for run in names if run][:_MOST]
        words = sorted({word for run in runs for word in run}, key=len, reverse=True)
        joined = {"".join(run).lower() for run in runs if len(run) > 1}
        spaced = {" ".join(run).lower() for run in runs if len(run) > 1}
        forms = [re.escape(form) for word in words for form in (word, word.upper())]
        self._words = re.compile(rf"(?:{'|'.join(forms)})(?![a-zß-ÿ])") if forms else None
        whole = sorted((*joined, *spaced), key=len, reverse=True)
        self._whole = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, whole))})(?!\w)") if whole else None

    def __bool__(self) -> bool:
        return self._words is not None

    def over(self, value: Any) -> Any:
        """The value with every word of the names hidden, in a text or in the texts of a list or a table."""
        if isinstance(value, str):
            hidden = self._words.sub(_initial, value) if self._words else value
            return self._whole.sub(_initials, hidden) if self._whole else hidden
        if isinstance(value, Mapping):
            return {key: self.over(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return type(value)(self.over(item) for item in value)
        return value

    def over_observation(self, observation: Observation) -> Observation:
        place = observation.location
        return replace(
            observation,
            data=self.over(observation.data),
            location=self.over_place(place) if place else None,
            fix=self._over_fix(observation.fix) if observation.fix else None,
        )

    def over_place(self, place: Location) -> Location:
        return replace(place, quote=self.over(place.quote)) if place.quote else place

    def _over_fix(self, fix: Fix) -> Fix:
        """A fix that would write a name is shown and no longer made: what is written must be right."""
        shown = self.over(fix.replacement)
        text = fix.edit.text if fix.edit else ""
        if shown == fix.replacement and self.over(text) == text:
            return fix
        return Fix(Applicability.DISPLAY, shown, None, None)

    def over_waiver(self, waiver: Waiver) -> Waiver:
        return replace(waiver, reason=self.over(waiver.reason))


def _initial(match: re.Match[str]) -> str:
    return f"{match[0][0]}…"


def _initials(match: re.Match[str]) -> str:
    return " ".join(f"{word[0]}…" for word in match[0].split())


def name_words(text: str, no_names: Iterable[str]) -> list[list[str]]:
    """The runs of capitalized words that can be names of persons, by their words."""
    fine = frozenset(no_names)
    runs: list[list[str]] = []
    end = -2
    text = _STREET.sub(lambda match: " " * len(match[0]), text)  # an address is for another check, which shows it
    for match in _CAPITALIZED.finditer(text):
        word = _POSSESSIVE.sub("", match[0])
        if word in fine or len(word) < 2 or word.capitalize() in fine:
            continue
        if match.start() <= end + 1 and runs:
            runs[-1].append(word)
        else:
            runs.append([word])
        end = match.end()
    return runs


class Hiding:
    """Finds whose names are to be hidden. `hiders` are the ids of the checks that find such names; `off` those of them
    that this run leaves out, and that are looked for all the same."""

    def __init__(
        self, hiders: Collection[str], off: Mapping[str, tuple[Finder, Options]], no_names: Iterable[str]
    ) -> None:
        self._hiders = hiders
        self._off = Scan(off) if off else None
        self._no_names = frozenset(no_names) - ALSO_GIVEN

    def veil(
        self,
        draft: Draft,
        seen: Mapping[str, Sequence[Observation]],
        context: Context,
        finders: Mapping[str, tuple[Finder, Options]],
    ) -> Veil:
        """For all that was seen in a draft. What is quoted from a picture may hold a name that stands in no text of the
        draft: `finders` search it, too."""
        texts = [who(person) for _, person in people(draft) if person.who and is_minor(person, context)]
        found = [seen[check_id] for check_id in self._hiders if check_id in seen]
        found += self._off.see(draft, context).seen.values() if self._off else ()
        texts += [
            observation.location.quote
            for observations in found
            for observation in observations
            if observation.outcome is not Outcome.PASSED and observation.location and observation.location.quote
        ]
        if draft.images:
            for quoted in _from_pictures(draft, seen):
                for finder, options in finders.values():
                    hits = find(finder, prose(quoted), options, draft, context)
                    texts += [quoted[hit.start : hit.end] for hit in hits]
        return Veil(run for text in texts for run in name_words(text, self._no_names))


def _from_pictures(draft: Draft, seen: Mapping[str, Sequence[Observation]]) -> set[str]:
    """What is told of that no text of the draft says."""
    own = "\n".join(text.value for text in (*draft.posts(), *(image.alt for image in draft.images if image.alt)))
    return {
        value
        for observations in seen.values()
        for observation in observations
        if observation.outcome is not Outcome.PASSED
        for value in observation.data.values()
        if isinstance(value, str) and len(value) > 7 and value not in own
    }
