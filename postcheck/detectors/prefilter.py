"""Which checks of writing cannot find anything in a draft, told in one pass over each text for all of them.

A check names its triggers: without one of them in the text it cannot hit. A trigger of letters alone is a word of the
text, in lower case. Any other is looked for in the text's shape: in lower case, with every run of digits as one 0 and
every run of white space as one space ("0%", "0 p.m", " & "). The triggers of `phrases` are the phrases themselves;
where every rule of `replace` has triggers of its own, those are the check's. `<hashtag>` and the like are traits of the
text (see `Prose.traits`).
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

_IS_TRAIT = re.compile(r"<[a-z ]+>")
_LETTERS = re.compile(r"[^\W\d_]+")
_WORDS_ALONE = re.compile(r"[^\W\d_ ][^\W\d_'’ ]*(?:['’ ][^\W\d_]+)*")


Trigger = str | frozenset[str]
"""A word, a part of the shape or a trait; or words that must all be there."""


def triggers_of(options: Options) -> list[Trigger]:
    """Of one check; none where it must always be run."""
    if options["triggers"]:
        return [str(trigger).lower() for trigger in options["triggers"]]
    if "phrases" in options:
        return [_trigger_of(phrase.lower()) for phrase in options["phrases"]]
    rules = options.get("replace", ())
    if all("triggers" in rule for rule in rules):
        return [str(trigger).lower() for rule in rules for trigger in rule["triggers"]]
    return []


def _trigger_of(phrase: str) -> Trigger:
    if _WORDS_ALONE.fullmatch(phrase):
        return frozenset(_LETTERS.findall(phrase))
    return re.sub(r"\d+", "0", phrase)


CLEAN: Sequence[Observation] = (PASSED,)
NOTHING: Sequence[Observation] = ()


@dataclass(frozen=True, slots=True)
class _Group:
    """Checks that read the same texts in the same language: they are settled together."""

    options: Options
    """Of one of them: in what they read they are alike."""
    clean: dict[str, Sequence[Observation]] = field(default_factory=dict)
    nothing: dict[str, Sequence[Observation]] = field(default_factory=dict)


class Prefilter:
    """For the checks of one plan, each by its id and options."""

    def __init__(self, checks: Mapping[str, Options]) -> None:
        self._always: list[str] = []
        self._by_word: dict[str, list[str]] = defaultdict(list)
        self._by_words: dict[str, list[tuple[frozenset[str], str]]] = defaultdict(list)
        self._by_sign: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        groups: dict[tuple[str, tuple[str, ...]], _Group] = {}
        for check_id, options in checks.items():
            group = groups.setdefault((options["language"], kinds(options)), _Group(options))
            group.clean[check_id] = CLEAN
            group.nothing[check_id] = NOTHING
            triggers = triggers_of(options)
            if not triggers:
                self._always.append(check_id)
            for trigger in triggers:
                if isinstance(trigger, frozenset):
                    self._by_words[max(trigger, key=len)].append((trigger, check_id))
                elif trigger.isalpha() or _IS_TRAIT.fullmatch(trigger):
                    self._by_word[trigger].append(check_id)
                else:
                    self._by_sign[_rarest_sign(trigger)][trigger].append(check_id)
        self._groups = list(groups.values())

    def sift(self, draft: Draft, context: Context) -> tuple[dict[str, Sequence[Observation]], dict[str, list[Text]]]:
        """What the checks that need not be run would say (passed where there was something to read, else nothing); and
        for each of the others the texts it must look at. Checks whose texts cannot be read are in neither: they say so
        when they are run."""
        said: dict[str, Sequence[Observation]] = {}
        due: dict[str, list[Text]] = {}
        triggered: dict[int, set[str]] = {}  # by the text itself: groups share most of them
        for group in self._groups:
            try:
                found = readable(draft, group.options, context)
            except CannotTest:
                continue
            said.update(group.clean if found else group.nothing)
            for text in found:
                if id(text) not in triggered:
                    triggered[id(text)] = self._triggered(prose(text.value))
                for check_id in triggered[id(text)] & group.clean.keys():
                    due.setdefault(check_id, []).append(text)
        for check_id in due:
            del said[check_id]
        return said, due

    def _triggered(self, read: Prose) -> set[str]:
        """The checks with a trigger in the text, or without any."""
        found = set(self._always)
        for word in (read.words | read.traits) & self._by_word.keys():
            found.update(self._by_word[word])
        for word in read.words & self._by_words.keys():
            found.update(check_id for words, check_id in self._by_words[word] if words <= read.words)
        shape = read.shape
        for sign in self._by_sign.keys() & set(shape):
            for part, check_ids in self._by_sign[sign].items():
                if part in shape:
                    found.update(check_ids)
        return found


_COMMON_SIGNS = ":!-'0,. "
"""The commonest last. Letters are commoner still."""


def _rarest_sign(part: str) -> str:
    """The character of `part` that is most seldom met: a text without it need not be searched for the part."""
    return min(part, key=lambda char: 99 if char.isalpha() else _COMMON_SIGNS.find(char))
