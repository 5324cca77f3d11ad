"""What a form holds, into the draft's file and out of it."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from difflib import ndiff
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from postcheck.draft.form import date_and_time, publish_time, tidied
from postcheck.draft.written import (
    Changed,
    Form,
    FormImage,
    FormPerson,
    FormVideo,
    FormWaiver,
    Refused,
    Uneditable,
    new_draft,
    read_form,
    save,
    text_of,
)
from postcheck.model import UnreadableDraft
from tests.draft.helpers import read, read_all

FIXTURES = Path(__file__).parent.parent.parent / "fixtures"
REASON = "The picture is described in the caption, and that is the whole of it."

HAND_WRITTEN = """\
# Leaf Day, the second try
account: parks    # ours
platforms: [ facebook,x ]
author: "jo"
publisher: mlee
tools: [Hootsuite]

images:
- file: a.png
  alt: A crew rakes leaves
    from a storm drain.
  license: CC0    # asked
  people: none

# the second one, from Jo's phone
- file: b.png   # keep
  alt: "one
    two"
  source: TODO
  people:
    - who: volunteer   # said yes
      minor: true
      release: {file: 2026-118, expires: 2030-01-01}
      release_by: guardian
    # he stands behind her
    - who: drummer
- c.png
videos:
- {file: a.mp4, captions: a.vtt, music: own}
# short ones
variants:
    x: >-
      Leaf Day
      is here

    facebook: |
      a

      b
waive: []
---
Leaf Day is Saturday.

