"""`postcheck hootsuite`, from signing in to what is published, against the double behind a port."""

from __future__ import annotations

import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import postcheck
from postcheck.cli import main
from postcheck.config import load_config
from postcheck.errors import ConfigError
from postcheck.hootsuite.tokens import Tokens
from postcheck.review.decisions import Decision, Reviewer, entry_for
from postcheck.review.records import Records
from tests.hootsuite.double import Double, serve

commands = import_module("postcheck.cli.hootsuite")
"""The name in the package is the group of commands."""


class Desk:
    """A city's folder, and the double behind a port."""

    def __init__(self, folder: Path, double: Double, api: str) -> None:
        self.folder, self.double = folder, double
        self.config = folder / "postcheck.toml"
        self.config.write_text(f'[hootsuite]\nclient_id = "client"\napi = "{api}/"\nreviewer = "member"\n', "utf-8")
        self.drafts = folder / "posts"
        self.place = self.drafts / "hootsuite" / "100"
        self.revision = 0

    def run(self, *arguments: str) -> Result:
        return CliRunner().invoke(main, ["hootsuite", *arguments, "--config", str(self.config)])

    def say(self, *arguments: str) -> str:
        result = self.run(*arguments)
        return f"{result.exit_code} {result.output}"

    def decide(self, decision: Decision, comment: str = "") -> None:
        self.revision += 1
        postcheck.check(
            [self.drafts],
            policy="",
            select=["alt-text/emoji"],
            looked=lambda draft, veil, report: Records(self.folder).append(
                entry_for(
                    draft,  # type: ignore[arg-type] # it can be read
                    report,
                    veil,
                    decision=decision,
                    reviewer=Reviewer("r@example.gov", "test", "reviewer"),
                    revision=self.revision,
                    comment=comment,
                )
            ),
        )


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    double = Double(time.time)
    double.add("100", days=None)
    begin, begun = Tokens.begin, list[str]()

    def noted(self: Tokens, redirect: str) -> str:
        begun.append(begin(self, redirect))
        return begun[-1]

    monkeypatch.setattr(Tokens, "begin", noted)
    monkeypatch.setattr(commands, "_led_back", lambda _: double.sign_in_page(begun[-1]))
    monkeypatch.setenv(commands.SECRET, "secret")
    with serve(double) as api:
        yield Desk(tmp_path, double, api)


def test_from_signing_in_to_what_is_published(desk: Desk) -> None:
    assert desk.say("fetch", "--drafts", str(desk.drafts)).startswith("2 postcheck: Nobody is signed in")
    assert "Signed in to Hootsuite as member 7001." in desk.say("sign-in")
    assert desk.say("fetch", "--drafts", str(desk.drafts)) == f"0 {desk.place.as_posix()}: new\n1 message to approve.\n"
    assert desk.say("send", "--drafts", str(desk.drafts)) == "0 0 decisions sent.\n"
    desk.decide(Decision.APPROVE)
    assert "Hootsuite has the decision.\n1 decision sent.\n" in desk.say("send", "--drafts", str(desk.drafts))
    assert desk.say("send", "--drafts", str(desk.drafts)) == "0 0 decisions sent.\n"
    assert desk.double.decided == {"100": ["APPROVE"]}
    desk.double.edit("100", "Leaf Day is off.")
    assert "the approval holds no longer" in desk.say("follow")
    desk.double.publish("100")
    assert "Hootsuite has published it" in desk.say("follow")
    assert desk.say("follow") == "0 "
    entries = list(Records(desk.folder).list())
    assert [entry.kind.value for entry in entries] == ["decision", "voided", "published"]
    assert entries[1].body["of"] == entries[2].body["of"] == 1
    assert entries[2].body["messages"][0]["id"] == "p1"


def test_a_rejection_goes_with_its_comment(desk: Desk) -> None:
    desk.run("sign-in")
    desk.run("fetch", "--drafts", str(desk.drafts))
    desk.decide(Decision.ASK_FOR_CHANGES, "Please write an alt text.")
    assert desk.say("send", "--drafts", str(desk.drafts)).startswith("0 ")
    assert desk.double.decided == {"100": ["REJECT"]}
    (asked,) = [request for request in desk.double.requests if request.url.path.endswith("/reject")]
    assert b"Please write an alt text." in asked.content


