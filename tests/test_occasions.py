"""When a policy's question is asked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from postcheck.occasions import OCCASIONS, occasion
from tests.draft.helpers import read
from tests.drafts import write_draft

BARE = {"caption": "Leaf Day is Saturday."}


def people(**person: Any) -> dict[str, Any]:
    return {**BARE, "images": [{"people": [{"who": "volunteer", **person}]}]}


GIVEN: dict[str, list[dict[str, Any]]] = {
    "media": [{**BARE, "images": [{}]}, {**BARE, "videos": [{}]}],
    "video": [{**BARE, "videos": [{}]}],
    "people": [people(), people(prominent=False)],
    "prominent": [people(), people(prominent=True)],
    "emergency": [{**BARE, "category": "emergency"}],
    "account": [
        {"profile": {"platform": "x", "name": "Parks"}},
        {"profile": {"platform": "x", "name": "Mayor", "kind": "elected"}},
    ],
    "elected": [{"profile": {"platform": "x", "name": "Mayor", "kind": "elected"}}],
    "personal-account": [{"profile": {"platform": "x", "name": "Me", "kind": "personal"}}],
}
NOT_GIVEN: dict[str, list[dict[str, Any]]] = {
    "media": [BARE],
    "video": [{**BARE, "images": [{}]}],
    "people": [{**BARE, "images": [{}]}, {**BARE, "images": [{"people": "none"}]}],
    "prominent": [people(prominent=False), {**BARE, "images": [{}]}],
    "emergency": [{**BARE, "category": "announcement"}, BARE],
    "account": [BARE, {"profile": {"platform": "x", "name": "Me", "kind": "personal"}}],
    "elected": [{"profile": {"platform": "x", "name": "Parks"}}],
    "personal-account": [{"profile": {"platform": "x", "name": "Parks"}}, BARE],
}


@pytest.mark.parametrize("word", OCCASIONS)
def test_an_occasion(word: str, tmp_path: Path) -> None:
    for number, data in enumerate((*GIVEN[word], *NOT_GIVEN[word])):
        draft = read(write_draft(tmp_path / str(number), data))
        assert (occasion(draft, [word]) is not None) == (number < len(GIVEN[word])), data


def test_any_of_several_will_do(tmp_path: Path) -> None:
    draft = read(write_draft(tmp_path, {**BARE, "category": "emergency"}))
    place = occasion(draft, ["video", "emergency"])
    assert place is not None
    assert place.quote == "emergency"
    assert occasion(draft, []) is None