Bring a rake.
"""


def files_in(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(b"x")


def written(folder: Path, text: str, name: str = "post.md") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(text.encode())
    files_in(folder, "a.png", "b.png", "c.png", "a.mp4", "a.vtt", "b.vtt")
    return folder


@pytest.fixture
def by_hand(tmp_path: Path) -> Path:
    return written(tmp_path / "leaf-day", f"---\n{HAND_WRITTEN}")


def own(folder: Path) -> bytes:
    (path,) = folder.glob("post.*")
    return path.read_bytes()


def diff(folder: Path, change: Callable[[Form], Form]) -> list[str]:
    """The lines that saving the changed form takes out and puts in."""
    before = own(folder).decode()
    form, seen = read_form(folder)
    save(folder, change(form), seen)
    assert read_form(folder)[0] == tidied(change(form))
    lines = ndiff(before.splitlines(keepends=True), own(folder).decode().splitlines(keepends=True))
    return [line for line in lines if line[0] in "+-"]


# ---------------------------------------------------------------------------------------------- fixtures

EDITABLE = [
    path
    for pattern in ("post.md", "post.yaml")
    for path in sorted(FIXTURES.glob(f"*/{pattern}"))
    if path.parent.name != "unreadable"
]


@pytest.mark.parametrize("path", EDITABLE, ids=lambda path: path.parent.name)
def test_a_fixture_is_saved_as_it_is(path: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(path.parent, tmp_path / "draft")
    before = (folder / path.name).read_bytes()
    form, seen = read_form(folder)
    assert save(folder, form, seen) == seen
    assert text_of(folder, form).encode() == before == (folder / path.name).read_bytes()


@pytest.mark.parametrize("path", EDITABLE, ids=lambda path: path.parent.name)
def test_of_a_fixture_only_what_is_changed_changes(path: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(path.parent, tmp_path / "draft")
    end = "\r\n" if b"\r\n" in own(folder) else "\n"
    changed = diff(folder, lambda form: replace(form, campaign="Leaf Day"))
    added = [line for line in changed if line[0] == "+" and "---" not in line]
    assert added == [f"+ campaign: Leaf Day{end}"]
    assert not [line for line in changed if line[0] == "-"]
    changed = diff(folder, lambda form: replace(form, campaign=""))
    assert changed == [f"- campaign: Leaf Day{end}"]


def test_every_image_of_a_fixture(tmp_path: Path) -> None:
    folder = shutil.copytree(FIXTURES / "consent-faults", tmp_path / "draft")
    form, _ = read_form(folder)
    for place, image in enumerate(form.images):
        changed = diff(folder, lambda form, i=place: with_image(form, i, alt="A yes: #leaf"))  # type: ignore[misc]
        assert changed == [f"-     alt: {image.alt}\n", '+     alt: "A yes: #leaf"\n']


def with_image(form: Form, place: int, **keys: Any) -> Form:
    images = list(form.images)
    images[place] = replace(images[place], **keys)
    return replace(form, images=tuple(images))


# ---------------------------------------------------------------------------------------------- by hand


def test_what_is_read(by_hand: Path) -> None:
    form, _ = read_form(by_hand)
    volunteer = FormPerson("volunteer", minor=True, releases=("2026-118",), release_by="guardian")
    assert form == Form(
        account="parks",
        platforms=("facebook", "x"),
        author="jo",
        caption="Leaf Day is Saturday.\n\nBring a rake.",
        variants={"x": "Leaf Day is here", "facebook": "a\n\nb\n"},
        images=(
            FormImage("a.png", alt="A crew rakes leaves from a storm drain.", people=()),
            FormImage("b.png", alt="one two", people=(volunteer, FormPerson("drummer"))),
            FormImage("c.png"),
        ),
        videos=(FormVideo("a.mp4", captions=("a.vtt",), music="own"),),
    )


def people(form: Form, *people: FormPerson | None, **keys: Any) -> Form:
    old = form.images[1].people or ()
    given = tuple(one for one in people if one)
    return with_image(form, 1, people=given or tuple(replace(one, **keys) for one in old))


CHANGES: dict[str, tuple[Callable[[Form], Form], list[str]]] = {
    "a text": (lambda form: replace(form, account="parks-2"), ["- account: parks    # ours", "+ account: parks-2    # ours"]),
    "a quoted one stays quoted": (lambda form: replace(form, author="mo"), ['- author: "jo"', '+ author: "mo"']),
    "a platform more": (
        lambda form: replace(form, platforms=(*form.platforms, "instagram")),
        ["- platforms: [ facebook,x ]", "+ platforms: [ facebook, x, instagram ]"],
    ),
    "no platform": (lambda form: replace(form, platforms=()), ["- platforms: [ facebook,x ]"]),
    "a new key where it belongs": (
        lambda form: replace(form, publish_at="2026-11-12T09:00:00-08:00"),
        ["+ publish_at: 2026-11-12T09:00:00-08:00"],
    ),
    "the caption": (
        lambda form: replace(form, caption="Leaf Day is Saturday.\r\n\r\nBring two rakes.\r\n"),
        ["- Bring a rake.", "+ Bring two rakes."],
    ),
    "what was still to be written": (
        lambda form: with_image(form, 1, source="city"),
        ["-   source: TODO", "+   source: city"],
    ),
    "over several lines": (
        lambda form: with_image(form, 0, alt="A crew."),
        ["-   alt: A crew rakes leaves", "-     from a storm drain.", "+   alt: A crew."],
    ),
    "no alt text": (lambda form: with_image(form, 1, alt=None), ['-   alt: "one', '-     two"']),
    "an empty one": (lambda form: with_image(form, 1, alt=""), ['-   alt: "one', '-     two"', '+   alt: ""']),
    "decorative": (lambda form: with_image(form, 0, decorative=True), ["+   decorative: true"]),
    "a name alone gets keys": (
        lambda form: with_image(form, 2, alt="no", people=()),
        ["- - c.png", "+ - file: c.png", '+   alt: "no"', "+   people: none"],
    ),
    "an image taken out": (
        lambda form: replace(form, images=form.images[1:]),
        ["- - file: a.png", "-   alt: A crew rakes leaves", "-     from a storm drain.", "-   license: CC0    # asked", "-   people: none"],
    ),
    "an image more": (
        lambda form: replace(form, images=(*form.images, FormImage("c.png", alt="12:30", source="city", people=()))),
        ["+ - file: c.png", '+   alt: "12:30"', "+   source: city", "+   people: none"],
    ),
    "nobody": (
        lambda form: with_image(form, 0, people=None), ["-   people: none"],
    ),
    "somebody": (
        lambda form: with_image(form, 0, people=(FormPerson("band leader", prominent=True, releases=("r/1.pdf", "7")),)),
        ["-   people: none", "+   people:", "+   - who: band leader", "+     prominent: true", '+     release: [r/1.pdf, "7"]'],
    ),
    "a person's word": (
        lambda form: people(form, replace(form.images[1].people[0], who="pupil"), form.images[1].people[1]),  # type: ignore[index]
        ["-     - who: volunteer   # said yes", "+     - who: pupil   # said yes"],
    ),
    "a person taken out": (
        lambda form: people(form, form.images[1].people[1]),  # type: ignore[index]
        ["-     - who: volunteer   # said yes", "-       minor: true", "-       release: {file: 2026-118, expires: 2030-01-01}", "-       release_by: guardian"],
    ),
    "a second release": (
        lambda form: people(form, replace(form.images[1].people[0], releases=("2026-118", "2026-119")), form.images[1].people[1]),  # type: ignore[index]
        ["-       release: {file: 2026-118, expires: 2030-01-01}", "+       release:", '+       - file: "2026-118"', '+         expires: "2030-01-01"', '+       - "2026-119"'],
    ),
    "in a map of one line": (
        lambda form: replace(form, videos=(replace(form.videos[0], music="", captions=("a.vtt", "b.vtt"), source="city"),)),
        ["- - {file: a.mp4, captions: a.vtt, music: own}", "+ - {file: a.mp4, captions: [a.vtt, b.vtt], source: city}"],
    ),
    "a variant": (
        lambda form: replace(form, variants={**form.variants, "x": "Yes 🍁"}),
        ["-     x: >-", "-       Leaf Day", "-       is here", '+     x: "Yes 🍁"'],
    ),
    "a new variant": (
        lambda form: replace(form, variants={**form.variants, "threads": "a\nb"}),
        ["+     threads: |-", "+       a", "+       b"],
    ),
    "no variant": (
        lambda form: replace(form, variants={}),
        ["- variants:", "-     x: >-", "-       Leaf Day", "-       is here", "- ", "-     facebook: |", "-       a", "- ", "-       b"],
    ),
    "a waiver": (
        lambda form: replace(form, waivers=(FormWaiver("alt-text/empty", REASON, "R. Reviewer"),)),
        ["- waive: []", "+ waive:", "+ - check: alt-text/empty", f"+   reason: {REASON}", "+   by: R. Reviewer"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_only_its_lines_change(name: str, end: str, by_hand: Path) -> None:
    (by_hand / "post.md").write_bytes(own(by_hand).replace(b"\n", end.encode()))
    change, lines = CHANGES[name]
    assert sorted(diff(by_hand, change)) == sorted(f"{line}{end}" for line in lines)
    assert (b"\r\n" in own(by_hand)) == (end == "\r\n")
    assert not own(by_hand).replace(end.encode(), b"").count(b"\n")


def test_comments_go_with_what_is_moved(by_hand: Path) -> None:
    form, seen = read_form(by_hand)
    save(by_hand, replace(form, images=(form.images[2], form.images[1], form.images[0])), seen)
    text = own(by_hand).decode()
    assert text.index("- c.png") < text.index("# the second one") < text.index("- file: b.png") < text.index("- file: a")
    assert text.count("#") == HAND_WRITTEN.count("#")
    assert "license: CC0    # asked" in text


@pytest.mark.parametrize("name", ["post.yaml", "post.yml", "POST.MD"])
def test_other_names_of_the_file(name: str, tmp_path: Path) -> None:
    text = f"---\n{HAND_WRITTEN}"
    if not name.endswith("MD"):
        text = f"{HAND_WRITTEN.partition('---')[0]}caption: |\n  Leaf Day.\n\n  Bring a rake.\n# the end"
    folder = written(tmp_path / "draft", text, name)
    form, seen = read_form(folder)
    save(folder, replace(form, caption="One\nTwo: #yes", campaign="no"), seen)
    draft = read(folder)
    assert draft.caption.value == "One\nTwo: #yes"
    assert "# the end" in (folder / name).read_text(encoding="utf-8") or name == "POST.MD"


def test_a_draft_with_a_byte_order_mark_keeps_it(tmp_path: Path) -> None:
    folder = written(tmp_path / "draft", "\ufeff---\r\naccount: parks\r\n---\r\nLeaf Day.\r\n")
    form, seen = read_form(folder)
    save(folder, replace(form, account="water", caption="Rain.\nSnow."), seen)
    assert own(folder) == "\ufeff---\r\naccount: water\r\n---\r\nRain.\r\nSnow.\r\n".encode()


def test_a_caption_alone(tmp_path: Path) -> None:
    folder = written(tmp_path / "draft", "Leaf Day.\n")
    form, seen = read_form(folder)
    seen = save(folder, replace(form, caption="Rain."), seen)
    assert own(folder) == b"Rain.\n"
    seen = save(folder, replace(form, caption="---\nRain.\n---"), seen)
    assert own(folder) == b"---\n---\n---\nRain.\n---\n"
    seen = save(folder, replace(form, account="parks", caption=""), seen)
    assert own(folder) == b"---\naccount: parks\n---\n\n"


# ---------------------------------------------------------------------------------------------- any text

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
NASTY = st.sampled_from(
    ["yes", "no", "null", "~", "12:30", "2026-11-12", "0x10", "1e3", "# a", "a #b", "a: b", "a:", "- a", " a", "a ", "a\n", "\na",
     "a\n\n b \n", "---", "---\na", "+++", "—\n", "|", ">", "%", "@a", "`", "'", '"', "\\n", "{", "[", "*a", "&a", "!a", "?", "🍁",
     "\ufeff", "\x85", "\u2028", "\x7f", "\t", "\ta\tb", "a\r\nb", "a\rb", "todo", "y", "N", ",", "a, b", "<<", "=", "a\x0bb",
     "\x1c", "a\n---\nb", "a\n...\nb", "\ud7ff\ue000\uffff", "x" * 1100]
)  # fmt: skip
ANY = TEXT | NASTY
PERSON = st.builds(
    FormPerson, ANY, *[st.sampled_from([None, True, False])] * 3, st.lists(st.sampled_from(["2026-1", "7", "no"]), max_size=2).map(tuple), ANY
)  # fmt: skip
PEOPLE = st.none() | st.lists(PERSON, max_size=3).map(tuple)
SOURCE = st.sampled_from(["", "city", "third-party"])
IMAGE = st.builds(
    FormImage, st.sampled_from(["a.png", "b.png", "c.png"]), st.none() | ANY, st.booleans(), SOURCE, ANY, PEOPLE
)  # fmt: skip
VIDEO = st.builds(
    FormVideo,
    st.just("a.mp4"),
    st.lists(st.sampled_from(["a.vtt", "b.vtt"]), max_size=2, unique=True).map(tuple),
    st.sampled_from(["", "included"]),
    st.sampled_from(["", "none", "own"]),
    SOURCE,
    ANY,
    PEOPLE,
)
WAIVER = st.builds(FormWaiver, ANY.filter(str.strip), st.just(REASON), st.sampled_from(["R. Reviewer", "no"]))
FORM = st.builds(
    Form,
    ANY,
    st.lists(ANY, max_size=3).map(tuple),
    ANY,
    ANY,
    st.sampled_from(["", "2026-11-12T09:00:00-08:00", "2026-11-12 09:00", "20261112T0900"]),
    ANY,
    ANY,
    ANY,
    ANY,
    st.dictionaries(ANY.filter(lambda text: "\r" not in text and len(text) < 500), ANY, max_size=3),
    st.lists(IMAGE, max_size=3).map(tuple),
    st.lists(VIDEO, max_size=1).map(tuple),
    st.lists(WAIVER, max_size=2).map(tuple),
)
STARTS = [f"---\n{HAND_WRITTEN}", f"---\r\n{HAND_WRITTEN}".replace("\n", "\r\n").replace("\r\r", "\r"), "Leaf Day.\n", "---\n# c\n---\n", '---\n{"account": "a", images: [a.png, {file: b.png}], platforms: [x]}\n---', "---\nimages: [{file: a.png, people: [{who: b, release: [7a, 8b]}]}]\nvariants: {x: a}\n---\n\n\nb"]  # fmt: skip


def is_told(form: Form) -> bool:
    """Not the word TODO, nor anything that the reader itself refuses."""
    try:
        tidied(form)
    except Refused:
        return False
    return True


@settings(deadline=None, max_examples=400, suppress_health_check=[HealthCheck.too_slow])
@given(start=st.sampled_from(STARTS), name=st.sampled_from(["post.md", "post.yaml"]), one=FORM, other=FORM)
def test_what_is_saved_is_what_is_read(
    start: str, name: str, one: Form, other: Form, tmp_path_factory: pytest.TempPathFactory
) -> None:
    if name == "post.yaml":
        start = "account: a  # b\n" if not start.startswith("---") else start.split("---")[1].lstrip("\r\n") or "a"
        start = start if start.strip() else "caption: a"
    folder = written(tmp_path_factory.mktemp("any") / "draft", start, name)
    _, seen = read_form(folder)
    for form in (one, other, one):
        seen = save(folder, form, seen)
        there, now = read_form(folder)
        assert there == tidied(form)
        assert now == seen