def test_a_later_approval_outlives_what_became_of_an_earlier_one(desk: Desk) -> None:
    """Approved, edited in Hootsuite, fetched and approved again; only then is the first one followed."""
    desk.run("sign-in")
    desk.run("fetch", "--drafts", str(desk.drafts))
    desk.decide(Decision.APPROVE)
    desk.run("send", "--drafts", str(desk.drafts))
    desk.double.edit("100", "Leaf Day is on Sunday.")
    desk.double.messages["100"] |= {"state": "PENDING_APPROVAL", "sequenceNumber": 3}
    assert "changed, so no approval of it holds" in desk.say("fetch", "--drafts", str(desk.drafts))
    desk.decide(Decision.APPROVE)
    assert "the approval holds no longer" in desk.say("follow")
    assert "1 decision sent" in desk.say("send", "--drafts", str(desk.drafts))
    assert desk.double.decided == {"100": ["APPROVE", "APPROVE"]}
    desk.double.publish("100")
    desk.run("follow")
    told = [(entry.kind.value, entry.body.get("of")) for entry in Records(desk.folder).list()]
    assert told == [("decision", None), ("decision", None), ("published", 2)]


def test_what_was_changed_on_either_side_is_not_sent(desk: Desk) -> None:
    desk.run("sign-in")
    desk.run("fetch", "--drafts", str(desk.drafts))
    desk.decide(Decision.APPROVE)
    post = desk.place / "post.md"
    text = post.read_text(encoding="utf-8")
    post.write_text(text.replace("Saturday", "Sunday"), encoding="utf-8")
    assert "was changed since entry 1" in desk.say("send", "--drafts", str(desk.drafts))
    post.write_text(text, encoding="utf-8")
    desk.double.edit("100", "Leaf Day is off.")
    told = desk.say("send", "--drafts", str(desk.drafts))
    assert told.startswith("1 ")
    assert "was changed in Hootsuite" in told
    assert desk.double.decided == {}


def test_tokens_are_neither_printed_nor_kept_elsewhere(desk: Desk) -> None:
    told = desk.say("sign-in") + desk.say("fetch", "--drafts", str(desk.drafts))
    for word in ("access-", "refresh-", "code-0", "secret"):
        assert word not in told
    for path in desk.folder.rglob("*"):
        if path.is_file() and path.name != "hootsuite.sqlite":
            assert b"refresh-" not in path.read_bytes(), path


@pytest.mark.parametrize("missing", ["client_id", "secret"])
def test_what_must_be_set_up(desk: Desk, missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if missing == "secret":
        monkeypatch.delenv(commands.SECRET)
    else:
        desk.config.write_text("[hootsuite]\n", encoding="utf-8")
    told = desk.say("fetch", "--drafts", str(desk.drafts))
    assert told.startswith("2 ")
    assert ("POSTCHECK_HOOTSUITE_SECRET" if missing == "secret" else "client_id") in told


def test_the_browser_comes_back_to_this_computer() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    found: list[str] = []
    waiting = threading.Thread(target=lambda: found.append(commands._led_back(f"http://127.0.0.1:{port}/back")))
    waiting.start()
    for path in ("/favicon.ico?state=1", "/back?code=c&state=s"):
        for _ in range(100):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5).close()
                break
            except urllib.error.HTTPError:  # it is not what is waited for
                break
            except OSError:
                time.sleep(0.05)
    waiting.join(10)
    assert found == [f"http://127.0.0.1:{port}/back?code=c&state=s"]


def test_elsewhere_nobody_is_waited_for() -> None:
    assert commands._led_back("https://city.example/back") == ""


@pytest.mark.parametrize(
    ("line", "fine"),
    [
        ('api = "https://platform.hootsuite.com"', True),
        ('api = "http://127.0.0.1:8080"', True),
        ('api = "http://localhost"', True),
        ('api = "http://platform.hootsuite.com"', False),
        ('api = "https://u:p@platform.hootsuite.com"', False),
        ('api = "http://127.0.0.1.example.com"', False),
        ('api = "file:///x"', False),
        ('api = ""', False),
        ('reviewer = "boss"', False),
        ('profiles = {1 = "parks"}', True),
        ("profiles = {1 = 2}", False),
        ('client_secret = "x"', False),
    ],
)
def test_settings(line: str, fine: bool, tmp_path: Path) -> None:
    path = tmp_path / "postcheck.toml"
    path.write_text(f"[hootsuite]\n{line}\n", encoding="utf-8")
    if fine:
        load_config(path)
    else:
        with pytest.raises(ConfigError, match=r"postcheck\.toml:2"):
            load_config(path)
