"""What was found -> drafts, one after the other. A zip stays unpacked while its own drafts are looked at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from postcheck.config import Config
from postcheck.display import printable_path
from postcheck.draft.account import read_account
from postcheck.draft.files import forget_listings
from postcheck.draft.find import Found, drafts_below
from postcheck.draft.folder import read_folder
from postcheck.errors import DraftError, Problem
from postcheck.model import Draft, UnreadableDraft

_AS_ON_DISK: Mapping[Path, Any] = {}


def read_drafts(
    found: Iterable[Found],
    config: Config,
    texts: Mapping[Path, str] = _AS_ON_DISK,
    pictures: Mapping[Path, Path] = _AS_ON_DISK,
) -> Iterator[Draft | UnreadableDraft]:
    """Every draft, in order. The files of a draft from a zip are there only until the next draft is asked for.

    `texts` are read in place of what the files of these paths, links followed, hold; and the files that `pictures` name
    in place of the pictures of these paths.
    """
    for item in found:
        forget_listings()
        if item.kind == "folder":
            yield read_folder(item.path, item.shown, config.timezone, texts, pictures)
        elif item.kind == "account":
            yield read_account(item.path, item.shown, texts)
        elif item.kind == "calendar":
            from postcheck.draft.calendar import read_calendar

            yield from read_calendar(item.path, item.shown, config, texts, pictures)
        else:
            yield from _read_zip(item, config)


def _read_zip(item: Found, config: Config) -> Iterator[Draft | UnreadableDraft]:
    from postcheck.draft.archive import unpack  # most starts need no zipfile

    with TemporaryDirectory(prefix="postcheck-") as name:
        folder = Path(name).resolve()
        try:
            unpack(item.path, item.shown, folder, config)
        except DraftError as error:
            yield UnreadableDraft(item.shown, error.problems)
            return
        inside = list(drafts_below(folder, config, []))
        if not inside:
            yield UnreadableDraft(item.shown, (Problem("No draft is in this zip.", item.shown),))
        for part in inside:
            below = printable_path(part.path.relative_to(folder).as_posix())
            shown = item.shown if below == "." else f"{item.shown}/{below}"
            if part.kind == "zip":
                yield UnreadableDraft(shown, (Problem("A zip inside a zip is not read.", shown),))
            else:
                yield from read_drafts([replace(part, shown=shown)], config)
