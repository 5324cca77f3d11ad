"""Drafts in folders: every form, and everything that can be wrong with one."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from postcheck.config import Config
from postcheck.model import Draft
from postcheck.source import BOM
from tests.draft.helpers import problems, read, read_all
from tests.drafts import picture

PNG = picture(".png")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "crew.png").write_bytes(PNG)
    return tmp_path


def post(folder: Path, text: str, name: str = "post.md") -> Path:
    (folder / name).write_bytes(text.encode("utf-8"))
    return folder


KEYS = "images:\n  - file: crew.png\n    alt: A crew.\n"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("post.md", f"---\naccount: parks\nplatforms: [x]\n{KEYS}---\n\nLeaf Day 🍁\n"),
        ("post.md", f"{BOM}---\r\naccount: parks\r\nplatforms: [x]\r\n{KEYS}---\r\nLeaf Day 🍁"),
        ("post.yaml", f"account: parks\nplatforms: [x]\ncaption: Leaf Day 🍁\n{KEYS}"),
        ("post.yml", f"account: parks\nplatforms: [x]\ncaption: >-\n  Leaf\n  Day 🍁\n{KEYS}"),
        (
            "post.json",
            json.dumps(
                {
                    "account": "parks",
                    "platforms": ["x"],
                    "caption": "Leaf Day 🍁",
                    "images": [{"file": "crew.png", "alt": "A crew."}],
                }
            ),
        ),
        (
            "index.md",
            "---\ntitle: Leaf\ndate: 2026-11-01\nparams: {account: parks, platforms: [x], theme: dark}\n"
            "resources:\n  - src: crew.png\n    params: {alt: A crew.}\n---\nLeaf Day 🍁\n",
        ),
    ],
)
def test_forms(folder: Path, name: str, text: str) -> None:
    draft = read(post(folder, text, name))
    assert draft.account is not None
    assert (draft.account.value, [one.value for one in draft.platforms]) == ("parks", ["x"])
    assert draft.caption.value == "Leaf Day 🍁"
    assert [(image.asset.name, image.alt and image.alt.value, image.listed) for image in draft.images] == [
        ("crew.png", "A crew.", True)
    ]
    assert draft.digest.startswith("sha256:")


def test_the_body_has_the_span_of_the_file(folder: Path) -> None:
    text = f"{BOM}---\r\n{KEYS}---\r\n\r\nLeaf 🍁\r\ncafe\u0301 Day\r\n"
    draft = read(post(folder, text))
    assert draft.caption.value == "Leaf 🍁\ncafe\u0301 Day"
    day = draft.caption.value.index("Day")
    place = draft.caption.at(day, day + 3)
    assert place.span == (text.index("Day"), text.index("Day") + 3)
    assert (place.line, place.column) == (8, 7)
    assert draft.caption.whole().quote == text.partition("---\r\n\r\n")[2].strip()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    body=st.text(st.characters(exclude_categories=["Cs"])),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    bom=st.booleans(),
)
def test_any_body_is_read_where_it_stands(tmp_path: Path, body: str, end: str, bom: bool) -> None:
    text = (BOM if bom else "") + f"---{end}author: a{end}---{end}{body}"
    draft = read(post(tmp_path, text))
    span = draft.caption.start, draft.caption.end
    assert text[slice(*span)] == body.strip()
    for position, char in enumerate(draft.caption.value):
        if not char.isspace():
            assert draft.caption.at(position, position + 1).quote == char


def test_absent_empty_and_decorative_are_three_things(folder: Path) -> None:
    for name in ("a", "b", "c", "d"):
        (folder / f"{name}.png").write_bytes(PNG)
    text = "images:\n- file: a.png\n- {file: b.png, alt: ''}\n- {file: c.png, decorative: true}\n- {file: d.png, alt: null}\n- crew.png\n"
    images = read(post(folder, text, "post.yaml")).images
    assert [(image.alt.value if image.alt else None, image.decorative) for image in images] == [
        (None, False),
        ("", False),
        (None, True),
        (None, False),
        (None, False),
    ]


def test_pictures_that_are_not_listed_are_not_lost(folder: Path) -> None:
    (folder / "releases").mkdir()
    (folder / "releases" / "form.jpg").write_bytes(PNG)
    (folder / "more").mkdir()
    (folder / "more" / "stray.JPG").write_bytes(PNG)
    (folder / ".hidden.png").write_bytes(PNG)
    images = read(post(folder, "Leaf Day\n")).images
    assert [(image.asset.name, image.listed) for image in images] == [("crew.png", False), ("more/stray.JPG", False)]


def test_people_videos_and_releases(folder: Path) -> None:
    for name in ("a.mp4", "a.en.vtt", "b.en.vtt", "form.pdf"):
        (folder / name).write_bytes(b"x")
    text = (
        "images:\n- {file: crew.png, people: none, source: city, credit: Parks}\nvideos:\n- file: a.mp4\n"
        "  captions: [a.en.vtt, b.en.vtt]\n  people:\n"
        "  - {who: student volunteer, minor: true, release: form.pdf, release_by: guardian}\n  - who: officer\n"
    )
    draft = read(post(folder, text, "post.yaml"))
    assert draft.images[0].people == ()
    (first, second) = draft.videos[0].people or ()
    assert (first.minor, first.releases[0].asset and first.releases[0].asset.name) == (True, "form.pdf")
    assert second.releases == ()
    assert [asset.name for asset in draft.assets()] == ["crew.png", "a.mp4", "a.en.vtt", "b.en.vtt", "form.pdf"]


@pytest.mark.parametrize(
    ("written", "zone", "expected"),
    [
        ("2026-11-12T09:00:00-08:00", "", datetime.fromisoformat("2026-11-12T09:00:00-08:00")),
        ('"2026-11-12 09:00Z"', "", datetime(2026, 11, 12, 9, tzinfo=UTC)),
        ("2026-11-12T09:00", "America/Los_Angeles", datetime.fromisoformat("2026-11-12T09:00:00-08:00")),
        ("2026-07-12T09:00", "America/Los_Angeles", datetime.fromisoformat("2026-07-12T09:00:00-07:00")),
    ],
)
def test_times(folder: Path, written: str, zone: str, expected: datetime) -> None:
    draft = read(post(folder, f"publish_at: {written}\n", "post.yaml"), Config(timezone=zone))
    assert draft.publish_at is not None
    assert draft.publish_at.when - expected == timedelta(0)


def test_the_digest_follows_the_words_and_the_files(folder: Path) -> None:
    first = read(post(folder, f"---\n{KEYS}---\nLeaf Day\n")).digest
    assert read(folder).digest == first
    second = read(post(folder, f"---\n{KEYS}---\nLeaf Day!\n")).digest
    (folder / "crew.png").write_bytes(PNG + b"\0")
    third = read(folder).digest
    assert len({first, second, third}) == 3


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("platfroms: [x]\n", ["post.yaml:1:1: Unknown key `platfroms` in post.yaml. Did you mean `platforms`?"]),
        ("images:\n- file: crew.png\n  atl: x\n", ["post.yaml:3:3: Unknown key `atl` in an image. Did you mean `alt`?"]),
        ("platforms: x\n", ["post.yaml:1:12: `platforms` must be a list, not a text. Write `[x]`."]),
        ("images:\n- alt: A crew.\n", ["post.yaml:2:3: The key `file` is missing in an image."]),
        ("author: no\n", ['post.yaml:1:9: `author` is read as a truth value, not as a text. Put it in quotation marks: "no".']),
        ("language: 2026-11-14\n", ["post.yaml:1:11: `language` is read as a date, not as a text. Put it in quotation marks: \"2026-11-14\"."]),
        ("publish_at: 2026-11-12\n", ["post.yaml:1:13: `publish_at` is not written as a date and time: `2026-11-12`. The form is 2027-11-12T09:00:00-08:00."]),
        ("publish_at: 2026-13-45T09:00\n", ["post.yaml:1:13: `publish_at` is not written as a date and time: `2026-13-45T09:00`. The form is 2027-11-12T09:00:00-08:00."]),
        ("images: [{file: /etc/passwd}]\n", ["post.yaml:1:17: `/etc/passwd` is an absolute path. Put the file into the draft's folder and write its name."]),
        ("images: [{file: 'C:\\crew.png'}]\n", ["post.yaml:1:18: `C:\\crew.png` is an absolute path. Put the file into the draft's folder and write its name."]),
        ("images: [{file: 'a\\crew.png'}]\n", ["post.yaml:1:18: `a\\crew.png` has a backslash. Write `a/crew.png`."]),
        ("images: [{file: ../crew.png}]\n", ["post.yaml:1:17: `../crew.png` leaves the draft's folder. Put the file into the draft's folder and write its name."]),
        ("images: [{file: 'https://a.b/c.png'}]\n", ["post.yaml:1:18: `https://a.b/c.png` is an address, not a file. Put the file into the draft's folder and write its name."]),
        ("images: [{file: crew.pgn}]\n", ["post.yaml:1:17: The file `crew.pgn` is not there. Did you mean `crew.png`?"]),
        ("images: [{file: Crew.png}]\n", ["post.yaml:1:17: The file `Crew.png` is not there. There is `crew.png`: the two differ in capitals."]),
        ("images: [{file: crew.png, source: cty}]\n", ["post.yaml:1:35: `cty` is no source. Did you mean `city`?"]),
        ("images: [{file: crew.png, people: nobody}]\n", ["post.yaml:1:35: `people` must be `none` or a list. Write `people: none`, or a list with a line `- who: volunteer` for each."]),
        ("images: [{file: crew.png, people: no}]\n", ["post.yaml:1:35: `people` must be `none` or a list. Write `people: none`, or a list with a line `- who: volunteer` for each."]),
        ("images: [{file: crew.png, people: {who: v}}]\n", ["post.yaml:1:35: `people` must be a list, not keys and values. Begin each entry with a hyphen and a space: `- `."]),
        ("images: [{file: crew.png, people: [v]}]\n", ["post.yaml:1:36: A person needs keys. Write `who: v`."]),
        ("images: [{file: crew.png, people: [{minor: 'no'}]}]\n", ["post.yaml:1:45: `minor` must be true or false, not a text. Write `minor: false`, without quotation marks."]),
        ("images: [{file: crew.png, people: [{minor: maybe}]}]\n", ["post.yaml:1:44: `minor` must be true or false, not a text. Leave it out where you do not know."]),
        ("images: [{file: crew.png, people: [{release: 118}]}]\n", ["post.yaml:1:46: `images[0].people[0].release` is read as a number, not as a text. Put it in quotation marks: \"118\"."]),
        ("waive: [{check: a/b, reason: Because., by: R. Reviewer}]\n", ["post.yaml:1:30: The reason of a waiver has at least 10 words; this one has 1."]),
        ("waive: [{check: a/b, reason: one two three four five six seven eight nine ten}]\n", ["post.yaml:1:9: The key `by` is missing in a waiver."]),
        ("a: &a [1]\n", ["post.yaml:1:4: Anchors and aliases (& and *) are not read here: write the value out."]),
    ],
)  # fmt: skip
def test_faults_say_where_and_what_to_do(folder: Path, text: str, said: list[str]) -> None:
    assert problems(post(folder, text, "post.yaml")) == said


@pytest.mark.parametrize(
    ("word", "value"), [("no", False), ("off", False), ("Yes", True), ("true", True), ("FALSE", False)]
)
def test_yes_and_no_are_truth_values_too(folder: Path, word: str, value: bool) -> None:
    text = f"images: [{{file: crew.png, decorative: {word}, people: [{{minor: {word}}}]}}]\n"
    (image,) = read(post(folder, text, "post.yaml")).images
    assert image.decorative is value
    assert image.people
    assert image.people[0].minor is value


@pytest.mark.parametrize("word", ["none", "None", "NONE", "[]"])
def test_nobody_is_seen(folder: Path, word: str) -> None:
    (image,) = read(post(folder, f"images: [{{file: crew.png, people: {word}}}]\n", "post.yaml")).images
    assert image.people == ()


def test_every_fault_is_said_at_once(folder: Path) -> None:
    said = problems(post(folder, "---\nauthor: no\nplatfroms: []\nimages: [{file: no.png}]\n---\nx", "post.md"))
    assert [line.split(" ")[0] for line in said] == ["post.md:2:9:", "post.md:3:1:", "post.md:4:17:"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("Leaf Day".encode("utf-16"), "UTF-16"),
        ("Leaf Day".encode("utf-16-le"), "UTF-16"),
        (b"Leaf\nD\xeda", "post.md:2: The byte 0xED is not UTF-8"),
        (b"", "The file is empty."),
        (b"---\nauthor: a\nLeaf Day\n", "has no closing line `---`"),
        (b"+++\nauthor = 'a'\n+++\n", "TOML"),
    ],
)
def test_files_that_cannot_be_read(folder: Path, content: bytes, said: str) -> None:
    (folder / "post.md").write_bytes(content)
    (found,) = problems(folder)
    assert said in found


@pytest.mark.parametrize("other", ["Crew.png", "CREW.PNG"])
def test_names_that_differ_only_in_capitals(folder: Path, other: str) -> None:
    (folder / other).write_bytes(PNG)
    if len(list(folder.iterdir())) == 1:
        pytest.skip("this file system takes the two names for one")
    assert "differ only in capitals or in Unicode form" in problems(post(folder, KEYS, "post.yaml"))[0]


def test_names_that_differ_only_in_unicode_form(folder: Path) -> None:
    (folder / "caf\u00e9.png").write_bytes(PNG)
    assert read(post(folder, "images: [cafe\u0301.png]\n", "post.yaml")).images[0].listed
    (folder / "cafe\u0301.png").write_bytes(PNG)
    if len(list(folder.iterdir())) == 3:
        pytest.skip("this file system takes the two names for one")
    assert "Unicode form" in problems(folder)[0]


def test_links_may_not_leave_the_folder(tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(PNG)
    folder = tmp_path / "draft"
    folder.mkdir()
    (folder / "out.png").symlink_to(tmp_path / "secret.png")
    (folder / "elsewhere").symlink_to(tmp_path)
    (folder / "inside.png").write_bytes(PNG)
    (folder / "alias.png").symlink_to("inside.png")
    text = "images: [out.png, elsewhere/secret.png, alias.png]\n"
    said = problems(post(folder, text, "post.yaml"))
    assert [line.split(": ", 1)[1] for line in said] == [
        "The folder `elsewhere` is a link that leaves the draft's folder. Put the files themselves into the draft.",
        "`out.png` is a link that leaves the draft's folder.",
        "`elsewhere/secret.png` leads through a link that leaves the draft's folder.",
    ]
    assert not any("alias" in line for line in said)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_is_not_opened(folder: Path) -> None:
    os.mkfifo(folder / "pipe.png")
    assert problems(post(folder, "images: [pipe.png]\n", "post.yaml")) == ["post.yaml:1:10: `pipe.png` is not a file."]


def test_the_draft_file_itself_may_not_be_a_link_out(tmp_path: Path) -> None:
    (tmp_path / "secret.yaml").write_text("secret_key: 1\n", encoding="utf-8")
    (tmp_path / "draft").mkdir()
    (tmp_path / "draft" / "post.yaml").symlink_to(tmp_path / "secret.yaml")
    (said,) = problems(tmp_path / "draft")
    assert "link that leaves" in said
    assert "secret_key" not in said


def test_links_that_lead_nowhere(folder: Path) -> None:
    (folder / "round.png").symlink_to("round.png")
    (folder / "gone.png").symlink_to("not-there.png")
    said = problems(post(folder, "images: [crew.png]\n", "post.yaml"))
    assert len(said) == 2
    (folder / "other").mkdir()
    (folder / "other" / "post.md").symlink_to("not-there.md")
    (said_of_other,) = problems(folder / "other")
    assert "cannot be read" in said_of_other


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("videos: [crew.png]\n", "`crew.png` is not a video by its ending. List it under `images`."),
        ("images: [clip.mp4]\n", "`clip.mp4` is not a picture by its ending. List it under `videos`."),
        ("videos: [{file: clip.mp4, captions: crew.png}]\n", "`crew.png` is not a captions file by its ending."),
    ],
)
def test_a_file_of_another_kind(folder: Path, text: str, said: str) -> None:
    (folder / "clip.mp4").write_bytes(b"x")
    assert said in problems(post(folder, text, "post.yaml"))[0]


@pytest.mark.skipif(not hasattr(os, "fsencode") or os.name == "nt", reason="names are text here")
def test_a_name_that_is_no_text(folder: Path) -> None:
    (Path(os.fsdecode(os.fsencode(folder) + b"/\xff.png"))).write_bytes(PNG)
    assert "not in UTF-8" in problems(post(folder, "images: [crew.png]\n", "post.yaml"))[0]


@pytest.mark.parametrize("text", ["\n---\nauthor: a\n---\nx", "--- # draft\nauthor: a\n---\nx"])
def test_front_matter_that_would_be_taken_for_the_caption(folder: Path, text: str) -> None:
    assert "Front matter begins on the first line" in problems(post(folder, text))[0]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(
    name=st.sampled_from(["post.md", "post.yaml", "post.json", "index.md"]),
    content=st.binary(max_size=60)
    | st.text(max_size=80).map(lambda text: b"---\n" + text.encode("utf-8", "replace") + b"\n---\n"),
)
def test_nothing_breaks_the_reader(tmp_path: Path, name: str, content: bytes) -> None:
    """Any bytes are a draft, or an unreadable one with a problem; a page that is no draft is passed over."""
    for other in tmp_path.iterdir():
        other.unlink()
    (tmp_path / name).write_bytes(content)
    for draft in read_all(tmp_path) if name != "index.md" or content.startswith(b"---") else ():
        assert isinstance(draft, Draft) or draft.problems


def test_two_draft_files_and_a_draft_in_a_draft(folder: Path) -> None:
    post(folder, "Leaf Day\n")
    (folder / "inner").mkdir()
    post(folder / "inner", "Leaf Day\n")
    assert "`inner/post.md` is a draft inside this draft. Move one of the two." in problems(folder)[0]
    post(folder / "inner", "caption: x\n", "Post.yaml")
    assert "`inner/Post.yaml` is a draft inside this draft." in problems(folder)[0]
    post(folder, "caption: x\n", "post.yaml")
    assert "2 draft files: post.md, post.yaml. Keep one." in problems(folder)[0]


class TestHugo:
    def test_patterns_and_videos(self, folder: Path) -> None:
        for name in ("a-1.jpg", "a-2.jpg", "b.mp4", "b.vtt", "notes.pdf"):
            (folder / name).write_bytes(PNG)
        draft = read(
            post(
                folder,
                "---\nresources:\n- {src: 'a-*.jpg', params: {alt: Two.}}\n- {src: notes.pdf, title: Notes}\n"
                "- {src: b.mp4, params: {captions: b.vtt}}\npublishDate: 2026-11-12T09:00:00Z\n---\n",
                "index.md",
            )
        )
        assert [image.asset.name for image in draft.images] == ["a-1.jpg", "a-2.jpg", "crew.png"]
        assert draft.videos[0].captions[0].name == "b.vtt"
        assert draft.publish_at is not None

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("plattforms: [x]\n", "Unknown key `plattforms` in index.md. Did you mean `platforms`?"),
            ("params: {plattforms: [x]}\n", "Unknown key `plattforms` under `params`. Did you mean `platforms`?"),
            ("resources: [{src: '*.gif'}]\n", "No file matches `*.gif`."),
            ("author: a\nparams: {author: b}\n", "`author` stands at the top and under `params`. Keep one of the two."),
        ],
    )
    def test_faults(self, folder: Path, text: str, said: str) -> None:
        (found,) = problems(post(folder, f"---\n{text}---\n", "index.md"))
        assert said in found
