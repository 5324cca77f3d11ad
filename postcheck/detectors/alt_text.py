"""Alt texts: absent, empty, empty of meaning, too short or long, or at odds with what stands elsewhere."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import PurePosixPath

from postcheck.analysis.image import image_facts
from postcheck.analysis.text import emoji
from postcheck.detectors.limits import exceeded, limits_for
from postcheck.detectors.patterns import expressions
from postcheck.errors import CannotTest
from postcheck.model import PASSED, Context, Draft, Image, Observation, Options, Outcome
from postcheck.source import Source, Style, Text


def embedded_alt(image: Image) -> Text | None:
    """The alt text in the picture's own metadata (IPTC Alt Text (Accessibility))."""
    value = image_facts(image.asset.path).metadata.get("alt", "")
    if not value:
        return None
    return Text(value, Source(image.asset.name, value), "AltTextAccessibility", 0, len(value), Style.EMBEDDED)


def alt_of(image: Image) -> Text | None:
    """The draft's alt text; where the draft is silent, the picture's own."""
    return image.alt if image.alt is not None else None if image.decorative else embedded_alt(image)


MAX_CHARACTERS = 10_000
"""No platform takes half as much."""


def told(draft: Draft) -> Iterator[tuple[Image, Text]]:
    """The images that have an alt text which says something, whatever it says."""
    for image in draft.images:
        alt = alt_of(image)
        if alt is not None and alt.value.strip():
            yield image, alt


def searchable(draft: Draft) -> Iterator[tuple[Image, Text]]:
    """As `told`, where expressions are to be searched for.

    Raises:
        CannotTest: one is so long that a search could take forever.
    """
    for image, alt in told(draft):
        if len(alt.value) > MAX_CHARACTERS:
            raise CannotTest(f"The alt text of {image.asset.name} has more than {MAX_CHARACTERS:,} characters.")
        yield image, alt


