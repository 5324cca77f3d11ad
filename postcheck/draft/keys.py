"""The keys of a draft, wherever they are written, and how each is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from postcheck.draft.files import CAPTIONS_SUFFIXES, IMAGE_SUFFIXES, VIDEO_SUFFIXES, Folder
from postcheck.model import Asset, Image, Person, PublishTime, Video, Waiver
from postcheck.policy import zone
from postcheck.reader import TODO, Reader
from postcheck.source import Text
from postcheck.tree import Node

TEXT_KEYS = ("account", "author", "publisher", "category", "language", "title")
POST_KEYS = (*TEXT_KEYS, "platforms", "publish_at", "images", "videos", "variants", "waive")
IMAGE_KEYS = ("file", "alt", "decorative", "source", "credit", "people")
VIDEO_KEYS = ("file", "captions", "source", "credit", "people")
PERSON_KEYS = ("who", "minor", "release", "release_by")
WAIVER_KEYS = ("check", "reason", "by")
SOURCES = {name: name for name in ("city", "contracted", "third-party", "public-domain", "ai-generated")}
WAIVER_WORDS = 10


def read_keys(reader: Reader, keys: Mapping[str, Node], folder: Folder, timezone: str) -> dict[str, Any]:
    """The arguments of Draft that `keys` hold; every problem goes to the reader."""
    fields: dict[str, Any] = {key: reader.text(keys.get(key), key) for key in TEXT_KEYS}
    fields["platforms"] = tuple(
        text
        for position, item in enumerate(reader.items(keys.get("platforms"), "platforms"))
        if (text := reader.text(item, f"platforms[{position}]")) and not _is_todo(reader, text)
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


def _is_todo(reader: Reader, text: Text) -> bool:
    if text.value == TODO:
        reader.todos.append(replace(text, field="platforms"))
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
    """None where `value` is no date with a time."""
    if len(value) <= len("2026-11-12"):
        return None
    try:
        when = datetime.fromisoformat(value.strip())
    except ValueError:
        return None
    if when.tzinfo is None and timezone:
        return when.replace(tzinfo=zone(timezone))
    return when


def asset_details(reader: Reader, keys: Mapping[str, Node], folder: Folder, field: str) -> dict[str, Any]:
    """What an image and a video have in common: source, credit, people."""
    if "source" in keys:
        reader.word(keys["source"], "source", SOURCES)
    return {
        "source": reader.text(keys.get("source"), f"{field}.source"),
        "credit": reader.text(keys.get("credit"), f"{field}.credit"),
        "people": _people(reader, keys.get("people"), folder, f"{field}.people"),
    }


def image_details(reader: Reader, keys: Mapping[str, Node], folder: Folder, field: str) -> dict[str, Any]:
    return {
        "alt": reader.text(keys.get("alt"), f"{field}.alt"),
        "decorative": reader.flag(keys.get("decorative"), "decorative") is True,
        **asset_details(reader, keys, folder, field),
    }


def caption_files(reader: Reader, node: Node | None, folder: Folder, field: str) -> tuple[Asset, ...]:
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
    captions = caption_files(reader, keys.get("captions"), folder, field)
    details = asset_details(reader, keys, folder, field)
    if asset is None or file is None:
        return None
    return Video(asset=asset, place=file.whole(), field=field, captions=captions, **details)


def _asset_keys(reader: Reader, node: Node, known: tuple[str, ...], what: str) -> dict[str, Node]:
    """The keys of an entry; a bare file name is short for `file:`."""
    return {"file": node} if node.kind == "text" else reader.entries(node, known, what, ("file",))


def _people(reader: Reader, node: Node | None, folder: Folder, field: str) -> tuple[Person, ...] | None:
    if node is None:
        return None
    if node.kind == "text":
        if node.value != "none":
            reader.problem("`people` must be `none` or a list.", node.start)
        return ()
    return tuple(
        _person(reader, item, folder, f"{field}[{position}]")
        for position, item in enumerate(reader.items(node, "people"))
    )


def _person(reader: Reader, node: Node, folder: Folder, field: str) -> Person:
    keys = reader.entries(node, PERSON_KEYS, "a person")
    return Person(
        who=reader.text(keys.get("who"), f"{field}.who"),
        minor=reader.flag(keys.get("minor"), "minor"),
        release=folder.asset(reader.text(keys.get("release"), f"{field}.release")),
        release_by=reader.text(keys.get("release_by"), f"{field}.release_by"),
    )


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
