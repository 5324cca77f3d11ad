"""A Hugo leaf bundle: index.md, with the files under `resources` (https://gohugo.io/content-management/page-resources/)."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

from postcheck.draft.files import IMAGE_SUFFIXES, VIDEO_SUFFIXES, Folder
from postcheck.draft.keys import IMAGE_KEYS, POST_KEYS, VIDEO_KEYS, image_details, video_details
from postcheck.errors import near_miss
from postcheck.model import Asset, Image, Video
from postcheck.reader import Reader
from postcheck.source import Text
from postcheck.tree import Node

HUGO_KEYS = (
    "aliases", "build", "cascade", "categories", "date", "description", "draft", "expiryDate", "headless",
    "isCJKLanguage", "keywords", "lastmod", "layout", "linkTitle", "markup", "menus", "modified", "outputs", "params",
    "publishDate", "resources", "series", "sitemap", "slug", "summary", "tags", "translationKey", "type", "url",
    "weight",
)  # fmt: skip
_RESOURCE_KEYS = ("src", "name", "title", "params")


def hugo_keys(reader: Reader, root: Node) -> dict[str, Node]:
    """The keys of a draft in a Hugo page: at the top, or under `params`, where a theme may have its own beside them."""
    top = reader.entries(root, (*POST_KEYS, *HUGO_KEYS), "index.md")
    keys = {key: node for key, node in top.items() if key in POST_KEYS}
    for key, node in _own_params(reader, top.get("params"), POST_KEYS).items():
        if key in keys:
            reader.problem(f"`{key}` stands at the top and under `params`.", node.start, "Keep one of the two.")
        keys[key] = node
    if "publishDate" in top:
        keys.setdefault("publish_at", top["publishDate"])
    if "resources" in top:
        keys["resources"] = top["resources"]
    return keys


def read_resources(
    reader: Reader, node: Node | None, folder: Folder, listing: list[str]
) -> tuple[tuple[Image, ...], tuple[Video, ...]]:
    """The images and videos under `resources`; other files are Hugo's business."""
    images: list[Image] = []
    videos: list[Video] = []
    for position, item in enumerate(reader.items(node, "resources")):
        field = f"resources[{position}]"
        keys = reader.entries(item, _RESOURCE_KEYS, "a resource", ("src",))
        src = reader.text(keys.get("src"), f"{field}.src")
        if src is None:
            continue
        for asset in _assets(src, folder, listing):
            suffix = PurePosixPath(asset.name).suffix.lower()
            if suffix in IMAGE_SUFFIXES:
                params = _own_params(reader, keys.get("params"), IMAGE_KEYS)
                details = image_details(reader, params, folder, f"{field}.params")
                images.append(Image(asset=asset, place=src.whole(), field=field, **details))
            elif suffix in VIDEO_SUFFIXES:
                params = _own_params(reader, keys.get("params"), VIDEO_KEYS)
                details = video_details(reader, params, folder, f"{field}.params")
                videos.append(Video(asset=asset, place=src.whole(), field=field, **details))
    return tuple(images), tuple(videos)


def _assets(src: Text, folder: Folder, listing: list[str]) -> list[Asset]:
    """Hugo takes a pattern such as `images/*.jpg` for `src`."""
    if not any(char in src.value for char in "*?["):
        asset = folder.asset(src)
        return [asset] if asset else []
    names = [name for name in listing if fnmatchcase(name.lower(), src.value.lower())]
    if not names:
        folder.reader.problem(f"No file matches `{src.value}`.", src.start)
    assets = (folder.checked(Asset(name, folder.path / name), src.start) for name in names)
    return [asset for asset in assets if asset]


def _own_params(reader: Reader, node: Node | None, known: tuple[str, ...]) -> Mapping[str, Node]:
    """Our keys among `params`. Others are a theme's, unless one is plainly ours misspelt."""
    own = {}
    for key, entry in reader.mapping(node, "params"):
        if key in known:
            if entry.value.kind != "empty":
                own[key] = entry.value
        elif near := near_miss(key, known):
            reader.problem(f"Unknown key `{key}` under `params`.", entry.start, near)
    return own
