"""Names of minors are kept out of what is said of a draft (see `veil` for how).

Whose they are is told by the draft (`minor: true` and a name for `who`), by the city's register of releases, and by the
checks that find a child's name, whether or not they are switched on. What these only guess is hidden in the name of a
file or folder where it is of two words or more: a school may be named after a person, and so may its folder.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from postcheck.analysis.prose import prose
from postcheck.detectors.releases import forms, is_minor, people
from postcheck.detectors.scan import Scan
from postcheck.detectors.veil import Veil, name_words
from postcheck.detectors.writing import Finder, find
from postcheck.model import Context, Draft, Observation, Options, Outcome, UnreadableDraft
from postcheck.source import Location, Source, Text

ALSO_GIVEN = frozenset((
    "April", "August", "Bay", "Carolina", "Dakota", "Ford", "Forest", "Jersey", "June", "Kia", "Lake", "Lane", "May",
    "Montana", "River", "Rock", "Virginia", "Washington", "Wade",
))  # fmt: skip
"""Words that are in no name of a person as the checks look for names, and are given to children all the same."""
_WHO = re.compile(r"""\bwho\b["']?[ \t]*:[ \t]*["']?([^"'\r\n,}\]]+)""")


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
        found = [seen[check_id] for check_id in self._hiders if check_id in seen]
        found += self._off.see(draft, context).seen.values() if self._off else ()
        texts = [
            observation.location.quote
            for observations in found
            for observation in observations
            if observation.outcome is not Outcome.PASSED and observation.location and observation.location.quote
        ]
        if draft.images:
            for quoted in _from_pictures(draft, seen):
                texts += _found(quoted, finders, draft, context)
        return self._veil(_declared(draft, context), texts, _files(draft))

    def veil_unreadable(
        self, draft: UnreadableDraft, context: Context, finders: Mapping[str, tuple[Finder, Options]]
    ) -> Veil:
        """For what is said of a draft that cannot be read. Nobody can tell who in it is a minor: whoever it declares is
        hidden, and whatever name of a child is found in its text as it stands."""
        source = Source("", draft.text)
        text = Text(draft.text.replace('"', " "), source, "", 0, len(draft.text))  # not as quotations
        whole = Draft(draft.path, source, text, Location(""))
        texts = _found(text.value, finders, whole, context) if draft.text else []
        return self._veil([match[1] for match in _WHO.finditer(draft.text)], texts, ())

    def _veil(self, declared: Iterable[str], found: Iterable[str], files: Iterable[str]) -> Veil:
        sure = [run for text in declared for run in name_words(text, self._no_names, without_case=True)]
        guessed = [run for text in found for run in name_words(text, self._no_names)]
        return Veil([*sure, *guessed], [*sure, *(run for run in guessed if len(run) > 1)], files)


def _declared(draft: Draft, context: Context) -> Iterator[str]:
    for _, person in people(draft):
        if is_minor(person, context):
            if person.who:
                yield person.who.value
            yield from (form.entry.subject for form in forms(person, context) if form.entry)


def _files(draft: Draft) -> Iterator[str]:
    yield from (asset.name for asset in draft.assets())
    yield from (release.id for _, person in people(draft) for release in person.releases)


def _found(text: str, finders: Mapping[str, tuple[Finder, Options]], draft: Draft, context: Context) -> list[str]:
    read = prose(text)
    hits = (find(finder, read, options, draft, context) for finder, options in finders.values())
    return [text[hit.start : hit.end] for found in hits for hit in found]


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
