"""Messages become drafts that the check can read, and no more than that is believed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

import postcheck
from postcheck.config import Config, Hootsuite
from postcheck.errors import UsageError
from postcheck.hootsuite.approval import Ending, decision_for, send
from postcheck.hootsuite.media import KINDS, CannotFetch, fetch
from postcheck.hootsuite.waiting import NOTE, Fetched, differs, fetch_waiting, folders, origin_of
from postcheck.model import Draft
from tests.draft.helpers import read
from tests.drafts import content
from tests.hootsuite.test_approval import City

PUBLIC = "93.184.215.14"
ADDRESS = "https://static.example/a.png?sig=1"
PNG = content("a.png", {})


class Media:
    """What lies on the web, by host and path."""

    def __init__(self) -> None:
        self.files: dict[str, httpx.Response | bytes] = {"static.example/a.png": PNG}
        self.asked: list[httpx.Request] = []
        self.hosts: dict[str, list[str]] = {"static.example": [PUBLIC]}

    def handle(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        found = self.files.get(f"{request.headers['Host']}{request.url.path}")
        if isinstance(found, httpx.Response):
            return found
        return httpx.Response(200, content=found) if found is not None else httpx.Response(404)

    def resolve(self, host: str) -> list[str]:
        return self.hosts.get(host, [])

    def fetch(self, address: str, folder: Path) -> str:
        return fetch(address, folder, "1", resolve=self.resolve, transport=httpx.MockTransport(self.handle)).name


class Office(City):
    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.media = Media()
        self.drafts = folder / "posts"
        self.config = Config(hootsuite=Hootsuite(profiles={"11": "parks"}))

    def fetch(self) -> Fetched:
        return fetch_waiting(
            self.client,
            self.store,
            self.drafts,
            self.config,
            resolve=self.media.resolve,
            media=httpx.MockTransport(self.media.handle),
        )

    @property
    def place(self) -> Path:
        return self.drafts / "hootsuite" / "100"

    def differs(self) -> str:
        origin = origin_of(self.place)
        assert origin is not None
        return differs(self.place, origin, self.config)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def test_a_message_becomes_a_draft(office: Office) -> None:
    office.double.media["bWVkaWE="] = ADDRESS
    office.double.add("100", "Leaf Day 🍁 is Saturday.\r\n\r\n--- Move: “your” car", media=[{"id": "bWVkaWE="}])
    assert office.fetch().new == [office.place]
    draft = read(office.place)
    assert draft.caption.value == "Leaf Day 🍁 is Saturday.\n\n--- Move: “your” car"
    assert draft.account is not None
    assert draft.account.value == "parks"
    assert [text.value for text in draft.platforms] == ["facebook"]
    assert draft.author is not None
    assert draft.author.value == "Jo Creator"
    assert draft.publish_at is not None
    assert draft.publish_at.when.isoformat() == "2027-03-04T12:00:00+00:00"
    assert [image.asset.name for image in draft.images] == ["1.png"]
    assert (office.place / "1.png").read_bytes() == PNG
    (report,) = postcheck.check([office.drafts], policy="").drafts
    assert "alt-text/missing" in {result.check for result in report.results}
    assert office.differs() == ""
    assert decision_for(office.place, office.config, entry=1, draft="d", approve=True).sequence == 1


@pytest.mark.parametrize(
    "text",
    [
        "---\naccount: evil\n---\nHello",
        "\n\n  Two  \n\n",
        "",
        "a: b # c",
        "\ufeffBOM",
        "a\u2028b\x85c",
        "+++\nx\n+++",
        "\t",
    ],
)
def test_texts_come_back_as_they_are(office: Office, text: str) -> None:
    office.double.add("100", text)
    office.fetch()
    draft = read(office.place)
    assert draft.caption.value == text.strip()
    assert draft.account is not None
    assert draft.account.value == "parks"
    assert office.differs() == ""


def test_half_a_character_is_held_back(office: Office) -> None:
    office.double.add("100")
    office.double.messages["100"]["text"] = "a\ud83d"
    office.fetch()
    assert "cannot be read" in office.differs()


def test_profiles_without_a_name(office: Office) -> None:
    profile = {"id": "12", "externalURL": "https://x.com/ExampleParks"}
    office.double.add("100", socialProfile=profile)
    office.double.add("101", socialProfile={"id": "99"})
    office.fetch()
    drafts = [read(path) for path in folders(office.drafts)]
    assert [draft.account.value for draft in drafts if draft.account] == ["ExampleParks", "hootsuite-99"]
    assert [draft.platforms[0].value for draft in drafts] == ["x", "unknown"]


def test_fetched_again_unchanged_it_is_left_alone(office: Office) -> None:
    office.double.add("100")
    office.fetch()
    post = office.place / "post.md"
    post.write_text(post.read_text(encoding="utf-8").replace("tools:", "category: event\ntools:"), encoding="utf-8")
    before = post.read_text(encoding="utf-8")
    assert office.fetch().unchanged == [office.place]
    assert post.read_text(encoding="utf-8") == before
    assert office.differs() == ""


def test_fetched_again_changed_it_is_written_anew(office: Office) -> None:
    office.double.add("100")
    office.fetch()
    first = read(office.place).digest
    (office.place / "left.txt").write_text("x", encoding="utf-8")
    office.double.edit("100", "Leaf Day is off.")
    assert office.fetch().changed == [office.place]
    assert read(office.place).caption.value == "Leaf Day is off."
    assert read(office.place).digest != first
    assert not (office.place / "left.txt").exists()
    assert [path.name for path in (office.drafts / "hootsuite").iterdir()] == ["100"]


def test_another_step_of_the_same_content_leaves_the_draft_alone(office: Office) -> None:
    office.double.add("100")
    office.fetch()
    office.double.messages["100"]["sequenceNumber"] = 2
    assert office.fetch().unchanged == [office.place]
    decision = decision_for(office.place, office.config, entry=1, draft="d", approve=True)
    assert send(office.client, office.store, decision).ending is Ending.DONE


def test_what_waits_no_more_is_told(office: Office) -> None:
    office.double.add("100")
    office.fetch()
    office.double.delete("100")
    assert office.fetch().gone == [office.place]
    assert office.place.is_dir()


def test_after_a_crash_nothing_is_lost(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.double.add("100")
    office.fetch()
    office.double.edit("100", "Leaf Day is off.")
    rename = Path.rename

    def crash(self: Path, target: Path) -> Path:
        if self.name.startswith(".new-"):
            raise KeyboardInterrupt
        return rename(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", crash)
        with pytest.raises(KeyboardInterrupt):
            office.fetch()
    assert not office.place.exists()
    assert office.fetch().changed == [office.place]
    assert [path.name for path in (office.drafts / "hootsuite").iterdir()] == ["100"]


def test_a_folder_of_somebody_else_is_left_alone(office: Office) -> None:
    office.double.add("100")
    office.place.mkdir(parents=True)
    (office.place / "post.md").write_text("Mine", encoding="utf-8")
    assert "left alone" in office.fetch().left[0]
    assert (office.place / "post.md").read_text(encoding="utf-8") == "Mine"


def test_a_file_that_does_not_come_holds_the_draft_back(office: Office) -> None:
    office.double.add("100", mediaUrls=[{"url": "https://static.example/gone.png"}, {"url": ADDRESS}])
    fetched = office.fetch()
    assert fetched.left == ["Message 100: its file 1 was not fetched: it is not given (status 404)."]
    (report,) = postcheck.check([office.drafts], policy="").drafts
    assert report.problems
    with pytest.raises(UsageError, match="could be fetched"):
        decision_for(office.place, office.config, entry=1, draft="d", approve=True)
    assert office.fetch().unchanged == [office.place]
    office.media.files["static.example/gone.png"] = content("b.png", {"render": {"size": [640, 480]}})
    assert office.fetch().changed == [office.place]
    assert len(read(office.place).images) == 2


def test_the_same_picture_told_twice_is_one(office: Office) -> None:
    office.double.media["bWVkaWE="] = ADDRESS
    office.double.add("100", media=[{"id": "bWVkaWE="}], mediaUrls=[{"url": "http://static.example/a.png"}])
    office.fetch()
    assert len(read(office.place).images) == 1
    assert {request.url.scheme for request in office.media.asked} == {"https"}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("Leaf Day is Saturday.", "Leaf Day is Sunday.", "text"),
        ("tools:", "variants: {facebook: Other}\ntools:", "text"),
        ("- facebook", "- x", "platform"),
        ("account: parks", "account: zoo", "account"),
        ("2027-03-04", "2027-03-05", "time"),
        ("tools:", "color: red\ntools:", "cannot be read"),
    ],
)
def test_what_is_mended_in_the_folder_alone_is_not_approved(office: Office, old: str, new: str, said: str) -> None:
    office.double.add("100")
    office.fetch()
    post = office.place / "post.md"
    text = post.read_text(encoding="utf-8")
    assert old in text
    post.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(UsageError, match=said):
        decision_for(office.place, office.config, entry=1, draft="d", approve=True)
    assert decision_for(office.place, office.config, entry=1, draft="d", approve=False, reason="No.").reason == "No."


def test_other_pictures_are_not_approved(office: Office) -> None:
    office.double.add("100", mediaUrls=[{"url": ADDRESS}])
    office.fetch()
    (office.place / "1.png").write_bytes(content("b.png", {"render": {"size": [640, 480]}}))
    assert "pictures" in office.differs()


def test_a_rejection_needs_a_reason_and_a_message(office: Office, tmp_path: Path) -> None:
    office.double.add("100")
    office.fetch()
    with pytest.raises(UsageError, match="with a reason"):
        decision_for(office.place, office.config, entry=1, draft="d", approve=False, reason=" ")
    with pytest.raises(UsageError, match="no message"):
        decision_for(tmp_path, office.config, entry=1, draft="d", approve=True)


@pytest.mark.parametrize("damage", ["", "[]", "{}", '{"schema": "postcheck-hootsuite/1"}', "3"])
def test_a_damaged_note(office: Office, damage: str) -> None:
    office.double.add("100")
    office.fetch()
    (office.place / NOTE).write_text(damage, encoding="utf-8")
    with pytest.raises(UsageError, match="damaged"):
        origin_of(office.place)


def test_the_note_holds_no_token(office: Office) -> None:
    office.double.add("100")
    office.fetch()
    told: dict[str, Any] = json.loads((office.place / NOTE).read_text(encoding="utf-8"))
    assert "access-" not in json.dumps(told)
    assert isinstance(read(office.place), Draft)


# Files from the web


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"],
        ["10.1.2.3"],
        ["192.168.0.1"],
        ["169.254.169.254"],
        ["100.64.0.1"],
        ["0.0.0.0"],
        ["224.0.0.1"],
        ["::1"],
        ["fe80::1%eth0"],
        ["fc00::1"],
        ["::ffff:10.0.0.1"],
        ["64:ff9b::a00:1"],
        ["2002:a00:1::1"],
        [PUBLIC, "10.0.0.1"],
        [],
    ],
)
def test_nothing_is_fetched_from_inside_a_network(addresses: list[str], tmp_path: Path) -> None:
    media = Media()
    media.hosts["static.example"] = addresses
    with pytest.raises(CannotFetch):
        media.fetch(ADDRESS, tmp_path)
    assert media.asked == []


def test_a_redirect_is_followed_and_looked_at_like_any_address(tmp_path: Path) -> None:
    media = Media()
    media.hosts |= {"cdn.example": ["93.184.215.15"], "inside.example": ["10.0.0.1"]}
    media.files["static.example/r"] = httpx.Response(302, headers={"Location": "https://cdn.example/a.png"})
    media.files["cdn.example/a.png"] = PNG
    assert media.fetch("https://static.example/r", tmp_path) == "1.png"
    assert media.asked[-1].url.host == "93.184.215.15"
    assert media.asked[-1].extensions["sni_hostname"] == "cdn.example"
    for target in ("https://inside.example/a", "https://10.0.0.1/", "file:///etc/passwd", "https://static.example/r"):
        media.files["static.example/r"] = httpx.Response(302, headers={"Location": target})
        with pytest.raises(CannotFetch):
            media.fetch("https://static.example/r", tmp_path)


@pytest.mark.parametrize(
    "address",
    [
        "ftp://static.example/a.png",
        "https://static.example:8443/a.png",
        "https://u:p@static.example/a.png",
        "x",
        "https://[",
    ],
)
def test_addresses_that_are_not_followed(address: str, tmp_path: Path) -> None:
    media = Media()
    with pytest.raises(CannotFetch):
        media.fetch(address, tmp_path)
    assert media.asked == []


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (b"", "empty"),
        (b"<svg onload=x></svg>", "neither"),
        (b"GIF", "empty"),
        (b"\xff\xd8\xff" + b"x" * 40, "more than"),
    ],
)
def test_other_kinds_and_sizes(found: bytes, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small = [(suffix, at, mark, 30) for suffix, at, mark, _ in KINDS]
    monkeypatch.setattr("postcheck.hootsuite.media.KINDS", small)
    media = Media()
    media.files["static.example/a.png"] = found
    with pytest.raises(CannotFetch, match=said):
        media.fetch(ADDRESS, tmp_path)
    assert list(tmp_path.iterdir()) == []
