"""What the fields of a page hold of a draft, and what they change of its keys."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from postcheck.draft.keys import IMAGE_KEYS, PERSON_KEYS, POST_KEYS, VIDEO_KEYS, WAIVER_KEYS, parse_time
from postcheck.draft.rewriting import GONE, Items, Keys, Stamp
from postcheck.errors import UsageError
from postcheck.messages import say
from postcheck.model import Draft, Image, Person, Video
from postcheck.policy import zone
from postcheck.reader import TODO
from postcheck.source import plain_line_ends
from postcheck.tree import Node

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class FormPerson:
    """None is not said. `releases` are files of the draft (`releases/2026-118.pdf`) or numbers in the city's
    register."""

    who: str = ""
    minor: bool | None = None
    police: bool | None = None
    prominent: bool | None = None
    releases: tuple[str, ...] = ()
    release_by: str = ""


@dataclass(frozen=True, slots=True)
class FormImage:
    """`alt` is None where there is none, "" where it was given as "". `people` is None where nobody has said, () where
    nobody is seen."""

    file: str
    alt: str | None = None
    decorative: bool = False
    source: str = ""
    credit: str = ""
    license: str = ""
    permission: str = ""
    """A file of the draft."""
    people: tuple[FormPerson, ...] | None = None


@dataclass(frozen=True, slots=True)
class FormVideo:
    """`captions` are those that the draft names, not those that are found by their name."""

    file: str
    captions: tuple[str, ...] = ()
    audio_description: str = ""
    music: str = ""
    source: str = ""
    credit: str = ""
    license: str = ""
    permission: str = ""
    """A file of the draft."""
    people: tuple[FormPerson, ...] | None = None


@dataclass(frozen=True, slots=True)
class FormWaiver:
    check: str
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class Form:
    """ "" is a key that is not there. Files that lie in the folder and that the draft does not name are not here."""

    account: str = ""
    platforms: tuple[str, ...] = ()
    author: str = ""
    category: str = ""
    publish_at: str = ""
    """As it is written: 2026-11-12T09:00:00-08:00."""
    title: str = ""
    language: str = ""
    campaign: str = ""
    caption: str = ""
    variants: Mapping[str, str] = field(default_factory=dict)
    """A platform's own caption, by the platform's name as the draft writes it."""
    images: tuple[FormImage, ...] = ()
    videos: tuple[FormVideo, ...] = ()
    waivers: tuple[FormWaiver, ...] = ()


class Refused(UsageError):
    """What is in the form cannot be saved; nothing was."""


TEXTS = ("title", "account", "author", "category", "campaign", "language")
"""The fields that are one text each."""
ORDER = (
    "title", "account", "platforms", "author", "publisher", "category", "campaign", "language", "publish_at", "tools",
    "caption", "images", "videos", "variants", "waive",
)  # fmt: skip
"""Where a new key belongs."""
assert set(POST_KEYS) | {"caption"} == set(ORDER)


# ---------------------------------------------------------------------------------------------- from a draft


def form_of(draft: Draft, root: Node) -> Form:
    """`root` is the tree of the draft's keys."""
    videos = root.value.get("videos")
    nodes = videos.value.value if videos and videos.value.kind == "list" else []
    texts = {key: text.value if (text := getattr(draft, key)) else "" for key in TEXTS}
    return Form(
        **texts,
        platforms=tuple(text.value for text in draft.platforms),
        publish_at=draft.publish_at.text.value if draft.publish_at else "",
        caption=draft.caption.value.strip(),
        variants={name: text.value for name, text in draft.variants.items()},
        images=tuple(_image(image) for image in draft.images if image.listed),
        videos=tuple(
            _video(video, node)
            for video, node in zip((video for video in draft.videos if video.listed), nodes, strict=True)
        ),
        waivers=tuple(FormWaiver(waiver.check.value, waiver.reason, waiver.by) for waiver in draft.waivers),
    )


def _image(image: Image) -> FormImage:
    return FormImage(
        file=image.asset.name,
        alt=image.alt.value if image.alt else None,
        decorative=image.decorative,
        source=image.source.value if image.source else "",
        credit=image.credit.value if image.credit else "",
        license=image.license.value if image.license else "",
        permission=image.permission.name if image.permission else "",
        people=_people(image.people),
    )


