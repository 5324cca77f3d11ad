"""`postcheck init`: what the files say is filled in, and nothing is invented."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from click.testing import CliRunner

import postcheck
from postcheck.cli import main
from tests.draft.helpers import read
from tests.drafts import content

VTT = "WEBVTT\n\n00:01.000 --> 00:03.000\nLeaf Day is Saturday.\n"


def init(folder: Path, *options: str) -> str:
    result = CliRunner().invoke(main, ["init", str(folder), *options])
    return f"{result.exit_code} {result.output}"


FILES: dict[str, dict[str, Any]] = {
    "a crew.png": {"render": {"embedded_alt": "A crew: it rakes #leaves 🍁."}},
    "b.mp4": {"render": {"size": [640, 360], "tone": 0.1}},
    "b.en.vtt": {"text": VTT},
}


def fill(folder: Path) -> None:
    for name in ("a crew.png", "no: alt.jpg", "b.mp4", "b.en.vtt", "releases/form.png"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content(name, FILES.get(name, {})))


def test_a_draft_is_begun(tmp_path: Path) -> None:
    fill(tmp_path)
    assert init(tmp_path).startswith("0 ")
    draft = read(tmp_path)
    alts = {image.asset.name: image.alt and image.alt.value for image in draft.images}
    assert alts == {"a crew.png": "A crew: it rakes #leaves 🍁.", "no: alt.jpg": None}
    assert draft.videos[0].captions[0].name == "b.en.vtt"
    assert all(image.listed for image in draft.images)


def test_what_a_person_must_write_is_found_by_the_check(tmp_path: Path) -> None:
    fill(tmp_path)
    init(tmp_path, "--account", "parks", "--author", "no", "--platform", "x", "--platform", "facebook")
    text = (tmp_path / "post.md").read_text(encoding="utf-8")
    (draft,) = postcheck.check([tmp_path], policy="").drafts
    results = {result.check: result for result in draft.results}
    assert len(results["governance/left-to-do"].findings) == text.count("TODO")
    assert set(results) == {
        "governance/left-to-do",
        "alt-text/missing",
        "alt-text/emoji",
        "alt-text/contains-link-or-hashtag",
        "captions/platform-format",
        "captions/description-missing",
    }
    author = read(tmp_path).author
    assert author is not None
    assert author.value == "no"


def test_nothing_is_overwritten_and_nothing_comes_of_nothing(tmp_path: Path) -> None:
    assert init(tmp_path).startswith("2 ")
    fill(tmp_path)
    init(tmp_path)
    before = (tmp_path / "post.md").read_bytes()
    assert "is there already" in init(tmp_path)
    assert (tmp_path / "post.md").read_bytes() == before
