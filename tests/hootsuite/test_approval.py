"""Decisions reach Hootsuite once, whatever breaks in between."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from postcheck.errors import UsageError
from postcheck.hootsuite import store as stores
from postcheck.hootsuite.approval import Decision, Ending, Publication, follow, resume, send, sent
from postcheck.hootsuite.client import Client
from postcheck.hootsuite.http import Access, Unanswered
from postcheck.hootsuite.store import Store
from tests.hootsuite.double import Double, FakeClock, access_to, signed_in


class City:
    """One city's side: a store, a client, and the server's double."""

    def __init__(self, folder: Path) -> None:
        self.clock = FakeClock()
        self.double = Double(lambda: self.clock.time)
        self.store = Store(folder)
        self.access = access_to(self.double, self.clock)
        self.client = Client(signed_in(self.double, self.store, self.access))

    def decision(self, message: str = "100", entry: int = 1, *, approve: bool = True) -> Decision:
        found = self.client.message(message)
        assert found is not None
        assert found.sequence is not None
        reason = "" if approve else "Alt text is missing."
        return Decision(entry, f"hootsuite/{message}", message, approve, reason, found.sequence, found.digest)

    def send(self, decision: Decision, reviewer: str = "MEMBER") -> Ending:
        return send(self.client, self.store, decision, reviewer).ending

    def fail(self, *faults: str, on: str = "/approve") -> None:
        """The next requests whose path ends so fail like that, one after the other."""
        left = list(faults)
        self.double.fault = lambda request: left.pop(0) if left and request.url.path.endswith(on) else ""

    def asked(self, ending: str) -> int:
        return sum(request.url.path.endswith(ending) for request in self.double.requests)


@pytest.fixture
def city(tmp_path: Path) -> City:
    city = City(tmp_path)
    city.double.add("100")
    return city


@pytest.mark.parametrize("reviewer", ["EXTERNAL", "MEMBER"])
@pytest.mark.parametrize("approve", [True, False])
def test_a_decision_is_sent(city: City, reviewer: str, approve: bool) -> None:
    decision = city.decision(approve=approve)
    assert city.send(decision, reviewer) is Ending.DONE
    assert city.double.decided == {"100": ["APPROVE" if approve else "REJECT"]}
    assert city.send(decision, reviewer) is Ending.DONE, "sent again, it is not asked for again"
    assert city.asked("/approve") + city.asked("/reject") == 1
    assert [(one.entry, one.ending) for one in sent(city.store)] == [(1, Ending.DONE)]


@pytest.mark.parametrize("reviewer", ["EXTERNAL", "MEMBER"])
@pytest.mark.parametrize("fault", ["429", "500-before", "500-after", "cut-before", "cut-after", "no-connection"])
def test_a_lost_answer_is_looked_for_before_it_is_sent_again(city: City, fault: str, reviewer: str) -> None:
    decision = city.decision()
    city.fail(fault)
    assert city.send(decision, reviewer) is Ending.DONE
    assert city.double.decided == {"100": ["APPROVE"]}
    assert city.asked("/approve") == (1 if fault.endswith("after") else 2)
    assert city.double.superfluous == 0


def test_where_no_answer_comes_it_stays_open_and_is_settled_later(city: City) -> None:
    decision = city.decision()
    city.fail(*["500-before"] * 99)
    assert city.send(decision) is Ending.OPEN
    assert city.asked("/approve") <= 5
    assert sum(city.clock.slept) <= 120
    city.fail("cut-after", *["cut-before"] * 99)
    assert [one.ending for one in resume(city.client, city.store)] == [Ending.DONE]
    assert resume(city.client, city.store) == []
    assert city.double.decided == {"100": ["APPROVE"]}


def test_what_cannot_be_read_is_not_decided(city: City) -> None:
    decision = city.decision()
    city.fail("cut-after", on="/approve")
    inner = city.double.fault
    city.double.fault = lambda request: inner(request) or ("500-before" if city.double.decided else "")
    with pytest.raises(Unanswered):
        city.send(decision)
    city.double.fault = lambda _: ""
    assert city.send(decision) is Ending.DONE
    assert city.asked("/approve") == 1


def test_a_message_that_was_edited_after_it_was_checked_is_not_approved(city: City) -> None:
    decision = city.decision()
    city.double.edit("100", "Leaf Day is off.")
    assert city.send(decision) is Ending.CHANGED
    assert not city.double.decided
    assert sent(city.store) == []


def test_an_edit_between_two_tries_is_seen(city: City) -> None:
    decision = city.decision()
    city.fail("500-before")
    inner = city.double.fault

    def fault(request: httpx.Request) -> str:
        found = inner(request)
        if found:
            city.double.edit("100", "Leaf Day is off.")
        return found

    city.double.fault = fault
    assert city.send(decision) is Ending.CHANGED
    assert not city.double.decided


@pytest.mark.parametrize("kind", ["APPROVE", "REJECT"])
def test_somebody_else_was_faster(city: City, kind: str) -> None:
    decision = city.decision()
    city.double.decide("100", kind, "8002")
    assert city.send(decision) is Ending.OVERTAKEN
    assert not city.double.decided


def test_somebody_else_is_faster_at_the_last_moment(city: City) -> None:
    """Between our look and our request: the sequence number is stale, and the history tells whose decision it was."""
    decision = city.decision()

    def fault(request: httpx.Request) -> str:
        if request.url.path.endswith("/approve"):
            city.double.decide("100", "APPROVE", "8002")
        return ""

    city.double.fault = fault
    assert city.send(decision) is Ending.OVERTAKEN
    assert not city.double.decided


def test_an_earlier_step_of_the_same_account_is_not_taken_for_this_one(city: City) -> None:
    city.double.act("100", "APPROVE", "7001")
    city.double.messages["100"]["sequenceNumber"] = 2
    decision = city.decision()
    city.fail("500-before")
    assert city.send(decision) is Ending.DONE
    assert city.double.decided == {"100": ["APPROVE"]}


def test_the_other_decision_of_the_same_account_is_seen(city: City) -> None:
    decision = city.decision()
    city.fail("500-before")
    inner = city.double.fault

    def fault(request: httpx.Request) -> str:
        found = inner(request)
        if found:
            city.double.decide("100", "REJECT", "7001")
        return found

    city.double.fault = fault
    assert city.send(decision) is Ending.OVERTAKEN


def test_another_step_needs_a_new_look(city: City) -> None:
    decision = city.decision()
    city.double.messages["100"]["sequenceNumber"] = 2
    assert city.send(decision) is Ending.OVERTAKEN
    assert city.send(replace(decision, sequence=2)) is Ending.DONE


def test_a_message_that_is_gone(city: City) -> None:
    decision = city.decision()
    city.double.delete("100")
    assert city.send(decision) is Ending.GONE


def test_an_account_that_may_not_decide(city: City) -> None:
    decision = city.decision()
    city.double.allows = False
    told = send(city.client, city.store, decision)
    assert told.ending is Ending.REFUSED
    assert "Insufficient organization permissions" in told.told
    assert city.asked("/approve") == 1
    assert resume(city.client, city.store) == []


def test_a_sign_in_that_holds_no_longer_is_renewed_before_deciding(city: City) -> None:
    decision = city.decision()
    city.client.me()
    # the message is read, then the token ends: the decision itself gets 401
    city.double.after = lambda request: (
        city.double.expire() if request.url.path == "/v1/messages/100" and not city.asked("/approve") else None
    )
    assert city.send(decision) is Ending.DONE
    assert city.double.decided == {"100": ["APPROVE"]}


def test_a_number_of_the_record_stands_for_one_decision(city: City) -> None:
    decision = city.decision()
    city.double.add("200")
    assert city.send(decision) is Ending.DONE
    with pytest.raises(UsageError, match="Is it another record"):
        city.send(replace(decision, message="200"))


def test_an_open_decision_is_settled_before_a_later_one_of_the_same_message(city: City) -> None:
    first = city.decision(entry=1)
    city.fail(*["cut-before"] * 99)
    assert city.send(first) is Ending.OPEN
    city.double.fault = lambda _: ""
    assert city.send(replace(first, entry=2, approve=False, reason="No.")) is Ending.OVERTAKEN
    assert city.double.decided == {"100": ["APPROVE"]}


def test_another_account_goes_on_with_what_is_open(city: City) -> None:
    city.double.act("100", "APPROVE", "7002")  # at an earlier step
    decision = city.decision()
    city.fail(*["cut-before"] * 99)
    assert city.send(decision) is Ending.OPEN
    city.double.fault = lambda _: ""
    city.client.tokens.note_member("7002")
    assert [one.ending for one in resume(city.client, city.store)] == [Ending.DONE]
    assert city.double.decided == {"100": ["APPROVE"]}


# Afterwards


class Told:
    def __init__(self) -> None:
        self.voided: list[tuple[str, str]] = []
        self.published: list[tuple[str, Publication]] = []

    def follow(self, city: City) -> list[str]:
        return list(
            follow(
                city.client,
                city.store,
                void=lambda draft, _, reason: self.voided.append((draft, reason)),
                published=lambda draft, one: self.published.append((draft, one)),
            )
        )


def test_what_was_sent_is_noted_once(city: City) -> None:
    assert city.send(city.decision()) is Ending.DONE
    told = Told()
    assert told.follow(city) == []
    city.double.publish("100")
    assert told.follow(city) == ["hootsuite/100: Hootsuite has published it."]
    assert told.follow(city) == []
    ((draft, one),) = told.published
    assert (draft, one.entry, one.message, one.post, one.url) == (
        "hootsuite/100",
        1,
        "100",
        "p1",
        "https://www.facebook.com/p1",
    )
    assert one.time.endswith("Z")
    assert told.voided == []


def test_an_edit_after_the_approval_voids_it_once(city: City) -> None:
    assert city.send(city.decision()) is Ending.DONE
    city.double.edit("100", "Leaf Day is off.")
    told = Told()
    told.follow(city)
    city.double.publish("100")
    told.follow(city)
    assert told.voided == [("hootsuite/100", "It was edited in Hootsuite after it was checked.")]
    assert len(told.published) == 1


def test_an_edit_between_our_look_and_the_approval_voids_it(city: City) -> None:
    """Hootsuite need not count an edit as a step: then the approval goes through, and is void at once."""
    decision = city.decision()

    def fault(request: httpx.Request) -> str:
        if request.url.path.endswith("/approve"):
            city.double.edit("100", "Leaf Day is off.")
        return ""

    city.double.fault = fault
    assert city.send(decision) is Ending.DONE
    told = Told()
    told.follow(city)
    assert [draft for draft, _ in told.voided] == ["hootsuite/100"]


@pytest.mark.parametrize(
    ("what", "voids", "follows_on"),
    [("delete", 1, False), ("reject", 1, True), ("fail", 0, False), ("nothing", 0, True)],
)
def test_other_ends(city: City, what: str, voids: int, follows_on: bool) -> None:
    assert city.send(city.decision()) is Ending.DONE
    if what == "delete":
        city.double.delete("100")
    elif what == "reject":
        city.double.decide("100", "REJECT", "8002")
    elif what == "fail":
        city.double.messages["100"]["state"] = "SEND_FAILED_PERMANENTLY"
    told = Told()
    told.follow(city)
    assert len(told.voided) == voids
    asked = len(city.double.requests)
    told.follow(city)
    assert (len(city.double.requests) > asked) == follows_on
    assert len(told.voided) == voids


def test_a_message_that_is_away_while_it_is_sent_is_not_taken_for_deleted(city: City) -> None:
    assert city.send(city.decision()) is Ending.DONE
    message = city.double.messages.pop("100")
    told = Told()
    told.follow(city)
    assert told.voided == []
    city.double.messages["100"] = message
    city.double.publish("100")
    told.follow(city)
    assert len(told.published) == 1


# At random


class Crash(BaseException):
    """postcheck is killed here."""


FAULTS = ("429", "500-before", "500-after", "cut-before", "cut-after", "no-connection", "expire")


@contextmanager
def crashing(city: City, dice: random.Random, patch: pytest.MonkeyPatch) -> Iterator[Callable[[bool], None]]:
    """Kills postcheck now and then: before and after each request, and before and after each write."""
    on = False

    def step() -> None:
        if on and dice.random() < 0.04:
            raise Crash

    def switch(value: bool) -> None:
        nonlocal on
        on = value

    handle = city.double.handle

    def handled(request: httpx.Request) -> httpx.Response:
        step()
        response = handle(request)
        step()
        return response

    city.access = replace(city.access, transport=httpx.MockTransport(handled))
    writing = Store.writing

    @contextmanager
    def written(self: Store) -> Iterator[Any]:
        step()
        with writing(self) as base:
            yield base
        step()

    patch.setattr(Store, "writing", written)
    yield switch
    patch.setattr(Store, "writing", writing)


def play(folder: Path, seed: int, patch: pytest.MonkeyPatch) -> None:
    dice = random.Random(seed)
    city = City(folder)
    messages = [str(100 + number) for number in range(3)]
    for message in messages:
        city.double.add(message)
    decisions = [city.decision(message, n, approve=dice.random() < 0.7) for n, message in enumerate(messages, 1)]
    reviewer = dice.choice(("EXTERNAL", "MEMBER"))

    def fault(request: httpx.Request) -> str:
        if dice.random() > 0.25:
            return ""
        chosen = dice.choice(FAULTS)
        if chosen == "expire":
            city.double.expire()
            return ""
        return chosen

    with crashing(city, dice, patch) as switch:
        for _ in range(400):
            city.double.fault = fault
            switch(True)
            client = Client(type(city.client.tokens)(Store(folder), city.access))
            try:
                resume(client, client.tokens.store)
                for decision in decisions:
                    send(client, client.tokens.store, decision, reviewer)
            except Crash:
                pass
            except UsageError:
                switch(False)
                city.double.fault = lambda _: ""
                if not client.tokens.is_signed_in:
                    signed_in(city.double, client.tokens.store, city.access)
            city.clock.time += dice.choice((1, 60, 1800))
            endings = [one.ending for one in sent(city.store)]
            if endings == [Ending.DONE] * 3:
                break
        else:
            pytest.fail(f"seed {seed}: {endings}")
    wanted = {one.message: ["APPROVE" if one.approve else "REJECT"] for one in decisions}
    assert city.double.decided == wanted, seed
    assert city.double.superfluous == 0, seed


@pytest.mark.slow
@pytest.mark.parametrize("part", range(5))
def test_each_message_is_decided_once_whatever_breaks(
    part: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stores, "_SYNCHRONOUS", "OFF")  # no power is lost here
    for seed in range(part * 100, (part + 1) * 100):
        play(tmp_path / str(seed), seed, monkeypatch)


def test_the_secret_is_not_shown() -> None:
    assert "hush" not in repr(Access("https://hootsuite.example", "client", "hush"))
