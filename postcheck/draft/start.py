"""`postcheck init`: a post.md for a folder of files, filled with what their metadata says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

from postcheck.analysis.image import image_facts
from postcheck.draft.files import (
    CAPTIONS_SUFFIXES,
    DRAFT_FILES,
    IMAGE_SUFFIXES,
    RELEASES_FOLDER,
    VIDEO_SUFFIXES,
    Folder,
)
from postcheck.errors import UsageError
from postcheck.reader import TODO, Reader
from postcheck.source import Source


def start_draft(folder: Path, *, account: str, author: str, platforms: Sequence[str]) -> tuple[Path, int]:
    """Write post.md, and say where it is and how often TODO stands in it.

    Raises:
        UsageError: the folder is a draft already, or holds no picture, video or captions file, or its files cannot be
            told apart.
    """
    there = [name for name in DRAFT_FILES if (folder / name).exists()]
    if there:
        raise UsageError(f"{folder / there[0]} is there already; nothing was changed.")
    reader = Reader(Source("post.md", ""), str(folder))
    names = [name for name in Folder(folder, reader).listing() if not name.startswith(f"{RELEASES_FOLDER}/")]
    if reader.problems:
        raise UsageError("\n".join(str(problem) for problem in reader.problems))
    images = [name for name in names if PurePosixPath(name).suffix.lower() in IMAGE_SUFFIXES]
    videos = [name for name in names if PurePosixPath(name).suffix.lower() in VIDEO_SUFFIXES]
    captions = [name for name in names if PurePosixPath(name).suffix.lower() in CAPTIONS_SUFFIXES]
    if not images and not videos:
        raise UsageError(f"{folder}: no picture or video is in it, so there is nothing to begin a draft with.")
    lines = [
        "---",
        f"account: {_quoted(account or TODO)}",
        f"platforms: [{', '.join(_quoted(name) for name in platforms or [TODO])}]",
        f"author: {_quoted(author or TODO)}",
    ]
    if images:
        lines += ["images:", *(line for name in images for line in _image(folder, name))]
    if videos:
        lines += ["videos:", *(line for name in videos for line in _video(name, captions))]
    lines += ["---", f"{TODO}: write the caption.", ""]
    path = folder / "post.md"
    with path.open("x", encoding="utf-8", newline="\n") as file:
        file.write("\n".join(lines))
    return path, "\n".join(lines).count(TODO)


def _image(folder: Path, name: str) -> Iterator[str]:
    facts = image_facts(folder / name)
    yield f"  - file: {_quoted(name)}"
    if "alt" in facts.metadata:
        yield f"    alt: {_quoted(facts.metadata['alt'])}  # from the picture's own metadata"
    else:
        yield f"    alt: {TODO}"
    source = "ai-generated" if "trainedAlgorithmicMedia" in facts.metadata.get("digital_source", "") else TODO
    yield f"    source: {source}  # city, contracted, third-party, public-domain or ai-generated"
    credit = facts.metadata.get("credit") or facts.metadata.get("creator")
    if credit:
        yield f"    credit: {_quoted(credit)}"
    if "rights" in facts.metadata:
        yield f"    # The picture says of its rights: {' '.join(facts.metadata['rights'].split())}"
    yield f"    people: {TODO}  # none, or a list"


def _video(name: str, captions: Sequence[str]) -> Iterator[str]:
    yield f"  - file: {_quoted(name)}"
    stem = str(PurePosixPath(name).with_suffix(""))
    own = [caption for caption in captions if caption.startswith(f"{stem}.")]
    if len(own) > 1:
        yield f"    captions: [{', '.join(_quoted(caption) for caption in own)}]"
    else:
        yield f"    captions: {_quoted(own[0]) if own else TODO}"
    yield f"    source: {TODO}  # city, contracted, third-party, public-domain or ai-generated"
    yield f"    people: {TODO}  # none, or a list"


def _quoted(value: str) -> str:
    """A YAML scalar on one line that is read back as this very text."""
    import yaml

    written = yaml.safe_dump(value, allow_unicode=True, width=1_000_000, default_flow_style=True).removesuffix(
        "\n...\n"
    )
    return (
        written.strip()
        if "\n" not in written.strip()
        else yaml.safe_dump(value, default_style='"', width=1_000_000).strip()
    )
