"""Which checks of writing cannot find anything in a draft, told in one pass over each text for all of them.

A check names its triggers: without one of them in the text it cannot hit. A trigger of letters alone is a word of the
text, in lower case. Any other is looked for in the text's shape: in lower case, with every run of digits as one 0 and
every run of white space as one space ("0%", "0 p.m", " & "). The triggers of `phrases` are their own longest words.
So a thousand checks cost little more than ten: most posts hold the triggers of a few.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from postcheck.analysis.prose import Prose, prose
from postcheck.detectors.writing import kinds, readable
from postcheck.errors import CannotTest
from postcheck.model import PASSED, Context, Draft, Observation, Options
from postcheck.source import Text

_LETTERS = re.compile(r"[^\W\d_]+")


def triggers_of(options: Options) -> list[str]:
    """Of one check; none where it must always be run."""
    if "phrases" in options and not options["triggers"]:
        return [max(_LETTERS.findall(phrase.lower()), key=len) for phrase in options["phrases"]]
    return [str(trigger).lower() for trigger in options["triggers"]]


CLEAN: Sequence[Observation] = (PASSED,)
NOTHING: Sequence[Observation] = ()


@dataclass(frozen=True, slots=True)
class _Group:
    """Checks that read the same texts in the same language: they are settled together."""

    options: Options
    """Of one of them: in what they read they are alike."""
    clean: dict[str, Sequence[Observation]] = field(default_factory=dict)
    nothing: dict[str, Sequence[Observation]] = field(default_factory=dict)
    by_word: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    by_part: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))


class Prefilter:
    """For the checks of one plan, each by its id and options."""

    def __init__(self, checks: Mapping[str, Options]) -> None:
        groups: dict[tuple[str, tuple[str, ...]], _Group] = {}
        for check_id, options in checks.items():
            triggers = triggers_of(options)
            if not triggers:
                continue
            key = options["language"], kinds(options)
            group = groups.setdefault(key, _Group(options))
            group.clean[check_id] = CLEAN
            group.nothing[check_id] = NOTHING
            for trigger in triggers:
                (group.by_word if trigger.isalpha() else group.by_part)[trigger].append(check_id)
        self._groups = list(groups.values())

    def sift(self, draft: Draft, context: Context) -> tuple[dict[str, Sequence[Observation]], dict[str, list[Text]]]:
        """What the checks that need not be run would say (passed where there was something to read, else nothing); and
        for each of the others the texts it must look at. Checks whose texts cannot be read are in neither: they say so
        when they are run."""
        said: dict[str, Sequence[Observation]] = {}
        due: dict[str, list[Text]] = {}
        for group in self._groups:
            try:
                found = readable(draft, group.options, context)
            except CannotTest:
                continue
            said.update(group.clean if found else group.nothing)
            for text in found:
                for check_id in _due(prose(text.value), group):
                    due.setdefault(check_id, []).append(text)
        for check_id in due:
            del said[check_id]
        return said, due


def _due(read: Prose, group: _Group) -> set[str]:
    due: set[str] = set()
    for word in read.words & group.by_word.keys():
        due.update(group.by_word[word])
    shape = read.shape
    for part, check_ids in group.by_part.items():
        if part in shape:
            due.update(check_ids)
    return due
