"""What each platform takes, from checks/platforms.yaml."""

from __future__ import annotations

from docs.made.markdown import plain, table
from postcheck.catalog import load_catalog
from postcheck.model import Limit, Platform

_WORDS = {
    "text": "Characters of the post",
    "alt": "Characters of an alt text",
    "hashtags": "Hashtags",
    "mentions": "Mentions",
    "links": "Links",
    "images": "Pictures",
    "image-bytes": "Size of a picture",
    "image-formats": "Formats of pictures",
    "video-bytes": "Size of a video",
    "video-formats": "Endings of videos",
    "video-seconds": "Length of a video",
    "captions-formats": "Endings of captions files",
    "captions-locale": "Endings of captions files whose names tell language and country, such as clip.en_US.srt",
    "captions-bytes": "Size of a captions file",
}


def _platforms() -> str:
    known = {platform.id: platform for platform in load_catalog().platforms.values()}
    return "\n".join(_section(platform) for platform in known.values())


def _section(platform: Platform) -> str:
    aliases = f"Also written: {', '.join(platform.aliases)}.\n\n" if platform.aliases else ""
    rows = [
        [
            _WORDS[limit.what],
            _most(limit),
            "yes" if limit.confirmed else "no: it warns at most",
            plain(limit.as_of),
            plain(limit.source),
        ]
        for limit in platform.limits
    ]
    told = table(["What", "At most", "Confirmed", "As of", "Source"], rows) if rows else "No limit of it is known.\n"
    return f"## {plain(platform.title)}\n\n{aliases}{told}"


def _most(limit: Limit) -> str:
    if limit.formats:
        return ", ".join(limit.formats)
    if limit.what.endswith("-bytes"):
        return f"{limit.most:,} bytes"
    if limit.what.endswith("-seconds"):
        return f"{limit.most:,} seconds"
    return f"{limit.most:,}{_UNITS[limit.unit]}"


_UNITS = {
    "characters": "",
    "x-weighted": ", as X counts them: a link as 23, an emoji as 2",
    "graphemes": ", as one sees them: an emoji as 1",
    "bytes": " bytes",
    "threads": ", an emoji as its bytes",
    "mastodon": ", a link as 23",
}


PARTS = {"platforms": _platforms}
