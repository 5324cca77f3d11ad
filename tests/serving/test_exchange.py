"""What waits in Hootsuite, in the queue; and what was decided there, back in Hootsuite. Against the double of its server."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from postcheck.config import load_config
from postcheck.hootsuite.connecting import SECRET, connected
from postcheck.review.approving import Approving
from postcheck.review.decisions import Checked, Decision, Reviewer
from postcheck.review.records import Records
from postcheck.review.standing import Stage
from postcheck.serving.accounts import Accounts, Role
from postcheck.serving.checking import Checker, Rules
from postcheck.serving.exchange import Exchange
from tests.hootsuite.double import Double, serve

ROBIN = Reviewer("robin", "local", "reviewer")
NAME = "posts/hootsuite/100"


@dataclass
class City:
    folder: Path
    double: Double
    exchange: Exchange
    approving: Approving
    checker: Checker
    accounts: Accounts

    def stage(self) -> Stage:
        return self.approving.standings.of(NAME).stage

    def decide(self, decision: Decision, comment: str = "") -> None:
        looked = self.checker.look(NAME, self.folder / NAME)
        seen = self.approving.standings.of(NAME).sequence
        checked = Checked(looked.draft, looked.report, looked.veil)  # type: ignore[arg-type] # it can be read
        self.approving.decide(
            checked, reviewer=ROBIN, decision=decision, shown=looked.digest, seen=seen, comment=comment
        )


@pytest.fixture
def city(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[City]:
    double = Double(time.time)
    double.add("100", days=None)
    monkeypatch.setenv(SECRET, "secret")
    path = tmp_path / "postcheck.toml"
    with serve(double) as api:
        path.write_text(
            f'select = ["alt-text/missing"]\n[hootsuite]\nclient_id = "client"\napi = "{api}/"\nreviewer = "member"\n',
            "utf-8",
        )
        config = load_config(path)
        tokens, _ = connected(config, tmp_path)
        tokens.finish(double.sign_in_page(tokens.begin("http://127.0.0.1:8790/")))
        checker = Checker(Rules(path, "", tmp_path / "posts"))
        approving = Approving(Records(tmp_path), config)
        accounts = Accounts(tmp_path)
        accounts.add("casey", {Role.CREATOR}, None)
        exchange = Exchange(tmp_path, tmp_path / "posts", config, approving, checker, accounts, every=60)
        yield City(tmp_path, double, exchange, approving, checker, accounts)
        checker.close()


def test_a_message_waits_in_the_queue_and_its_approval_goes_back(city: City) -> None:
    city.exchange.once()
    asked, lines = city.exchange.told()
    assert (asked is not None, lines) == (True, ())
    assert city.stage() is Stage.SUBMITTED
    city.decide(Decision.APPROVE)
    city.exchange.once()
    city.exchange.once()
    assert city.double.decided == {"100": ["APPROVE"]}
    city.double.publish("100")
    city.exchange.once()
    assert city.stage() is Stage.PUBLISHED


def test_a_message_is_refused_with_its_reason(city: City) -> None:
    city.exchange.once()
    city.decide(Decision.REJECT, "This street is closed only on Sunday.")
    city.exchange.once()
    assert city.double.decided == {"100": ["REJECT"]}


def test_an_edit_after_the_approval_voids_it_and_the_message_waits_again(city: City) -> None:
    city.exchange.once()
    city.decide(Decision.APPROVE)
    city.double.edit("100", "Leaf Day is on Sunday.")
    city.exchange.once()
    assert city.double.decided == {}, "what was approved is not what is there"
    assert city.stage() is Stage.SUBMITTED
    kinds = [entry.kind.value for entry in city.approving.records.list()]
    assert kinds == ["submitted", "decision", "voided", "submitted"]


def test_who_takes_a_message_hands_it_in(city: City) -> None:
    """Somebody here writes what Hootsuite has no place for, such as an alt text."""
    city.exchange.once()
    post = city.folder / NAME / "post.md"
    text = post.read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("author:")]
    post.write_text("\n".join([lines[0], "author: casey", *lines[1:]]), encoding="utf-8")
    city.exchange.once()
    looked = city.checker.look(NAME, city.folder / NAME)
    assert city.approving.standings.of(NAME).stage_of(looked.digest) is Stage.WRITING


def test_what_goes_wrong_is_told_and_tried_again(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(SECRET)
    city.exchange.once()
    assert "POSTCHECK_HOOTSUITE_SECRET" in city.exchange.told()[1][0]
    monkeypatch.setenv(SECRET, "secret")
    city.exchange.once()
    assert city.exchange.told()[1] == ()
