"""Reading a draft that a test has written."""

from __future__ import annotations

from pathlib import Path

from postcheck.config import Config
from postcheck.draft import find_drafts, read_drafts
from postcheck.model import Draft, UnreadableDraft


def read_all(path: Path, config: Config | None = None) -> list[Draft | UnreadableDraft]:
    config = config or Config()
    found, _ = find_drafts([path], config)
    return list(read_drafts(found, config))


def read(path: Path, config: Config | None = None) -> Draft:
    (draft,) = read_all(path, config)
    assert isinstance(draft, Draft), [str(problem) for problem in draft.problems]
    return draft


def problems(path: Path, config: Config | None = None) -> list[str]:
    """What is wrong with the one draft at `path`, without the folder's name."""
    (draft,) = read_all(path, config)
    assert isinstance(draft, UnreadableDraft)
    return [str(problem).removeprefix(f"{draft.path}/") for problem in draft.problems]
