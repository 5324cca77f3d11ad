"""A folder with post.md, index.md, post.yaml or post.json -> Draft."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath

from postcheck.draft.files import (
    CAPTIONS_SUFFIXES,
    IMAGE_SUFFIXES,
    RELEASES_FOLDER,
    VIDEO_SUFFIXES,
    Folder,
    digest,
    draft_files,
    is_inside,
    read_text,
)
from postcheck.draft.hugo import hugo_keys, read_resources
from postcheck.draft.keys import POST_KEYS, read_keys
from postcheck.errors import DraftError, Problem
from postcheck.model import Asset, Draft, Image, UnreadableDraft, Video
from postcheck.reader import Reader
from postcheck.source import BOM, Location, Source, Text, plain_line_ends
from postcheck.tree import Broken, Node, read_json, read_yaml

FRONT_MATTER = re.compile(r"---[ \t]*(?:\r\n|\r|\n)(?P<yaml>.*?)(?<![^\r\n])---[ \t]*(?:\r\n|\r|\n|\Z)", re.DOTALL)
_OPENING = re.compile(r"\s*(?P<line>---(?!-)(?P<rest>[^\r\n]*))(?=[\r\n])")
_AUTOCORRECTED = re.compile(r"(?=-*[–—])[-–—]{1,3}[ \t]*[\r\n]")


def read_folder(
    path: Path, shown: str, timezone: str, texts: Mapping[Path, str], pictures: Mapping[Path, Path]
) -> Draft | UnreadableDraft:
    """The draft in the folder `path`, or everything that is wrong with it. `texts` and `pictures` stand in for
    files."""
    own_files = draft_files(path)
    if len(own_files) > 1:
        message = f"The folder holds {len(own_files)} draft files: {', '.join(own_files)}."
        return UnreadableDraft(shown, (Problem(message, shown, advice="Keep one."),))
    name = own_files[0]
    shown_file = f"{shown}/{name}"
    if not is_inside(path / name, path.resolve()):
        return UnreadableDraft(shown, (Problem("This is a link that leaves the draft's folder.", shown_file),))
    try:
        own = path / name
        text = texts.get(own.resolve()) if texts else None
        source = Source(name, read_text(own, shown_file) if text is None else text, own)
        reader = Reader(source, shown_file)
        draft = _read(reader, path, shown, timezone)
    except DraftError as error:
        return UnreadableDraft(shown, error.problems)
    except Broken as broken:
        reader.problem(broken.message, broken.offset)
        return UnreadableDraft(shown, tuple(reader.problems), source.text)
    if reader.problems:
        return UnreadableDraft(shown, reader.sorted_problems(), source.text)
    return with_digest(draft, source.text, pictures)


def with_digest(draft: Draft, own_text: str, pictures: Mapping[Path, Path]) -> Draft | UnreadableDraft:
    """Of the pictures, those that stand in for what the draft names."""
    if pictures:
        draft = replace(draft, images=tuple(_standing_in(image, pictures) for image in draft.images))
    try:
        return replace(draft, digest=digest(draft.source, own_text, draft.assets()), own=own_text)
    except OSError as error:
        message = f"{Path(error.filename).name} cannot be read: {error.strerror}."
        return UnreadableDraft(draft.path, (Problem(message, draft.path),), own_text)


def _standing_in(image: Image, pictures: Mapping[Path, Path]) -> Image:
    path = pictures.get(image.asset.path.resolve())
    return replace(image, asset=replace(image.asset, path=path)) if path else image


def _read(reader: Reader, path: Path, shown: str, timezone: str) -> Draft:
    source = reader.source
    root, caption = split(source)
    folder = Folder(path, reader)
    listing = folder.listing()
    images: tuple[Image, ...] = ()
    videos: tuple[Video, ...] = ()
    if source.asset.lower() == "index.md":
        keys = hugo_keys(reader, root)
        images, videos = read_resources(reader, keys.get("resources"), folder, listing)
    elif caption is not None:
        keys = reader.entries(root, POST_KEYS, source.asset)
    else:
        keys = reader.entries(root, (*POST_KEYS, "caption"), source.asset)
        caption = reader.text(keys.get("caption"), "caption")
    fields = read_keys(reader, keys, folder, timezone)
    fields["images"] += images
    fields["videos"] += videos
    draft = Draft(
        path=shown,
        source=source,
        place=Location(asset=source.asset),
        caption=caption or Text("", source, "caption", root.start, root.start),
        **fields,
    )
    return _with_unlisted(draft, folder, listing)


def split(source: Source) -> tuple[Node, Text | None]:
    """The tree of the keys, and the caption where it is the body of the file."""
    text = source.text
    if source.asset.lower().endswith(".json"):
        return read_json(text), None
    if not source.asset.lower().endswith(".md"):
        return read_yaml(text), None
    begin = 1 if text.startswith(BOM) else 0
    if text.startswith("+++", begin):
        raise Broken("The front matter is TOML (+++): write it as YAML between two lines `---`.", begin)
    if _AUTOCORRECTED.match(text, begin):
        raise Broken("The first line holds a dash in place of hyphens, as autocorrect writes it: type `---`.", begin)
    front = FRONT_MATTER.match(text, begin)
    if front is None:
        opening = _OPENING.match(text, begin)
        if opening and not opening["rest"].strip() and opening.start("line") == begin:
            raise Broken("The front matter that begins here has no closing line `---`.", begin)
        if opening:
            raise Broken("Front matter begins on the first line, with `---` and nothing else.", opening.start("line"))
        return Node("map", {}, begin, begin), body_text(source, begin)
    return read_yaml(text, front.start("yaml"), front.end("yaml")), body_text(source, front.end())


def body_text(source: Source, start: int) -> Text:
    """The caption from `start` on, without the white space around it; its span is the file's."""
    body = source.text[start:]
    stripped = body.strip()
    start += body.find(stripped) if stripped else 0
    return Text(plain_line_ends(stripped), source, "caption", start, start + len(stripped))