def missing(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    """Option `description_beside`: a description in the post's text may stand for the alt text (see `_beside`)."""
    without = [image for image in draft.images if not image.decorative and alt_of(image) is None]
    beside = _beside(draft, options)
    for image in draft.images:
        if image not in without:
            yield PASSED
            continue
        found = Observation(
            Outcome.FAILED, image.place, {"file": image.asset.name}, "" if image.listed else "failed-unlisted"
        )
        yield _judged(found, beside, without)


def empty(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    """Option `description_beside`, as above."""
    without = [image for image in draft.images if image.alt and not image.alt.value.strip() and not image.decorative]
    beside = _beside(draft, options)
    for image in draft.images:
        if image.alt is None:
            continue
        if image not in without:
            yield PASSED
        else:
            yield _judged(Observation(Outcome.FAILED, image.place, {"file": image.asset.name}), beside, without)


def _beside(draft: Draft, options: Options) -> int | None:
    """How many descriptions of pictures every text of the post holds, told by words such as "Image description:"
    (option `description_words`); None where the policy takes no description beside the picture."""
    if not options["description_beside"]:
        return None
    words = expressions(options, "description_words")
    return min(sum(1 for one in words for _ in one.finditer(text.value)) for text in draft.posts())


def _judged(found: Observation, beside: int | None, without: list[Image]) -> Observation:
    """A question where the text may describe the picture, and in order where it says of each that it does."""
    if beside is None:
        return found
    if beside >= len(without):
        return PASSED
    return Observation(Outcome.CANT_TELL, found.location, found.data)


def contradicts_decorative(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    for image in draft.images:
        if not image.decorative:
            continue
        if image.alt is not None and image.alt.value.strip():
            yield Observation(Outcome.FAILED, image.alt.whole(), {"file": image.asset.name})
        else:
            yield PASSED


def pattern(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    """Options: `failed` and `cant_tell`, lists of expressions, in this order; the first that is found anywhere in the
    alt text decides. `parts`: what they are built of (see `patterns`)."""
    for _, alt in searchable(draft):
        for outcome, key in ((Outcome.FAILED, "failed"), (Outcome.CANT_TELL, "cant_tell")):
            found = next((match for one in expressions(options, key) if (match := one.search(alt.value))), None)
            if found:
                data = {"found": found[0].strip(), "rest": _capitalized(alt.value[found.end() :].strip(" :-–—,"))}
                start = found.start() + len(found[0]) - len(found[0].lstrip())
                yield Observation(outcome, alt.at(start, start + len(data["found"])), data)
                break
        else:
            yield PASSED


def file_name(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    """Options as for `pattern`, but matched against the whole alt text."""
    for image, alt in searchable(draft):
        value = alt.value.strip()
        stem = PurePosixPath(image.asset.name).stem
        plainly = value.casefold() in (stem.casefold(), PurePosixPath(image.asset.name).name.casefold())
        # A one-word file name ("seal.png") may well be the word for what is seen.
        same_word = plainly and value.isalpha()
        if (plainly and not same_word) or _is_one_of(value, options, "failed"):
            yield Observation(Outcome.FAILED, alt.whole(), {"found": value})
        elif same_word or _is_one_of(value, options, "cant_tell"):
            yield Observation(Outcome.CANT_TELL, alt.whole(), {"found": value})
        else:
            yield PASSED


def _is_one_of(value: str, options: Options, key: str) -> bool:
    return any(one.fullmatch(value) for one in expressions(options, key))


def too_short(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    """Options: `minimum_words`; and `minimum_letters`, which alone counts in scripts that set no spaces."""
    for _, alt in told(draft):
        words = re.findall(r"\w+(?:['’.&]\w+)*", alt.value)
        letters = sum(char.isalnum() for char in alt.value)
        spaced = not any(unicodedata.east_asian_width(char) == "W" and char.isalpha() for char in alt.value)
        if letters < options["minimum_letters"]:
            yield Observation(Outcome.FAILED, alt.whole(), {"alt": alt.value, "letters": letters})
        elif spaced and len(words) < options["minimum_words"]:
            yield Observation(Outcome.CANT_TELL, alt.whole(), {"alt": alt.value, "words": len(words)})
        else:
            yield PASSED


def too_long(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    """Longer than a platform takes; or, as advice, than `advice_above` characters."""
    for _, alt in told(draft):
        length = len(alt.value)
        over = [(platform, limit) for platform, limit in limits_for(draft, context, "alt") if length > limit.most]
        for platform, limit in over:
            yield exceeded(platform, limit, alt.at(limit.most, length), length=length)
        if not over and length > options["advice_above"]:
            data = {"length": length, "most": options["advice_above"]}
            yield Observation(Outcome.FAILED, alt.at(options["advice_above"], length), data, "failed-advice")
        elif not over:
            yield PASSED


def repeats_caption(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    """The alt text is a caption, or `minimum_words` and more of a caption's words in a row are all it says."""
    for _, alt in told(draft):
        words = _words(alt.value)
        if not words:
            continue
        for post in draft.posts():
            caption = _words(post.value)
            within = len(words) >= options["minimum_words"] and f" {' '.join(words)} " in f" {' '.join(caption)} "
            if words == caption or within:
                yield Observation(Outcome.FAILED, alt.whole(), {"alt": alt.value, "field": post.field})
                break
        else:
            yield PASSED


def repeated(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    first: dict[str, Image] = {}
    for image, alt in told(draft):
        said = " ".join(_words(alt.value))
        other = first.setdefault(said, image)
        if said and other is not image and other.asset.name != image.asset.name:
            data = {"file": image.asset.name, "other": other.asset.name}
            yield Observation(Outcome.FAILED, alt.whole(), data)
        else:
            yield PASSED


def differs_from_embedded(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    for image in draft.images:
        if image.alt is None or not (own := embedded_alt(image)):
            continue
        if _words(image.alt.value) == _words(own.value):
            yield PASSED
        else:
            place = image.alt.whole() if image.alt.value else image.place
            yield Observation(Outcome.CANT_TELL, place, {"file": image.asset.name, "embedded": own.value})


def with_emoji(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    for _, alt in told(draft):
        found = emoji(alt.value)
        if found:
            yield Observation(Outcome.FAILED, alt.at(*found[0].span()), {"found": found[0][0], "count": len(found)})
        else:
            yield PASSED


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold())


def _capitalized(text: str) -> str:
    return text[:1].upper() + text[1:]
