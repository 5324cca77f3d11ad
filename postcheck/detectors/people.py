"""Who is seen or heard: what the draft declares, and what it tells by words, against what it has consent for.

Nothing here guesses from a face: it says only that there is one. Words alone are a question, and only where the draft
has a picture or a video.

Options of the checks that look for words:

- `in_alt`: expressions for an alt text, the draft's or the picture's own, and for `who`.
- `in_caption`: expressions for the caption and its variants, which mostly speak of other things than of who is seen.
- `unless`, `parts`: as in the checks of writing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path, PurePosixPath

from postcheck.analysis.captions import cues
from postcheck.analysis.faces import faces
from postcheck.analysis.image import PEOPLE, image_facts
from postcheck.analysis.prose import prose
from postcheck.detectors.alt_text import alt_of
from postcheck.detectors.patterns import expressions
from postcheck.detectors.pictures import each, place_in
from postcheck.detectors.releases import is_minor, people, who
from postcheck.detectors.veil import any_word, name_words, whole_name
from postcheck.model import PASSED, Context, Draft, Image, Observation, Options, Outcome, Person, Video
from postcheck.source import Location, Text

_MOST = 20_000
"""Characters of a text in which words are looked for."""


def not_declared(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    """Faces, or words, where the draft does not say who is seen; faces, or names, where it says that nobody is.
    Options: also `of_nobody`, expressions for what an alt text says of somebody who can be recognized."""
    if any(todo.field == "people" for todo in draft.todos):
        return  # governance/left-to-do speaks of it
    silent = [item for item in draft.media() if item.people is None]

    def look(image: Image) -> Callable[[Path], Observation]:
        told = _told_by_file(image, options) or _told_by_alt(image, options)
        return (lambda _: told) if told else lambda path: _face(image, path)

    seen: list[Observation] = []
    for image in draft.images:
        if image.people:
            seen.append(PASSED)
        else:
            seen += each(draft, look(image), lambda _, found: iter((found,)), (image,))
    for video in draft.videos:
        seen.append(_named_in_cues(video, options, context) if video.people is None else PASSED)
    yield from seen
    if any(one.outcome is Outcome.CANT_TELL for one in seen):
        return  # it is one question; who answers it of the picture has answered it of the caption
    if silent and (hit := _in_caption(draft, options)):
        yield Observation(Outcome.CANT_TELL, hit[0], {"found": hit[1]}, "cantTell-caption")


def _told_by_alt(image: Image, options: Options) -> Observation | None:
    key = "in_alt" if image.people is None else "of_nobody"
    hit = _in_alt(image, options, key)
    if hit is None:
        return None
    message = "cantTell-alt" if image.people is None else "cantTell-none-alt"
    alt = alt_of(image)
    place = alt.whole() if alt else hit[0]  # the whole, since it is one question whatever the word
    return Observation(Outcome.CANT_TELL, place, {"file": image.asset.name, "found": hit[1]}, message)


def _told_by_file(image: Image, options: Options) -> Observation | None:
    facts = image_facts(image.asset.path).metadata
    if PEOPLE not in facts and facts.get("model_release") not in options["releases"]:
        return None
    message = "cantTell-file" if image.people is None else "cantTell-none-file"
    return Observation(Outcome.CANT_TELL, image.place, {"file": image.asset.name}, message)


def _face(image: Image, path: Path) -> Observation:
    seen = faces(path).boxes
    if not seen:
        return PASSED
    largest = max(seen, key=lambda box: (box[2] * box[3], box))
    count = "a face" if len(seen) == 1 else f"{len(seen)} faces"
    data = {"file": image.asset.name, "faces": len(seen), "what": count}
    message = "" if image.people is None else "cantTell-none"
    return Observation(Outcome.CANT_TELL, place_in(image, largest), data, message)


_SPEAKER = re.compile(r"<v(?:\.[\w.]+)? [^>]+>|^(?:>> ?)?[A-Z][\w.’'-]*(?: [A-Z][\w.’'-]*){0,3}:(?=\s)", re.MULTILINE)


def _named_in_cues(video: Video, options: Options, context: Context) -> Observation:
    """Captions that say who speaks: a voice tag, or a name and a colon at the start of a line."""
    for asset in video.captions:
        for cue in cues(asset, context.texts):
            if match := _SPEAKER.search(cue.value):
                place = cue.at(*match.span())
                return Observation(Outcome.CANT_TELL, place, {"file": video.asset.name}, "cantTell-heard")
    return PASSED


def minor_without_consent(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    """Options: `ages`, the PLUS codes of minors; `unknown_age`, the code for an age that is not known."""
    yield from _without(draft, options, context, lambda person: is_minor(person, context), lambda person: person.minor)
    for image in draft.images:
        age = image_facts(image.asset.path).metadata.get("minor_age", "")
        data = {"file": image.asset.name, "age": age}
        covered = any(is_minor(person, context) and person.releases for person in image.people or ())
        if age in options["ages"] and not covered:
            yield Observation(Outcome.FAILED, image.place, data, "failed-file")
        elif age == options["unknown_age"] and image.people is None:
            yield Observation(Outcome.CANT_TELL, image.place, data, "cantTell-file")


def police_without_permission(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    return _without(draft, options, context, lambda person: bool(person.police), lambda person: person.police)


def _without(
    draft: Draft,
    options: Options,
    context: Context,
    is_one: Callable[[Person], bool],
    declared: Callable[[Person], bool | None],
) -> Iterator[Observation]:
    """People of one kind without a release: those declared fail, those told by words are a question."""
    asked = False
    for item in draft.media():
        unsure = [person for person in item.people or () if declared(person) is None and not is_one(person)]
        for person in item.people or ():
            if is_one(person):
                data = {"who": who(person), "file": item.asset.name}
                yield PASSED if person.releases else Observation(Outcome.FAILED, person.place, data)
            elif declared(person) is False:
                yield PASSED
        for person in unsure:
            hit = _first(person.who, options, "in_alt") if person.who else None
            asked = asked or hit is not None
            yield Observation(Outcome.CANT_TELL, hit[0], {"found": hit[1]}, "cantTell-who") if hit else PASSED
        if isinstance(item, Image) and (not item.people or len(unsure) == len(item.people)):
            hit = _in_alt(item, options, "in_alt")
            data = {"file": item.asset.name, "found": hit[1] if hit else ""}
            if hit and not asked:
                message = "cantTell-none" if item.people == () else ""
                asked = True
                yield Observation(Outcome.CANT_TELL, hit[0], data, message)
            elif item.people == ():
                yield PASSED
        elif item.people == ():
            yield PASSED
    if not asked and any(_may_show(item, options) for item in draft.media()) and (hit := _in_caption(draft, options)):
        yield Observation(Outcome.CANT_TELL, hit[0], {"found": hit[1]}, "cantTell-caption")


def _may_show(item: Image | Video, options: Options) -> bool:
    """May the caption's people be seen in it? Not where the draft says who is, or an alt text speaks of none."""
    if item.people is not None:
        return False
    if isinstance(item, Video):
        return True
    alt = alt_of(item)
    return not item.decorative and (alt is None or _first(alt, options, "of_people") is not None)