def _with_unlisted(draft: Draft, folder: Folder, listing: list[str]) -> Draft:
    """The draft with the pictures and videos that lie in its folder and that it does not name: what is not
    named has no alt text, and must not slip through unchecked."""
    known = {asset.path for asset in draft.assets()}
    images, videos = list(draft.images), list(draft.videos)
    for name in listing:
        path = folder.path / name
        suffix = PurePosixPath(name).suffix.lower()
        if path in known or name.startswith(f"{RELEASES_FOLDER}/") or suffix not in (*IMAGE_SUFFIXES, *VIDEO_SUFFIXES):
            continue
        asset = folder.checked(Asset(name, path))
        if asset is None:
            continue
        if suffix in IMAGE_SUFFIXES:
            images.append(Image(asset=asset, place=Location(asset=name), field=name, listed=False))
        else:
            videos.append(Video(asset=asset, place=Location(asset=name), field=name, listed=False))
    videos = [replace(video, captions=video.captions or _beside(video, folder, listing)) for video in videos]
    return replace(draft, images=tuple(images), videos=tuple(videos))


def _beside(video: Video, folder: Folder, listing: list[str]) -> tuple[Asset, ...]:
    """The captions files that are named after the video, as clip.en_US.srt is after clip.mp4."""
    own = PurePosixPath(video.asset.name).with_suffix("")
    found = []
    for name in listing:
        stem, suffix = str(PurePosixPath(name).with_suffix("")), PurePosixPath(name).suffix.lower()
        is_named = stem == str(own) or (stem.startswith(str(own)) and stem[len(str(own))] in "._-")
        if is_named and suffix in CAPTIONS_SUFFIXES and not _OTHER_TRACKS.search(stem):
            asset = folder.checked(Asset(name, folder.path / name))
            found += [asset] if asset else []
    return tuple(found)


_OTHER_TRACKS = re.compile(r"(?:descri|chapter|metadata|transcript)\w*", re.IGNORECASE)
"""Files of the same formats that hold no captions."""
