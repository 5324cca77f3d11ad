"""The keys of a draft, wherever they are written, and how each is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import MAXYEAR, MINYEAR, datetime
from typing import Any, TypeVar

from postcheck import lists
from postcheck.draft.files import CAPTIONS_SUFFIXES, IMAGE_SUFFIXES, VIDEO_SUFFIXES, Folder
from postcheck.model import Asset, Image, Person, PublishTime, Release, Video, Waiver
from postcheck.policy import zone
from postcheck.reader import TODO, Reader
from postcheck.source import Text
from postcheck.tree import Node

TEXT_KEYS = ("account", "author", "publisher", "category", "campaign", "language", "title")
POST_KEYS = (*TEXT_KEYS, "platforms", "tools", "publish_at", "images", "videos", "variants", "waive")
ASSET_KEYS = ("source", "credit", "permission", "license", "people")
IMAGE_KEYS = ("file", "alt", "decorative", *ASSET_KEYS)
VIDEO_KEYS = ("file", "captions", "audio_description", "music", *ASSET_KEYS)
PERSON_KEYS = ("who", "minor", "police", "prominent", "release", "release_by")
RELEASE_KEYS = ("file", "by", "expires", "platforms", "purposes", "campaigns", "sha256")
WAIVER_KEYS = ("check", "reason", "by")
SOURCES = {name: name for name in ("city", "contracted", "third-party", "public-domain", "ai-generated")}
MUSIC = {name: name for name in ("none", "own", "licensed", "public-domain")}
AUDIO_DESCRIPTION = {name: name for name in ("included", "not-needed")}
WAIVER_WORDS = 10
_T = TypeVar("_T")


def read_keys(reader: Reader, keys: Mapping[str, Node], folder: Folder, timezone: str) -> dict[str, Any]:
    """The arguments of Draft that `keys` hold; every problem goes to the reader."""
    fields: dict[str, Any] = {key: reader.text(keys.get(key), key) for key in TEXT_KEYS}
    for key in ("platforms", "tools"):
        fields[key] = tuple(
            text
            for position, item in enumerate(reader.items(keys.get(key), key))
            if (text := reader.text(item, f"{key}[{position}]")) and not _is_todo(reader, text, key)
        )
    fields["publish_at"] = read_time(reader, keys.get("publish_at"), timezone)
    fields["images"] = tuple(
        image
        for position, item in enumerate(reader.items(keys.get("images"), "images"))
        if (image := _image(reader, item, folder, f"images[{position}]"))
    )
    fields["videos"] = tuple(
        video
        for position, item in enumerate(reader.items(keys.get("videos"), "videos"))
        if (video := _video(reader, item, folder, f"videos[{position}]"))
    )
    fields["variants"] = {
        name: text
        for name, entry in reader.mapping(keys.get("variants"), "variants")
        if (text := reader.text(entry.value, f"variants.{name}"))
    }
    fields["waivers"] = reader.each(keys.get("waive"), "waive", lambda item: _waiver(reader, item))
    fields["todos"] = tuple(reader.todos)
    return fields


def _is_todo(reader: Reader, text: Text, key: str) -> bool:
    if text.value == TODO:
        reader.todos.append(replace(text, field=key))
    return text.value == TODO


def read_time(reader: Reader, node: Node | None, timezone: str) -> PublishTime | None:
    """A date and time in ISO 8601. Without a zone it is in `timezone`; naive where that is empty."""
    if node is None:
        return None
    text = Text(str(node.value), reader.source, "publish_at", node.start, node.end, node.style)
    when = parse_time(text.value, timezone) if node.kind in ("date", "text") else None
    if when is None:
        reader.problem(
            f"`publish_at` is not written as a date and time: `{text.value}`.",
            node.start,
            "The form is 2027-11-12T09:00:00-08:00.",
        )
        return None
    return PublishTime(when, text)


def parse_time(value: str, timezone: str) -> datetime | None:
    """None where `value` is no date with a time, or one at the very ends of the calendar, which not every zone has."""
    if len(value) <= len("2026-11-12"):
        return None
    try:
        when = datetime.fromisoformat(value.strip())
    except ValueError:
        return None
    if when.year in (MINYEAR, MAXYEAR):
        return None
    if when.tzinfo is None and timezone:
        return when.replace(tzinfo=zone(timezone))
    return when


def asset_details(reader: Reader, keys: Mapping[str, Node], folder: Folder, field: str) -> dict[str, Any]:
    """What an image and a video have in common: source, credit, permission, people."""
    if "source" in keys:
        reader.word(keys["source"], "source", SOURCES)
    return {
        "source": reader.text(keys.get("source"), f"{field}.source"),
        "credit": reader.text(keys.get("credit"), f"{field}.credit"),
        "permission": folder.asset(reader.text(keys.get("permission"), f"{field}.permission")),
        "license": reader.text(keys.get("license"), f"{field}.license"),
        "people": _people(reader, keys.get("people"), folder, f"{field}.people"),
    }


def image_details(reader: Reader, keys: Mapping[str, Node], folder: Folder, field: str) -> dict[str, Any]:
    return {
        "alt": reader.text(keys.get("alt"), f"{field}.alt"),
        "decorative": reader.flag(keys.get("decorative"), "decorative") is True,
        **asset_details(reader, keys, folder, field),
    }


def video_details(reader: Reader, keys: Mapping[str, Node], folder: Folder, field: str) -> dict[str, Any]:
    words = {}
    for key, known in (("music", MUSIC), ("audio_description", AUDIO_DESCRIPTION)):
        if key in keys:
            reader.word(keys[key], key, known)
        words[key] = reader.text(keys.get(key), f"{field}.{key}")
    captions = _caption_files(reader, keys.get("captions"), folder, field)
    return {"captions": captions, **words, **asset_details(reader, keys, folder, field)}


def _caption_files(reader: Reader, node: Node | None, folder: Folder, field: str) -> tuple[Asset, ...]:
    """One file name, or a list of them."""
    if node is None:
        return ()
    nodes = node.value if node.kind == "list" else [node]
    texts = (reader.text(item, f"{field}.captions") for item in nodes)
    assets = (folder.asset(text, CAPTIONS_SUFFIXES, "a captions file") for text in texts)
    return tuple(asset for asset in assets if asset)


def _image(reader: Reader, node: Node, folder: Folder, field: str) -> Image | None:
    keys = _asset_keys(reader, node, IMAGE_KEYS, "an image")
    file = reader.text(keys.get("file"), f"{field}.file")
    asset = folder.asset(file, IMAGE_SUFFIXES, "a picture")
    details = image_details(reader, keys, folder, field)
    if asset is None or file is None:
        return None
    return Image(asset=asset, place=file.whole(), field=field, **details)


def _video(reader: Reader, node: Node, folder: Folder, field: str) -> Video | None:
    keys = _asset_keys(reader, node, VIDEO_KEYS, "a video")
    file = reader.text(keys.get("file"), f"{field}.file")
    asset = folder.asset(file, VIDEO_SUFFIXES, "a video")
    details = video_details(reader, keys, folder, field)
    if asset is None or file is None:
        return None
    return Video(asset=asset, place=file.whole(), field=field, **details)


def _asset_keys(reader: Reader, node: Node, known: tuple[str, ...], what: str) -> dict[str, Node]:
    """The keys of an entry; a bare file name is short for `file:`."""
    return {"file": node} if node.kind == "text" else reader.entries(node, known, what, ("file",))


def _people(reader: Reader, node: Node | None, folder: Folder, field: str) -> tuple[Person, ...] | None:
    if node is None:
        return None
    if node.kind in ("text", "true or false"):
        if node.value.casefold() != "none":
            advice = "Write `people: none`, or a list with a line `- who: volunteer` for each."
            reader.problem("`people` must be `none` or a list.", node.start, advice)
        return ()
    return tuple(
        _person(reader, item, folder, f"{field}[{position}]")
        for position, item in enumerate(reader.items(node, "people"))
    )


def _person(reader: Reader, node: Node, folder: Folder, field: str) -> Person:
    if node.kind == "text":
        reader.problem("A person needs keys.", node.start, f"Write `who: {node.value}`.")
        return Person(place=reader.source.location(node.start, node.end, field))
    keys = reader.entries(node, PERSON_KEYS, "a person")
    who = reader.text(keys.get("who"), f"{field}.who")
    return Person(
        place=who.whole() if who else reader.source.location(node.start, node.end, field),
        who=who,
        minor=reader.flag(keys.get("minor"), "minor"),
        police=reader.flag(keys.get("police"), "police"),
        prominent=reader.flag(keys.get("prominent"), "prominent"),
        releases=_releases(reader, keys.get("release"), folder, f"{field}.release"),
        release_by=reader.text(keys.get("release_by"), f"{field}.release_by"),
    )


def _releases(reader: Reader, node: Node | None, folder: Folder, field: str) -> tuple[Release, ...]:
    """A file, or a number in the city's register; with keys of its own, or a list of such."""
    if node is None:
        return ()
    nodes = node.value if node.kind == "list" else [node]
    found = (_release(reader, item, folder, field) for item in nodes)
    return tuple(release for release in found if release)


