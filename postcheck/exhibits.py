"""What a page shows of a draft beside its findings: its texts with the places marked, its pictures and videos as they
will look, who is seen in them.

A place is marked by the number that its finding has on the page. Names that the report hides are hidden here too.
"""

from __future__ import annotations

import base64
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import pairwise, zip_longest
from pathlib import Path

from postcheck.analysis.captions import captions
from postcheck.analysis.image import frames, image_facts
from postcheck.analysis.timing import Interval
from postcheck.analysis.video.facts import Still, stills, video_facts, watched
from postcheck.detectors.veil import Veil
from postcheck.errors import CannotTest
from postcheck.messages import moment, say
from postcheck.model import Draft, Image, Person, Video
from postcheck.source import Location, Text

Place = tuple[int, Location]
"""The number of a finding on the page, and where it is."""

_SIDE = 800
"""Pixels of the longer side of a picture."""
_QUALITY = 80


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text, and the numbers of the findings that speak of it."""

    text: str
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ShownText:
    label: str
    pieces: tuple[Piece, ...]
    numbers: tuple[int, ...] = ()
    """Of findings that speak of the text as a whole, or of a place in it that cannot be shown."""


@dataclass(frozen=True, slots=True)
class Box:
    number: int
    left: int
    top: int
    width: int
    height: int
    """Pixels of the picture as it is stored."""


@dataclass(frozen=True, slots=True)
class ShownPerson:
    who: str
    is_minor: bool | None
    is_police: bool | None
    releases: tuple[str, ...]
    release_by: str
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ShownPicture:
    name: str
    source: str
    """A data URI; "" where the picture cannot be shown, which `fault` says."""
    fault: str
    width: int
    height: int
    """Pixels of the picture as it is stored and upright."""
    boxes: tuple[Box, ...]
    alt: ShownText | None
    is_decorative: bool
    rights: tuple[tuple[str, str], ...]
    people: tuple[ShownPerson, ...] | None
    """None is undeclared."""
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Of time, in seconds; `number` of the finding that speaks of it, or 0."""

    start: float
    end: float
    number: int = 0


@dataclass(frozen=True, slots=True)
class ShownVideo:
    name: str
    fault: str
    """Why it cannot be shown, or ""."""
    seconds: float
    stills: tuple[Still, ...]
    """Evenly spaced."""
    moments: tuple[tuple[Stretch, Still | None], ...]
    """Stretches that findings speak of, with the picture in their midst."""
    rows: tuple[tuple[str, tuple[Stretch, ...]], ...]
    """What happens when: `speech`, `cues`, `flashes`, `findings`."""
    captions: tuple[str, ...]
    rights: tuple[tuple[str, str], ...]
    people: tuple[ShownPerson, ...] | None
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Exhibit:
    facts: tuple[tuple[str, str, tuple[int, ...]], ...]
    """What is told of the draft: label, words, and the numbers of findings that speak of it."""
    texts: tuple[ShownText, ...]
    pictures: tuple[ShownPicture, ...]
    videos: tuple[ShownVideo, ...]
    language: str
    """Of the post, as a tag of BCP 47; "" where the draft does not say."""


def exhibit(draft: Draft, veil: Veil, places: Sequence[Place]) -> Exhibit:
    """`places` are those of the findings as the report tells them."""
    marks = _Marks(places, veil)
    texts = [marks.shown(draft.title, say("Title"))] if draft.title else []
    if draft.profile is None:
        texts.append(marks.shown(draft.caption, say("Caption")))
    texts += [marks.shown(text, say("Caption for {platform}", platform=name)) for name, text in draft.variants.items()]
    return Exhibit(
        facts=tuple(_facts(draft, marks)),
        texts=tuple(texts),
        pictures=tuple(_picture(image, marks) for image in draft.images),
        videos=tuple(_video(video, marks) for video in draft.videos),
        language=draft.language.value if draft.language else "",
    )


class _Marks:
    """The places of the findings, by the part of the draft that they are in."""

    def __init__(self, places: Sequence[Place], veil: Veil) -> None:
        self.veil = veil
        self._by_field: dict[tuple[str, str], list[Place]] = defaultdict(list)
        self._by_asset: dict[str, list[Place]] = defaultdict(list)
        for place in places:
            self._by_field[place[1].asset, place[1].field or ""].append(place)
            self._by_asset[place[1].asset].append(place)

    def shown(self, text: Text, label: str) -> ShownText:
        marks, whole = [], []
        for number, place in self._by_field.get((self.veil.over_path(text.source.asset), text.field), ()):
            span = text.value_span(place.span) if place.span else None
            if span and span != (0, len(text.value)):
                marks.append((number, *span))
            else:
                whole.append(number)
        return ShownText(label, tuple(_pieces(text.value, marks, self.veil)), tuple(whole))

    def of_field(self, asset: str, field: str, shown_apart: Sequence[str] = ()) -> tuple[int, ...]:
        """Of the field itself and of those within it, such as `platforms[1]` of `platforms`, but for those that are
        `shown_apart`."""
        name = self.veil.over_path(asset)
        return tuple(
            number
            for (file, part), places in self._by_field.items()
            if file == name and _is_within(part, field) and not any(_is_within(part, one) for one in shown_apart)
            for number, _ in places
        )

    def of_asset(self, asset: str) -> list[Place]:
        """In a file that is no text."""
        return [place for place in self._by_asset.get(self.veil.over_path(asset), ()) if place[1].span is None]