def _video(video: Video, node: Node) -> FormVideo:
    return FormVideo(
        file=video.asset.name,
        captions=_named_captions(node),
        audio_description=video.audio_description.value if video.audio_description else "",
        music=video.music.value if video.music else "",
        source=video.source.value if video.source else "",
        credit=video.credit.value if video.credit else "",
        license=video.license.value if video.license else "",
        permission=video.permission.name if video.permission else "",
        people=_people(video.people),
    )


def _named_captions(node: Node) -> tuple[str, ...]:
    """The draft holds also the files that were found by their name; here are those that are named."""
    entry = node.value.get("captions") if node.kind == "map" else None
    if entry is None:
        return ()
    nodes = entry.value.value if entry.value.kind == "list" else [entry.value]
    return tuple(one.value for one in nodes if one.kind == "text" and one.value != TODO)


def _people(people: Sequence[Person] | None) -> tuple[FormPerson, ...] | None:
    if people is None:
        return None
    return tuple(
        FormPerson(
            who=person.who.value if person.who else "",
            minor=person.minor,
            police=person.police,
            prominent=person.prominent,
            releases=tuple(release.id for release in person.releases),
            release_by=person.release_by.value if person.release_by else "",
        )
        for person in people
    )


# ---------------------------------------------------------------------------------------------- what was typed


def tidied(form: Form) -> Form:
    """As it can be kept: every line end a line feed, as forms send others; the caption without the white space around
    it, which post.md does not tell from its own.

    Raises:
        Refused: a text holds what no file can, or the word TODO alone.
    """
    form = _with_plain_line_ends(form)
    form = replace(form, caption=form.caption.strip(), publish_at=form.publish_at.strip())
    for what, text in _texts(form):
        if "\0" in text:
            raise Refused(say("{field} holds a NUL character, which no text can: delete it.", field=what))
        half = next((char for char in text if "\ud800" <= char <= "\udfff"), "")
        if half:
            raise Refused(
                say(
                    "{field} holds half a character (U+{code}), as is left where an emoji was cut: delete it.",
                    field=what,
                    code=f"{ord(half):04X}",
                )
            )
        if text == TODO and what != "caption" and not what.startswith("variants."):
            raise Refused(
                say("{field} says TODO, which stands for what is still to be written: leave it empty.", field=what)
            )
    return form


def _with_plain_line_ends(value: _T) -> _T:
    if isinstance(value, str):
        return plain_line_ends(value)  # type: ignore[return-value]
    if isinstance(value, tuple):
        return tuple(map(_with_plain_line_ends, value))  # type: ignore[return-value]
    if isinstance(value, Mapping):
        return {key: _with_plain_line_ends(text) for key, text in value.items()}  # type: ignore[return-value]
    if isinstance(value, Form | FormImage | FormVideo | FormPerson | FormWaiver):
        parts = {one.name: _with_plain_line_ends(getattr(value, one.name)) for one in fields(value)}
        return replace(value, **parts)
    return value


