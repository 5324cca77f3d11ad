"""Which checks of writing cannot find anything in a draft, told in one pass over each text for all of them.

A check names its triggers: without one of them in the text it cannot hit. A trigger of letters alone is a word of the
text, in lower case. Any other is looked for in the text's shape: in lower case, with every run of digits as one 0 and
every run of white space as one space ("0%", "0 p.m", " & "). The triggers of `phrases` are their own longest words.
So a thousand checks cost little more than ten: most posts hold the triggers of a few.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from postcheck.analysis.prose import Prose, prose
from postcheck.detectors.writing import in_language, kinds, texts
from postcheck.errors import CannotTest
from postcheck.model import PASSED, Context, Draft, Observation, Options

_LETTERS = re.compile(r"[^\W\d_]+")


def triggers_of(options: Options) -> list[str]:
    """Of one check; none where it must always be run."""
    if "phrases" in options and not options["triggers"]:
        return [max(_LETTERS.findall(phrase.lower()), key=len) for phrase in options["phrases"]]
    return [str(trigger).lower() for trigger in options["triggers"]]


@dataclass(frozen=True, slots=True)
class _Group:
    """Checks that read the same texts in the same language: they are settled together."""

    options: Options
    check_ids: list[str]
    by_word: dict[str, list[str]]
    by_part: dict[str, list[str]]


class Prefilter:
    """For the checks of one plan, each by its id and options."""

    def __init__(self, checks: Mapping[str, Options]) -> None:
        groups: dict[tuple[str, tuple[str, ...]], _Group] = {}
        for check_id, options in checks.items():
            triggers = triggers_of(options)
            if not triggers:
                continue
            key = options["language"], kinds(options)
            group = groups.setdefault(key, _Group(options, [], defaultdict(list), defaultdict(list)))
            group.check_ids.append(check_id)
            for trigger in triggers:
                (group.by_word if trigger.isalpha() else group.by_part)[trigger].append(check_id)
        self._groups = list(groups.values())

    def spared(self, draft: Draft, context: Context) -> dict[str, Sequence[Observation]]:
        """What the checks that need not be run would say: passed where there was something to read, else nothing.
        Checks whose texts cannot be read are not among them: they say so when they are run."""
        spared: dict[str, Sequence[Observation]] = {}
        for group in self._groups:
            try:
                found = [prose(text.value) for text in texts(draft, kinds(group.options), context)]
            except CannotTest:
                continue
            readable = [read for read in found if in_language(read, group.options, draft)]
            due = {check_id for read in readable for check_id in _due(read, group)}
            said = CLEAN if readable else NOTHING
            for check_id in group.check_ids:
                if check_id not in due:
                    spared[check_id] = said
        return spared


def _due(read: Prose, group: _Group) -> Iterator[str]:
    for word in read.words & group.by_word.keys():
        yield from group.by_word[word]
    shape = read.shape
    for part, check_ids in group.by_part.items():
        if part in shape:
            yield from check_ids


CLEAN: Sequence[Observation] = (PASSED,)
NOTHING: Sequence[Observation] = ()