def _is_within(part: str, field: str) -> bool:
    return part == field or part.startswith((f"{field}[", f"{field}."))


def _pieces(value: str, marks: Sequence[tuple[int, int, int]], veil: Veil) -> Iterator[Piece]:
    """The text cut where a mark begins or ends, with the names hidden."""
    hidden = veil.over(value) if veil else value
    if hidden != value:
        marks = [(number, *_moved(value, hidden, start, end)) for number, start, end in marks]
    cuts = sorted({0, len(hidden), *(cut for _, *ends in marks for cut in ends)})
    for start, end in pairwise(cuts):
        yield Piece(hidden[start:end], tuple(number for number, begin, stop in marks if begin <= start and end <= stop))


def _moved(value: str, hidden: str, start: int, end: int) -> tuple[int, int]:
    """Where a span of `value` stands in `hidden`; outward to the ends of a word that is hidden."""
    first, last = 0, len(hidden)
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, value, hidden, autojunk=False).get_opcodes():
        if i1 <= start < i2:
            first = j1 + (start - i1 if kind == "equal" else 0)
        if i1 < end <= i2:
            last = j2 - (i2 - end if kind == "equal" else 0)
    return first, max(first, last)


def _facts(draft: Draft, marks: _Marks) -> Iterator[tuple[str, str, tuple[int, ...]]]:
    asset = draft.source.asset
    told: Mapping[str, tuple[str, Iterable[Text]]] = {
        "account": (say("Account"), [draft.account] if draft.account else []),
        "platforms": (say("Platforms"), draft.platforms),
        "author": (say("Author"), [draft.author] if draft.author else []),
        "publisher": (say("Publisher"), [draft.publisher] if draft.publisher else []),
        "category": (say("Category"), [draft.category] if draft.category else []),
        "campaign": (say("Campaign"), [draft.campaign] if draft.campaign else []),
        "tools": (say("Made with"), draft.tools),
    }
    for field, (label, texts) in told.items():
        words = ", ".join(marks.veil.over(text.value) for text in texts)
        if words:
            yield label, words, marks.of_field(asset, field)
    if draft.publish_at:
        when = draft.publish_at.when
        zone = f" ({when.tzname()})" if when.tzinfo else ""
        yield say("To be published"), moment(when) + zone, marks.of_field(asset, "publish_at")
    if draft.profile:
        for name in ("kind", "handle", "name", "unit", "biography", "archive", "approved_by"):
            value = getattr(draft.profile, name)
            words = value.value if isinstance(value, Text) else value
            if words:
                yield _PROFILE[name](), marks.veil.over(words), marks.of_field(asset, name)


_PROFILE = {
    "kind": lambda: say("Kind of account"),
    "handle": lambda: say("Handle"),
    "name": lambda: say("Name"),
    "unit": lambda: say("Department"),
    "biography": lambda: say("Biography"),
    "archive": lambda: say("Archived by"),
    "approved_by": lambda: say("Approved by"),
}


def _rights(item: Image | Video, veil: Veil) -> Iterator[tuple[str, str]]:
    for label, text in ((say("Source"), item.source), (say("Credit"), item.credit), (say("License"), item.license)):
        if text and text.value:
            yield label, veil.over(text.value)
    if item.permission:
        yield say("Permission"), veil.over_path(item.permission.name)


def _people(item: Image | Video, asset: str, marks: _Marks) -> tuple[ShownPerson, ...] | None:
    if item.people is None:
        return None
    return tuple(_person(person, f"{item.field}.people[{at}]", asset, marks) for at, person in enumerate(item.people))


def _person(person: Person, field: str, asset: str, marks: _Marks) -> ShownPerson:
    veil = marks.veil
    return ShownPerson(
        who=veil.over(person.who.value) if person.who else "",
        is_minor=person.minor,
        is_police=person.police,
        releases=tuple(veil.over_path(veil.over(release.id)) for release in person.releases),
        release_by=veil.over(person.release_by.value) if person.release_by else "",
        numbers=marks.of_field(asset, field),
    )


