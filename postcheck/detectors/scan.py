"""All checks of writing looked for together: one pass over a text tells which of them can find anything in it.

A check names its triggers: without one of them in the text it cannot hit. A trigger of letters alone is a word of the
text, in lower case. Any other is looked for in the text's shape: in lower case, with every run of digits as one 0 and
every run of white space as one space ("0%", "0 p.m", " & "). The triggers of `phrases` are the phrases themselves;
where every rule of `replace` has triggers of its own, those are the check's. `<hashtag>` and the like are traits of the
text (see `Prose.traits`). A check of expressions that names no triggers has what its expressions need for triggers (see
`analysis.needed`).
So a thousand checks cost little more than ten: most posts hold the triggers of a few.
"""

from __future__ import annotations

import re
from collections import OrderedDict, defaultdict
from collections.abc import Hashable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from postcheck.analysis.needed import folded, least
from postcheck.analysis.prose import Prose, prose
from postcheck.detectors.patterns import expression, expressions
from postcheck.detectors.writing import Finder, Hit, find, is_for, kinds, observation, texts
from postcheck.errors import CannotTest
from postcheck.model import Context, Draft, Observation, Options, Outcome
from postcheck.source import Text

_IS_TRAIT = re.compile(r"<[a-z ]+>")
_LETTERS = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Part:
    """A trigger that may be anywhere in the text, also in the midst of a word; folded in case."""

    text: str


Trigger = str | frozenset[str] | Part
"""A word, a part of the shape or a trait; words that must all be there; or a part of the text."""


def triggers_of(options: Options) -> list[Trigger]:
    """Of one check; none where it must always be run."""
    if options["triggers"]:
        return [str(trigger).lower() for trigger in options["triggers"]]
    if "phrases" in options:
        return [_trigger_of(phrase.lower()) for phrase in options["phrases"]]
    rules = options.get("replace", ())
    if rules and all("triggers" in rule for rule in rules):
        return [str(trigger).lower() for rule in rules for trigger in rule["triggers"]]
    sought = [one for key in _SOUGHT for one in expressions(options, key)]
    sought += [expression(rule["find"], options) for rule in rules]
    if all(one.needs for one in sought):
        return [Part(need) for need in {need for one in sought for need in least(one.needs)}]
    return []


_SOUGHT = tuple(
    key + tag for key in ("failed", "cant_tell", "suspected", "with_sign", "always", "weak") for tag in ("", "_tag")
)
"""The options whose expressions make hits; others only excuse them."""


def _trigger_of(phrase: str) -> Trigger:
    has_signs = any(not char.isalpha() and char not in " '’" for char in phrase)
    if has_signs and "'" not in phrase and "’" not in phrase:
        return re.sub(r"\d+", "0", phrase)
    return frozenset(_LETTERS.findall(phrase))  # an apostrophe stands for both kinds, and so in no part


@dataclass(frozen=True, slots=True)
class _Group:
    """Checks that read the same kinds of texts in the same language."""

    language: str
    kinds: tuple[str, ...]
    check_ids: set[str]


@dataclass(frozen=True, slots=True)
class _Read:
    """A text that was looked at."""

    languages: frozenset[str]
    hits: dict[str, list[Hit] | Exception]
    """Of each check that hits, or that broke off."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What the checks of writing saw in a draft."""

    seen: Mapping[str, list[Observation]]
    """Of those that saw something which is not in order, or broke off."""
    idle: frozenset[str]
    """Those that had nothing to read."""
    unread: tuple[str, ...]
    """Those whose texts cannot be read. All others found everything in order."""