def _texts(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Every text of the form, with the name of its field: images[0].alt."""
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, tuple):
        for place, item in enumerate(value):
            yield from _texts(item, f"{name}[{place}]")
    elif isinstance(value, Mapping):
        for key, text in value.items():
            yield from ((f"{name}.{key}", part) for part in (key, text))
    elif isinstance(value, Form | FormImage | FormVideo | FormPerson | FormWaiver):
        for one in fields(value):
            yield from _texts(getattr(value, one.name), f"{name}.{one.name}".lstrip("."))


# ---------------------------------------------------------------------------------------------- changes


def changes_of(old: Form, new: Form, root: Node) -> Keys:
    """What the keys must become, without the caption. A field that says what it said leaves its key alone."""
    keys: dict[str, Any] = {key: getattr(new, key) or GONE for key in TEXTS if getattr(old, key) != getattr(new, key)}
    there = {key: entry.value for key, entry in root.value.items()}
    if old.platforms != new.platforms:
        keys["platforms"] = _words(there.get("platforms"), new.platforms)
    if old.publish_at != new.publish_at:
        keys["publish_at"] = _time(new.publish_at)
    if old.images != new.images:
        keys["images"] = _entries(there.get("images"), old.images, new.images, _file, _image_changes, IMAGE_KEYS)
    if old.videos != new.videos:
        keys["videos"] = _entries(there.get("videos"), old.videos, new.videos, _file, _video_changes, VIDEO_KEYS)
    if old.variants != new.variants:
        keys["variants"] = _variants(there.get("variants"), old.variants, new.variants)
    if old.waivers != new.waivers:
        node = there.get("waive")
        keys["waive"] = _entries(node, old.waivers, new.waivers, _check, _waiver_changes, WAIVER_KEYS, by_place=True)
    return Keys(keys, ORDER)


def _file(item: FormImage | FormVideo) -> str:
    return item.file


def _check(waiver: FormWaiver) -> str:
    return waiver.check


def _who(person: FormPerson) -> str:
    return person.who


_IS_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d)?")


def _time(value: str) -> Any:
    if not value:
        return GONE
    return Stamp(value) if _IS_TIME.fullmatch(value) else value


def _words(node: Node | None, words: Sequence[str]) -> Any:
    """A list of words, of which those that are there stay as they are written."""
    if not words:
        return GONE
    if node is None or node.kind != "list" or not node.value:
        return list(words)
    found = _matched([str(item.value) for item in node.value], list(words), str)
    return Items([(place, None if place is not None else word) for place, word in zip(found, words, strict=True)])


def _one_or_more(node: Node | None, words: Sequence[str]) -> Any:
    """As `_words`, for what may also be one word."""
    is_list = node is not None and node.kind == "list"
    return words[0] if len(words) == 1 and not is_list else _words(node, words)


def _variants(node: Node | None, old: Mapping[str, str], new: Mapping[str, str]) -> Any:
    if not new:
        return GONE
    if node is None or not node.value or not set(old) & set(new):
        return dict(new)
    changed = {name: new.get(name, GONE) for name in old if new.get(name) != old[name]}
    return Keys({**changed, **{name: text for name, text in new.items() if name not in old}})


def _entries(
    node: Node | None,
    old: Sequence[Any],
    new: Sequence[Any],
    name: Callable[[Any], Hashable],
    changes: Callable[[Any, Any, Mapping[str, Node]], dict[str, Any]],
    order: Sequence[str],
    *,
    by_place: bool = False,
) -> Any:
    """A list of maps. `changes` gives what one entry must become of another, and of nothing where that is None."""
    if not new:
        return GONE
    whole = [changes(None, item, {}) for item in new]
    if node is None or node.kind != "list" or not node.value:
        return whole
    entries: list[tuple[int | None, Any]] = []
    for place, item, data in zip(_matched(old, new, name, by_place=by_place), new, whole, strict=True):
        if place is None or not data:
            entries.append((None, data))
        elif old[place] == item:
            entries.append((place, None))
        else:
            one = node.value[place]
            there = {key: entry.value for key, entry in one.value.items()} if one.kind == "map" else {}
            if one.kind == "map" and not there:
                entries.append((None, data))
            else:
                entries.append((place, Keys(changes(old[place], item, there), order)))
    return Items(entries)


def _matched(
    old: Sequence[_T], new: Sequence[_T], name: Callable[[_T], Hashable], *, by_place: bool = False
) -> list[int | None]:
    """For each of `new` which of `old` it was: the very same, else one of its name, else, where `by_place` allows that
    the name itself was changed, the one that stood in its place."""
    found: list[int | None] = [None] * len(new)
    left = set(range(len(old)))
    tests: list[Callable[[int, int], bool]] = [
        lambda one, other: old[one] == new[other],
        lambda one, other: name(old[one]) == name(new[other]),
    ]
    if by_place:
        tests.append(lambda one, other: one == other)
    for is_same in tests:
        for other in range(len(new)):
            if found[other] is None:
                found[other] = next((one for one in sorted(left) if is_same(one, other)), None)
                left.discard(-1 if (one := found[other]) is None else one)
    return found


def _changed(old: Any, new: Any, keys: Sequence[str]) -> dict[str, Any]:
    """Of the keys that hold one text, or a truth value that is not said where it is None."""
    changes: dict[str, Any] = {}
    for key in keys:
        value = getattr(new, key)
        if old is None and value not in ("", None):
            changes[key] = value
        elif old is not None and value != getattr(old, key):
            changes[key] = GONE if value in ("", None) else value
    return changes


_RIGHTS = ("source", "credit", "permission", "license")


def _image_changes(old: FormImage | None, new: FormImage, there: Mapping[str, Node]) -> dict[str, Any]:
    changes = _changed(old, new, ("file",))
    if new.alt != (old.alt if old else None):
        changes["alt"] = GONE if new.alt is None else new.alt
    if new.decorative != (old.decorative if old else False):
        changes["decorative"] = new.decorative or GONE
    return {**changes, **_changed(old, new, _RIGHTS), **_people_changes(old, new, there)}


def _video_changes(old: FormVideo | None, new: FormVideo, there: Mapping[str, Node]) -> dict[str, Any]:
    changes = _changed(old, new, ("file",))
    if new.captions != (old.captions if old else ()):
        changes["captions"] = _one_or_more(there.get("captions"), new.captions)
    words = _changed(old, new, ("audio_description", "music", *_RIGHTS))
    return {**changes, **words, **_people_changes(old, new, there)}


def _waiver_changes(old: FormWaiver | None, new: FormWaiver, _there: Mapping[str, Node]) -> dict[str, Any]:
    return {key: getattr(new, key) for key in WAIVER_KEYS if old is None or getattr(new, key) != getattr(old, key)}


def _people_changes(
    old: FormImage | FormVideo | None, new: FormImage | FormVideo, there: Mapping[str, Node]
) -> dict[str, Any]:
    before = old.people if old else None
    if new.people == before:
        return {}
    if not new.people:
        return {"people": GONE if new.people is None else "none"}
    node = there.get("people")
    people = _entries(node, before or (), new.people, _who, _person_changes, PERSON_KEYS, by_place=True)
    return {"people": people}


def _person_changes(old: FormPerson | None, new: FormPerson, there: Mapping[str, Node]) -> dict[str, Any]:
    changes = _changed(old, new, ("who", "minor", "police", "prominent"))
    if new.releases != (old.releases if old else ()):
        changes["release"] = _releases(there.get("release"), old.releases if old else (), new.releases)
    return {**changes, **_changed(old, new, ("release_by",))}


def _releases(node: Node | None, old: Sequence[str], new: Sequence[str]) -> Any:
    """What a draft says of a release beside its name stays with it, and goes with it."""
    if not new:
        return GONE
    if node is not None and node.kind == "list" and node.value:
        places = _matched(list(old), list(new), str)
        return Items([(place, None if place is not None else one) for place, one in zip(places, new, strict=True)])
    details = node.plain() if node is not None and node.kind == "map" else None
    data = [details if details and one == old[0] else one for one in new]
    return data[0] if len(data) == 1 else data


# ---------------------------------------------------------------------------------------------- date and time


def date_and_time(publish_at: str) -> tuple[str, str]:
    """For the two fields of a page: 2026-11-12 and 09:00; "" and "" where it is no date with a time."""
    when = parse_time(publish_at, "")
    return (when.strftime("%Y-%m-%d"), when.strftime("%H:%M")) if when else ("", "")


def publish_time(day: str, clock: str, *, before: str, timezone: str) -> str:
    """What `publish_at` must say for the two fields.

    Args:
        day: As a page sends it: 2026-11-12.
        clock: 09:00.
        before: What `publish_at` said. Where the fields still say the same, so does the result. Its offset stays,
            unless it was that of `timezone` then: in July the same zone has another. Without one it gets none.
        timezone: Of the config; "" where it tells none.

    Raises:
        Refused: one of the two is missing or is none, or the clocks of the zone skip the time.
    """
    if (day, clock) == date_and_time(before) or (not day and not clock):
        return before if day else ""
    try:
        when = datetime.fromisoformat(f"{day}T{clock}")
    except ValueError:
        raise Refused(say("A date and a time are needed: {date} {time} is not both.", date=day, time=clock)) from None
    there, was = zone(timezone) if timezone else None, parse_time(before, "")
    if was is not None:
        offset = was.tzinfo
        if offset is None or there is None or was.utcoffset() != was.astimezone(there).utcoffset():
            return when.replace(tzinfo=offset).isoformat()
    if there is None:
        return when.isoformat()
    told = when.replace(tzinfo=there)
    if told.astimezone(UTC).astimezone(there).replace(tzinfo=None) != when:
        raise Refused(say("The clocks skip {time} on {date}: choose another time.", date=day, time=clock))
    return told.isoformat()