def _picture(image: Image, marks: _Marks) -> ShownPicture:
    own = image.place.asset
    source, fault, size = _seen(image.asset.path)
    boxes, others = [], []
    for number, place in marks.of_asset(image.asset.name):
        if place.box:
            boxes.append(Box(number, *place.box))
        else:
            others.append(number)
    known = {number for number, _ in marks.of_asset(image.asset.name)}
    apart = [f"{image.field}.people", *([f"{image.field}.alt"] if image.alt else [])]
    told = [number for number in marks.of_field(own, image.field, apart) if number not in known]
    return ShownPicture(
        name=marks.veil.over_path(image.asset.name),
        source=source,
        fault=fault,
        width=size[0],
        height=size[1],
        boxes=tuple(boxes),
        alt=marks.shown(image.alt, say("Alt text")) if image.alt else None,
        is_decorative=image.decorative,
        rights=tuple(_rights(image, marks.veil)),
        people=_people(image, own, marks),
        numbers=tuple(dict.fromkeys([*others, *told])),
    )


def _seen(path: Path) -> tuple[str, str, tuple[int, int]]:
    """A data URI of the picture, small; or why it cannot be shown; and its size."""
    try:
        status = path.stat()
    except OSError as error:
        return "", say("It cannot be read: {reason}.", reason=error.strerror or ""), (1, 1)
    return _made_small(path, status.st_size, status.st_mtime_ns)


@lru_cache(maxsize=64)
def _made_small(path: Path, _size: int, _modified: int) -> tuple[str, str, tuple[int, int]]:
    """Kept while the file is the same: a draft is looked at again and again while somebody writes it."""
    try:
        facts, looks = image_facts(path), frames(path)
        if facts.fault or not looks:
            return "", say("It cannot be shown."), (1, 1)
        image = looks[0].pixels.copy()
        image.thumbnail((_SIDE, _SIDE), reducing_gap=2.0)
        buffer = io.BytesIO()
        image.save(buffer, "JPEG", quality=_QUALITY)
    except OSError as error:
        return "", say("It cannot be read: {reason}.", reason=error.strerror or ""), (1, 1)
    except Exception:  # whatever is wrong with the picture, the findings must be shown
        return "", say("It cannot be shown."), (1, 1)
    return f"data:image/jpeg;base64,{base64.b64encode(buffer.getvalue()).decode('ascii')}", "", facts.shown_size


def _video(video: Video, marks: _Marks) -> ShownVideo:
    own, path, name = video.place.asset, video.asset.path, video.asset.name
    files = {name, *(asset.name for asset in video.captions)}
    in_files = [place for file in sorted(files) for place in marks.of_asset(file)]
    of_files = {number for number, _ in in_files}
    timed = [Stretch(*place.interval, number) for number, place in in_files if place.interval]
    others = [number for number, place in in_files if not place.interval]
    others += [
        number for number in marks.of_field(own, video.field, [f"{video.field}.people"]) if number not in of_files
    ]
    fault, seconds = "", 0.0
    strip, shown = tuple[Still, ...](), tuple[Still, ...]()
    speech, flashes = tuple[Stretch, ...](), tuple[Stretch, ...]()
    try:
        facts = video_facts(path)
        if facts.fault:
            raise CannotTest(say("It cannot be played."))
        seen = watched(path)
        seconds = max(seen.end, facts.seconds)
        speech = _stretches(seen.speech)
        flashes = _stretches((event.start, event.end) for event in seen.flashes.events)
        strip, shown = stills(path, [round((one.start + one.end) / 2, 3) for one in timed])
    except OSError as error:
        fault = say("It cannot be read: {reason}.", reason=error.strerror or "")
    except CannotTest as reason:
        fault = str(reason)
    except Exception:  # as of a picture
        fault = say("It cannot be shown.")
    rows = (("speech", speech), ("cues", _stretches(_cues(video))), ("flashes", flashes), ("findings", tuple(timed)))
    return ShownVideo(
        name=marks.veil.over_path(name),
        fault=marks.veil.over_path(marks.veil.over(fault)),
        seconds=max([seconds, *(one.end for _, row in rows for one in row)]),
        stills=strip,
        moments=tuple(zip_longest(timed, shown[: len(timed)])),
        rows=rows,
        captions=tuple(marks.veil.over_path(asset.name) for asset in video.captions),
        rights=tuple(_rights(video, marks.veil)),
        people=_people(video, own, marks),
        numbers=tuple(dict.fromkeys(others)),
    )


def _cues(video: Video) -> Iterator[Interval]:
    for asset in video.captions:
        with suppress(CannotTest):  # what hinders that is among the findings
            yield from ((cue.start, cue.end) for cue in captions(asset, {}).cues)


def _stretches(intervals: Iterable[Interval]) -> tuple[Stretch, ...]:
    return tuple(Stretch(start, end) for start, end in intervals)