class Scan:
    """For the checks of one plan, each by its id, with its finder and options.

    What was found in a text is kept for the next draft with the same text, language and time: a calendar has one
    caption for several platforms, and `--fix` looks at a file again and again.
    """

    def __init__(self, checks: Mapping[str, tuple[Finder, Options]]) -> None:
        self._checks = checks
        self._kept: OrderedDict[Hashable, _Read] = OrderedDict()
        self._in_tags = {check_id for check_id, (_, options) in checks.items() if options["hashtags"]}
        self._always: set[str] = set()
        self._by_word: dict[str, list[str]] = defaultdict(list)
        self._by_words: dict[str, list[tuple[frozenset[str], str]]] = defaultdict(list)
        self._by_sign: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        self._by_part: dict[str, list[str]] = defaultdict(list)
        self._of_kind: dict[str, set[str]] = defaultdict(set)
        groups: dict[tuple[str, tuple[str, ...]], _Group] = {}
        for check_id, (_, options) in checks.items():
            key = options["language"], kinds(options)
            groups.setdefault(key, _Group(*key, set())).check_ids.add(check_id)
            for kind in kinds(options):
                self._of_kind[kind].add(check_id)
            self._index(check_id, triggers_of(options))
        self._groups = list(groups.values())

    def _index(self, check_id: str, triggers: Sequence[Trigger]) -> None:
        if not triggers:
            self._always.add(check_id)
        for trigger in triggers:
            if isinstance(trigger, frozenset):
                self._by_words[max(trigger, key=len)].append((trigger, check_id))
            elif isinstance(trigger, Part):
                self._by_part[trigger.text].append(check_id)
            elif trigger.isalpha() or _IS_TRAIT.fullmatch(trigger):
                self._by_word[trigger].append(check_id)
            else:
                self._by_sign[_rarest_sign(trigger)][trigger].append(check_id)

    def forget(self) -> None:
        """What was found in texts so far."""
        self._kept.clear()

    def see(self, draft: Draft, context: Context) -> Sight:
        read: dict[str, list[tuple[Text, _Read]]] = {}
        for kind in self._of_kind:
            with suppress(CannotTest):  # the checks that read it are told as unread
                read[kind] = [
                    (text, self._read(text.value, kind, draft, context)) for text in texts(draft, (kind,), context)
                ]
        seen: dict[str, list[Observation]] = {}
        idle: list[str] = []
        unread: list[str] = []
        for group in self._groups:
            if not all(kind in read for kind in group.kinds):
                unread += group.check_ids
                continue
            looked = False
            for kind in group.kinds:
                for text, found in read[kind]:
                    if is_for(group.language, found.languages, draft):
                        looked = True
                        for check_id in found.hits.keys() & group.check_ids:
                            seen.setdefault(check_id, []).extend(self._observations(text, check_id, found))
            if not looked:
                idle += group.check_ids
        return Sight(seen, frozenset(idle), tuple(unread))

    def _observations(self, text: Text, check_id: str, found: _Read) -> list[Observation]:
        hits = found.hits[check_id]
        if isinstance(hits, Exception):
            return [broken(hits, f"detector of {check_id}")]
        return [observation(text, hit, self._checks[check_id][1]) for hit in hits]

    def _read(self, value: str, kind: str, draft: Draft, context: Context) -> _Read:
        """What there is to find in the text."""
        key = value, kind, draft.language and draft.language.value, draft.publish_at and draft.publish_at.when
        known = self._kept.get(key)
        if known is not None:
            self._kept.move_to_end(key)
            return known
        read = prose(value)
        hits: dict[str, list[Hit] | Exception] = {}
        triggered = self._triggered(read)
        if self._in_tags:
            for words in read.tags:
                triggered |= self._triggered(words) & self._in_tags
        for check_id in triggered & self._of_kind[kind]:
            finder, options = self._checks[check_id]
            try:
                if these := find(finder, read, options, draft, context):
                    hits[check_id] = these
            except Exception as error:  # the other checks go on, and nothing is called passed
                hits[check_id] = error
        found = self._kept[key] = _Read(read.languages, hits)
        if len(self._kept) > _MOST_KEPT:
            self._kept.popitem(last=False)
        return found

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
        text = folded(read.masked)
        for part, check_ids in self._by_part.items():
            if part in text:
                found.update(check_ids)
        return found


_MOST_KEPT = 4096
"""Texts."""


def broken(error: Exception, what: str) -> Observation:
    """One that breaks off has shown nothing: what it saw before may be half the truth."""
    if isinstance(error, CannotTest):
        reason = str(error)
    elif isinstance(error, ImportError):
        reason = f"The library {error.name} is not installed: install postcheck again."
    else:
        reason = f"The {what} broke off: {type(error).__name__}: {error}"
    return Observation(Outcome.UNTESTED, None, {"reason": reason}, "crash")


_COMMON_SIGNS = ":!-'0,. "
"""The commonest last. Letters are commoner still."""


def _rarest_sign(part: str) -> str:
    """The character of `part` that is most seldom met: a text without it need not be searched for the part."""
    rare = [char for char in part if not char.isalpha() and char not in _COMMON_SIGNS]
    return rare[0] if rare else next(sign for sign in _COMMON_SIGNS if sign in part)