def _release(reader: Reader, node: Node, folder: Folder, field: str) -> Release | None:
    keys = reader.entries(node, RELEASE_KEYS, "a release", ("file",)) if node.kind == "map" else {"file": node}
    text = reader.text(keys.get("file"), field)
    if text is None:
        return None
    return Release(
        id=text.value,
        text=text,
        asset=folder.asset_if_there(text),
        by=reader.string(keys.get("by"), "by"),
        expires=_listed(reader, keys.get("expires"), lists.day),
        platforms=reader.strings(keys.get("platforms"), "platforms"),
        purposes=reader.strings(keys.get("purposes"), "purposes"),
        campaigns=reader.strings(keys.get("campaigns"), "campaigns"),
        sha256=_listed(reader, keys.get("sha256"), lists.digest) or "",
    )


def _listed(reader: Reader, node: Node | None, read: Callable[[str], _T]) -> _T | None:
    """A value written as in the city's lists."""
    if node is None:
        return None
    try:
        return read(str(node.value))
    except lists.BadList as error:
        reader.problem(str(error), node.start)
        return None


def _waiver(reader: Reader, node: Node) -> Waiver | None:
    keys = reader.entries(node, WAIVER_KEYS, "a waiver", WAIVER_KEYS)
    check = reader.text(keys.get("check"), "waive.check")
    reason, by = reader.string(keys.get("reason"), "reason").strip(), reader.string(keys.get("by"), "by").strip()
    if "reason" in keys and len(reason.split()) < WAIVER_WORDS:
        reader.problem(
            f"The reason of a waiver has at least {WAIVER_WORDS} words; this one has {len(reason.split())}.",
            keys["reason"].start,
        )
    if "by" in keys and not by:
        reader.problem("A waiver needs the name of the person who gives it.", keys["by"].start)
    return Waiver(check, reason, by) if check and reason and by else None
