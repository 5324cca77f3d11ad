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
            FormImage("a.png", alt="A crew rakes leaves from a storm drain.", license="CC0", people=()),
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
    assert (
        text.index("- c.png") < text.index("# the second one") < text.index("- file: b.png") < text.index("- file: a")
    )
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
FORM_FILE = st.sampled_from(["", "a.vtt"])
IMAGE = st.builds(
    FormImage, st.sampled_from(["a.png", "b.png", "c.png"]), st.none() | ANY, st.booleans(), SOURCE, ANY, ANY, FORM_FILE, PEOPLE
)  # fmt: skip
VIDEO = st.builds(
    FormVideo,
    st.just("a.mp4"),
    st.lists(st.sampled_from(["a.vtt", "b.vtt"]), max_size=2, unique=True).map(tuple),
    st.sampled_from(["", "included"]),
    st.sampled_from(["", "none", "own"]),
    SOURCE,
    ANY,
    ANY,
    FORM_FILE,
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


@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow])
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


# ---------------------------------------------------------------------------------------------- what is refused

REFUSED: dict[str, tuple[Callable[[Form], Form], str]] = {
    "NUL": (lambda form: replace(form, title="a\0b"), "title holds a NUL character"),
    "half an emoji": (lambda form: with_image(form, 0, alt="a \ud83c"), r"images\[0\].alt holds half a character \(U\+D83C\)"),
    "in the caption": (lambda form: replace(form, caption="\udfff"), "caption holds half"),
    "TODO": (lambda form: replace(form, author="TODO"), "author says TODO"),
    "no time": (lambda form: replace(form, publish_at="tomorrow"), "not written as a date and time: `tomorrow`"),
    "a date alone": (lambda form: replace(form, publish_at="2026-11-12"), "not written as a date and time"),
    "no such file": (lambda form: replace(form, images=(FormImage("d.png"),)), "The file `d.png` is not there"),
    "out of the folder": (lambda form: replace(form, images=(FormImage("../d.png"),)), "leaves the draft's folder"),
    "no such word": (lambda form: with_image(form, 0, source="citty"), "Did you mean `city`"),
    "too short a reason": (
        lambda form: replace(form, waivers=(FormWaiver("alt-text/empty", "So it is.", "R. Reviewer"),)),
        "at least 10 words",
    ),
    "too long": (lambda form: replace(form, caption="x" * 1_000_001), "at most 1,000,000 are read"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_kept_is_refused(name: str, by_hand: Path) -> None:
    change, said = REFUSED[name]
    before = own(by_hand)
    form, seen = read_form(by_hand)
    with pytest.raises(Refused, match=said):
        save(by_hand, change(form), seen)
    assert own(by_hand) == before
    assert not [path for path in by_hand.iterdir() if path.name.startswith(".")]


def test_while_somebody_types_it_may_be_wrong(by_hand: Path) -> None:
    """Checking the text says why; only what no file can hold is refused."""
    before = own(by_hand)
    form, _ = read_form(by_hand)
    assert "publish_at: tomorrow\n" in text_of(by_hand, replace(form, publish_at="tomorrow"))
    with pytest.raises(Refused):
        text_of(by_hand, replace(form, caption="\0"))
    assert own(by_hand) == before


def test_comments_in_brackets_are_not_lost(tmp_path: Path) -> None:
    folder = written(tmp_path / "draft", "---\nplatforms: [\n  x,  # ours\n]\n---\na\n")
    form, seen = read_form(folder)
    with pytest.raises(Refused, match="comments between"):
        save(folder, replace(form, platforms=("x", "facebook")), seen)
    save(folder, replace(form, account="parks"), seen)
    assert b"# ours" in own(folder)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("post.json", "{}", "another program"),
        ("index.md", "---\ntitle: a\n---\n", "Hugo"),
        ("post.md", "---\naccount: [a\n---\n", "mend it on the disk.*\n.*not closed"),
        ("post.md", "---\nacount: a\n---\n", "Did you mean `account`"),
        ("post.md", "---\nimages: [d.png]\n---\n", "is not there"),
        ("post.md", "", "is empty"),
        ("post.md", "a\0", "UTF-16"),
        ("README.txt", "a", "holds no draft"),
    ],
)
def test_what_no_form_can_change(name: str, text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(text.encode())
    for do in (read_form, lambda folder: text_of(folder, Form()), lambda folder: save(folder, Form(), "")):
        with pytest.raises((Uneditable, Changed)) as error:
            do(tmp_path)
        if error.type is Uneditable:
            assert error.match(said)
    assert (tmp_path / name).read_bytes() == text.encode()


def test_a_file_in_another_encoding(tmp_path: Path) -> None:
    (tmp_path / "post.md").write_bytes("---\ntitle: niño\n---\n".encode("latin-1"))
    with pytest.raises(Uneditable, match="not UTF-8") as error:
        read_form(tmp_path)
    assert error.value.problems[0].line == 2


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_a_link_out_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("---\naccount: a\n---\n", encoding="utf-8")
    (tmp_path / "draft").mkdir()
    (tmp_path / "draft" / "post.md").symlink_to(tmp_path / "secret")
    with pytest.raises(Uneditable, match="link that leaves"):
        read_form(tmp_path / "draft")


# ---------------------------------------------------------------------------------------------- on the disk


def test_somebody_else_was_faster(by_hand: Path) -> None:
    form, seen = read_form(by_hand)
    (by_hand / "post.md").write_bytes(own(by_hand).replace(b"ours", b"theirs"))
    with pytest.raises(Changed) as error:
        save(by_hand, replace(form, account="water"), seen)
    assert error.value.text.encode() == own(by_hand)
    save(by_hand, replace(form, account="water"), error.value.sha256)
    assert b"account: water    # theirs" in own(by_hand)


def test_of_two_at_once_one_is_told(by_hand: Path) -> None:
    form, seen = read_form(by_hand)
    for turn in range(20):
        start = threading.Barrier(2)
        said: list[str] = []

        def work(name: str, start: threading.Barrier = start, said: list[str] = said, seen: str = seen) -> None:
            start.wait()
            try:
                said.append(save(by_hand, replace(form, account=name), seen))
            except Changed:
                said.append("changed")

        threads = [threading.Thread(target=work, args=(f"{name}-{turn}",)) for name in "ab"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert said.count("changed") == 1
        seen = read_form(by_hand)[1]
        assert seen in said


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps no such modes")
def test_the_mode_stays(by_hand: Path) -> None:
    (by_hand / "post.md").chmod(0o664)
    form, seen = read_form(by_hand)
    save(by_hand, replace(form, account="water"), seen)
    assert stat.S_IMODE((by_hand / "post.md").stat().st_mode) == 0o664


KILLED = """
import os, random, signal, sys, time
from dataclasses import replace
from pathlib import Path
from postcheck.draft.written import read_form, save

folder = Path(sys.argv[1])
form, seen = read_form(folder)
whole = set()
for name in ("water", "parks-of-the-city"):
    seen = save(folder, replace(form, account=name), seen)
    whole.add((folder / "post.md").read_bytes())
for turn in range(200):
    child = os.fork()
    if not child:
        while True:
            for name in ("water", "parks-of-the-city"):
                seen = save(folder, replace(form, account=name), read_form(folder)[1])
    time.sleep(random.uniform(0, 0.02))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    assert (folder / "post.md").read_bytes() in whole
form, seen = read_form(folder)
assert form.images == read_form(folder)[0].images
left = [path.name for path in folder.iterdir() if path.name.startswith(".")]
save(folder, replace(form, account="after"), seen)
assert not [path.name for path in folder.iterdir() if path.name.startswith(".")]
print(len(left), "left over")
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_save_that_is_killed_leaves_the_old_or_the_new(by_hand: Path) -> None:
    subprocess.run([sys.executable, "-c", KILLED, str(by_hand)], check=True, timeout=120)
    draft = read(by_hand)
    assert [image.asset.name for image in draft.images] == ["a.png", "b.png", "c.png"]
    assert draft.account is not None
    assert draft.account.value == "after"


# ---------------------------------------------------------------------------------------------- a new draft


def test_a_new_draft(tmp_path: Path) -> None:
    form = Form(
        account="parks", platforms=("x",), publish_at="2026-11-12T09:00:00-08:00", title="Leaf Day: 🍁!", caption="- no"
    )
    assert new_draft(tmp_path, "", form).name == "2026-11-12-leaf-day"
    folder = new_draft(tmp_path, "", form)
    assert folder.name == "2026-11-12-leaf-day-2"
    assert own(folder).decode() == (
        '---\ntitle: "Leaf Day: 🍁!"\naccount: parks\nplatforms: [x]\npublish_at: 2026-11-12T09:00:00-08:00\n---\n- no\n'
    )
    assert read_form(folder)[0] == form
    assert [path.name for path in folder.iterdir()] == ["post.md"]
    assert new_draft(tmp_path, "../CON", Form()).name == "_con"
    assert read_all(new_draft(tmp_path, "Empty", Form()))
    assert len(list(tmp_path.iterdir())) == 4


def test_a_new_draft_that_is_none_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="is not there"):
        new_draft(tmp_path, "", Form(images=(FormImage("a.png"),)))
    assert not list(tmp_path.iterdir())


def test_new_drafts_at_once_are_each_their_own(tmp_path: Path) -> None:
    made: list[Path] = []
    threads = [
        threading.Thread(target=lambda: made.append(new_draft(tmp_path, "leaf-day", Form(account="parks"))))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 8
    assert all(not isinstance(read_all(folder)[0], UnreadableDraft) for folder in made)


# ---------------------------------------------------------------------------------------------- date and time

LA = "America/Los_Angeles"


@pytest.mark.parametrize(
    ("day", "clock", "before", "timezone", "told"),
    [
        ("2026-11-12", "09:00", "", LA, "2026-11-12T09:00:00-08:00"),
        ("2026-07-12", "09:00", "", LA, "2026-07-12T09:00:00-07:00"),
        ("2026-11-12", "09:00", "", "", "2026-11-12T09:00:00"),
        ("2026-11-12", "09:00", "2026-11-12 09:00:30Z", LA, "2026-11-12 09:00:30Z"),
        ("2026-11-13", "09:00", "2026-11-12T09:00:00+01:00", LA, "2026-11-13T09:00:00+01:00"),
        ("2026-07-12", "09:00", "2026-11-12T09:00:00-08:00", LA, "2026-07-12T09:00:00-07:00"),
        ("2026-07-12", "09:00", "2026-11-12T09:00:00-08:00", "", "2026-07-12T09:00:00-08:00"),
        ("2026-11-13", "09:00", "2026-11-12T09:00", LA, "2026-11-13T09:00:00"),
        ("2026-11-01", "01:30", "", LA, "2026-11-01T01:30:00-07:00"),
        ("", "", "2026-11-12T09:00", LA, ""),
        ("", "", "", LA, ""),
    ],
)
def test_the_time(day: str, clock: str, before: str, timezone: str, told: str) -> None:
    assert publish_time(day, clock, before=before, timezone=timezone) == told
    if day:
        assert date_and_time(told) == (day, clock)


@pytest.mark.parametrize(
    ("day", "clock"), [("2026-11-12", ""), ("", "09:00"), ("12.11.", "9"), ("2027-03-14", "02:30")]
)
def test_no_time(day: str, clock: str) -> None:
    with pytest.raises(Refused):
        publish_time(day, clock, before="", timezone=LA)