def prominent_without_release(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    """Of those who have no check of their own."""
    for item, person in people(draft):
        if is_minor(person, context) or person.police:
            continue
        data = {"who": who(person), "file": item.asset.name}
        if person.releases or person.prominent is False:
            yield PASSED
        elif person.prominent:
            yield Observation(Outcome.FAILED, person.place, data)
        else:
            yield Observation(Outcome.CANT_TELL, person.place, data)


def name_of_a_minor(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    """A minor's name in place of a role, and the same name in the texts of the draft and in names of files. Options:
    `roles`, words that begin with a capital and are no name; of `parts` those that are in no name (`no_person`)."""
    fine = [*options["parts"]["no_person"], *options["roles"]]
    named: list[list[str]] = []
    for _, person in people(draft):
        if not person.who or not is_minor(person, context):
            continue
        runs = name_words(person.who.value, fine, without_case=True)
        alone = len(person.who.value.split()) == 1
        first = bool(runs) and person.who.value.startswith(runs[0][0]) and len(runs[0]) == 1 and len(runs) == 1
        if not runs or (first and not alone):  # "Swimmer at the pool": a role with a capital
            yield PASSED
            continue
        named += runs
        yield Observation(Outcome.CANT_TELL if first else Outcome.FAILED, person.who.whole())
    for name in (whole_name(run) for run in named if len(run) > 1):
        for text in _all_texts(draft, context):
            for match in name.finditer(text.value):
                yield Observation(Outcome.FAILED, text.at(*match.span()), message="failed-text")
    if named:
        yield from _in_file_names(draft, named)


def _in_file_names(draft: Draft, named: Sequence[Sequence[str]]) -> Iterator[Observation]:
    """Of each file and of the folders of the draft. A whole name is one; a single word of it may be another's."""
    whole = [whole_name(way) for run in named if len(run) > 1 for way in (run, run[::-1])]
    word = any_word(word for run in named for word in run)

    def outcome(name: str) -> Outcome | None:
        if any(one.search(name) for one in whole):
            return Outcome.FAILED
        return Outcome.CANT_TELL if word.search(name) else None

    for name, place in _file_names(draft).items():
        if found := outcome(name):
            yield Observation(found, place, {"what": f"the file {name}"}, f"{found.value}-file")
    if found := next((found for folder in _folder_names(draft) if (found := outcome(folder))), None):
        yield Observation(found, draft.place, {"what": "the draft's folder"}, f"{found.value}-file")


def _folder_names(draft: Draft) -> Sequence[str]:
    """Of the draft, or of the zip that holds it. A row of a calendar has none of its own."""
    if draft.source.path is None or "#" in draft.path:
        return ()
    return draft.source.path.resolve().parent.name, PurePosixPath(draft.path).name


def _file_names(draft: Draft) -> dict[str, Location]:
    """With the place where the draft names each, where that is known."""
    places = {item.asset.name: item.place for item in draft.media()}
    for _, person in people(draft):
        places |= {one.id: one.text.whole() for one in person.releases if one.text}
    return {asset.name: Location(asset=asset.name) for asset in draft.assets()} | places


def _all_texts(draft: Draft, context: Context) -> Iterator[Text]:
    yield from draft.posts()
    yield from (image.alt for image in draft.images if image.alt)
    yield from (text for item in draft.media() for text in (item.credit, item.license) if text)
    if draft.title:
        yield draft.title
    for asset in {asset.name: asset for video in draft.videos for asset in video.captions}.values():
        yield from cues(asset, context.texts)


def _in_alt(image: Image, options: Options, key: str) -> tuple[Location, str] | None:
    alt = alt_of(image)
    return _first(alt, options, key) if alt else None


def _in_caption(draft: Draft, options: Options) -> tuple[Location, str] | None:
    return next((hit for text in draft.posts() if (hit := _first(text, options, "in_caption"))), None)


def _first(text: Text, options: Options, key: str) -> tuple[Location, str] | None:
    """What the first expression under `key` to find something finds first, outside quotations and `unless`."""
    value = text.value[:_MOST]
    read = prose(value)
    fine: Sequence[tuple[int, int]] | None = None
    for one in expressions(options, key):
        for match in one.finditer(read.masked):
            start, end = match.span("hit") if "hit" in match.re.groupindex else match.span()
            if fine is None:
                fine = [match.span() for other in expressions(options, "unless") for match in other.finditer(value)]
            if not read.is_quoted(start, end) and not any(first <= start and end <= last for first, last in fine):
                return text.at(start, end), value[start:end]
    return None
