"""What sellers say. Cities say most of it too, of classes, passes and fees: what else a text says decides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from postcheck.analysis.prose import Prose
from postcheck.detectors.patterns import expressions
from postcheck.detectors.wording import found
from postcheck.detectors.writing import Hit
from postcheck.model import Context, Draft, Options, Outcome


def sales_talk(prose: Prose, options: Options, draft: Draft, context: Context) -> Iterator[Hit]:
    """Options, all lists of expressions, where a group named `hit` is what is meant:

    - `silent`: a text with one of these is not looked at: it warns of scams, or recalls a product.
    - `failed`: what only a seller says. In a text with one of `ours` it is asked about.
    - `with_sign`: failed in a text that has one of `signs` beside it, else asked about. In a text with one of `ours`
      it is asked about where there are two signs, else it is fine.
    - `cant_tell`: asked about, but fine in a text with one of `ours`.
    - `weak`: asked about where there is a sign beside it, but fine in a text with one of `ours`.
    - `always`: asked about whatever else the text says.
    - `signs`: other signs of a sale.
    - `ours`: signs of a city's own service.

    Of a hashtag, the signs are looked for in the whole post.
    """
    whole = prose.whole.masked
    hits = list(found(prose, options, ("failed", "with_sign", "always", "cant_tell", "weak")))
    if not hits or any(one.search(whole) for one in expressions(options, "silent")):
        return
    is_ours = any(one.search(whole) for one in expressions(options, "ours"))
    is_tag = prose.whole is not prose
    signs = _signs(whole, options)
    for key, hit in hits:
        # A hit in a hashtag is at no place of the post.
        beside = sum(is_tag or first <= hit.start or last >= hit.end for first, last in signs)
        outcome = _outcome(key, is_ours, beside)
        if outcome is not None:
            yield replace(hit, outcome=outcome)


def _outcome(key: str, is_ours: bool, signs: int) -> Outcome | None:
    if key == "failed":
        return Outcome.CANT_TELL if is_ours else Outcome.FAILED
    if key == "with_sign":
        if is_ours:
            return Outcome.CANT_TELL if signs > 1 else None
        return Outcome.FAILED if signs else Outcome.CANT_TELL
    if key == "always":
        return Outcome.CANT_TELL
    return None if is_ours or (key == "weak" and not signs) else Outcome.CANT_TELL


def _signs(whole: str, options: Options) -> list[tuple[int, int]]:
    """Of each sign in the text, where its first place ends and its last begins: one of the two is outside a hit if any
    place is."""
    spans = []
    for one in expressions(options, "signs"):
        places = [match.span() for match in one.finditer(whole)]
        if places:
            spans.append((places[0][1], places[-1][0]))
    return spans
