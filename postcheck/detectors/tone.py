"""What a text reads like, by the classifier: alone it only asks; beside an expression it makes an ask a failure, or
doubts it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from postcheck.analysis.classifier import is_worth_asking, log_odds, scores
from postcheck.analysis.language import ENGLISH
from postcheck.analysis.prose import Prose
from postcheck.detectors.wording import found
from postcheck.detectors.writing import Hit
from postcheck.model import Context, Draft, Options, Outcome

_FEWEST_WORDS = 4
"""Of a text, and of a sentence that is shown as what was decisive."""
_SHORT = 10
"""In a text of fewer words one word weighs much: the score must be two thirds of the way from the least to 1."""
_NEAR = 1.0
"""Of two kinds that a text reads like, only the likelier is asked about, unless their odds differ by a factor of less
than e to this power: one sentence is one question, mostly."""
_UNLIKELY = 0.04
"""A text that scores less of every kind is harmless to the classifier."""
_ALWAYS, _NEVER = 1.0, 2.0
"""A score above every threshold, and a threshold above every score."""


def reads_as(prose: Prose, options: Options, draft: Draft, context: Context) -> Iterator[Hit]:
    """Options: `pipeline`, a classifier in models/; `label`, one that it knows; `at_least`, the score from which it
    asks, where the text reads not much more like another label. The hit is the sentence that reads most like it. It
    asks, and never fails."""
    if not is_worth_asking(options["pipeline"], prose.value, options["parts"]["politician"]):
        return
    score = _score(prose.value, options)
    least = options["at_least"]
    if _words(prose.masked) < _SHORT:
        least = (2 + least) / 3
    if score >= least and log_odds(score) >= max(map(log_odds, _scores(prose.value, options).values())) - _NEAR:
        start, end = max(_sentences(prose), key=lambda span: _score(prose.value[slice(*span)], options))
        yield Hit(start, end, outcome=Outcome.CANT_TELL, data={"score": round(score, 2)})


def weighed_pattern(prose: Prose, options: Options, draft: Draft, context: Context) -> Iterator[Hit]:
    """As `pattern`, with the classifier for a second witness. Options beside those of `pattern`: `pipeline` and `label`
    as for `reads_as`; `sure`, the score from which what `cant_tell` finds fails (without it nothing does);
    `suspected`, expressions that ask only where the text scores `likely` or more.

    The score is that of the text without the words that were found: two witnesses count as two only where they have
    not seen the same thing.
    """
    for key, hit in found(prose, options, ("failed", "cant_tell", "suspected")):
        if key == "failed":
            yield replace(hit, outcome=Outcome.FAILED)
            continue
        score = _score(_without(prose, hit), options)
        if key == "cant_tell" and score >= options.get("sure", _NEVER):
            yield replace(hit, outcome=Outcome.FAILED)
        elif key == "cant_tell" or score >= options["likely"]:
            yield hit


def doubted_pattern(prose: Prose, options: Options, draft: Draft, context: Context) -> Iterator[Hit]:
    """As `pattern`, with the classifier for a doubter. Options beside those of `pattern`: `suspected`, further
    expressions that ask; `pipeline`. By the most that any kind scores for the text or for the hit's own sentence, what
    is `suspected` is told only from `likely` on, and what fails only asks where the text is harmless to it. It reads
    English, and no fewer words than four: of other texts it doubts nothing."""
    for key, hit in found(prose, options, ("failed", "cant_tell", "suspected")):
        if key == "failed" and _most(prose, hit, options) >= _UNLIKELY:
            yield replace(hit, outcome=Outcome.FAILED)
        elif key != "suspected" or _most(prose, hit, options) >= options["likely"]:
            yield hit


def _most(prose: Prose, hit: Hit, options: Options) -> float:
    """Of all kinds, for the text and for the hit's own sentence: in a long text, one sentence weighs little."""
    whole = prose.whole
    if whole.languages != {ENGLISH} or _words(whole.masked) < _FEWEST_WORDS:
        return _ALWAYS
    at = prose.place[0] if prose.place else hit.start
    own = [whole.value[start:end] for start, end in _sentences(whole) if start <= at < end]
    return max(max(_scores(text, options).values()) for text in (whole.value, *own))


def _without(prose: Prose, hit: Hit) -> str:
    start, end = prose.place or (hit.start, hit.end)
    return f"{prose.whole.value[:start]} {prose.whole.value[end:]}"


def _score(text: str, options: Options) -> float:
    return 0.0 if _words(text) < _FEWEST_WORDS else _scores(text, options)[options["label"]]


def _scores(text: str, options: Options) -> Mapping[str, float]:
    return scores(options["pipeline"], text, options["parts"]["politician"])


def _sentences(prose: Prose) -> list[tuple[int, int]]:
    long = [span for span in prose.sentences if _words(prose.masked[slice(*span)]) >= _FEWEST_WORDS]
    return long or prose.sentences


def _words(text: str) -> int:
    return sum(any(map(str.isalpha, word)) for word in text.split())
