"""Requests: windows, pages, waiting and trying again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from postcheck.errors import UsageError
from postcheck.hootsuite.client import digest_of, read_message
from postcheck.hootsuite.http import LONGEST, TRIES, Refused, SignInAgain, Unanswered, told_to_wait
from tests.hootsuite.double import NOW, Double, FakeClock
from tests.hootsuite.test_approval import City


@pytest.fixture
def city(tmp_path: Path) -> City:
    return City(tmp_path)


def test_all_that_waits_is_found_over_windows_and_pages(city: City) -> None:
    for number in range(25):
        city.double.add(str(number), days=number * 14 - 20)  # up to 316 days ahead
    city.double.add("now", days=None)
    city.double.add("edge", days=28)
    city.double.add("far", days=400)
    city.double.add("other")
    city.double.decide("other", "APPROVE", "8002")
    city.double.page = 2
    found = [message.id for message in city.client.waiting()]
    assert sorted(found) == sorted([*map(str, range(25)), "now", "edge"])


def test_requests_are_no_more_than_twenty_in_a_second(city: City) -> None:
    began = city.clock.time
    for number in range(250):
        city.double.add(str(number))
    city.double.page = 5
    assert len(list(city.client.waiting())) == 250
    asked = len(city.double.requests) - 1
    assert asked > 50
    assert city.clock.time - began >= (asked - 1) / 20 - 0.001


def test_a_list_without_end_is_not_used(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    city.double.add("1")
    endless = httpx.Response(200, json={"data": [], "metadata": {"cursor": {"next": "a"}}})
    monkeypatch.setattr(city.double, "_listed", lambda _: endless)
    with pytest.raises(UsageError, match="has no end"):
        list(city.client.waiting())


@pytest.mark.parametrize("fault", ["429", "500-before", "cut-before", "cut-after", "500-after", "no-connection"])
def test_reading_is_tried_again(city: City, fault: str) -> None:
    city.double.add("1")
    left = [fault] * (TRIES - 1)
    city.double.fault = lambda _: left.pop() if left else ""
    assert city.client.message("1") is not None


@pytest.mark.parametrize("fault", ["429", "500-before", "cut-before", "no-connection"])
def test_but_not_forever(city: City, fault: str) -> None:
    city.double.fault = lambda _: fault
    before = len(city.double.requests)
    with pytest.raises(Unanswered, match="Try again later"):
        city.client.message("1")
    assert len(city.double.requests) - before == TRIES
    assert sum(city.clock.slept) <= LONGEST


def test_it_waits_as_long_as_it_is_told_and_not_for_hours(city: City) -> None:
    city.double.add("1")
    left = ["429"]
    city.double.fault = lambda _: left.pop() if left else ""
    city.double.retry_after = format_datetime(NOW + timedelta(seconds=30), usegmt=True)
    assert city.client.message("1") is not None
    assert max(city.clock.slept) == pytest.approx(30, abs=1)
    left.append("429")
    city.double.retry_after = "3600"
    with pytest.raises(Unanswered):
        city.client.message("1")


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("12", 12.0), ("", None), ("soon", None), ("-3", None), ("Mon, 01 Mar 2027 11:00:00 GMT", 0.0)],
)
def test_retry_after(said: str, seconds: float | None) -> None:
    response = httpx.Response(429, headers={"Retry-After": said})
    assert told_to_wait(response, NOW.timestamp()) == seconds


def test_a_token_that_is_taken_no_more_is_renewed_once(city: City) -> None:
    city.double.add("1")
    city.double.expire()
    assert city.client.message("1") is not None

    def expire(_: httpx.Request) -> str:
        city.double.expire()
        return ""

    city.double.fault = expire
    with pytest.raises(SignInAgain):
        city.client.message("1")


def test_what_is_refused_is_told_without_a_second_try(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    said = {"errors": [{"code": 4009, "message": "Not\x1b[2J yours"}]}
    monkeypatch.setattr(city.double, "_answer", lambda _: httpx.Response(403, json=said))
    before = len(city.double.requests)
    with pytest.raises(Refused, match="code 4009") as raised:
        city.client.message("1")
    assert len(city.double.requests) == before + 1
    assert "\x1b" not in str(raised.value)


@pytest.mark.parametrize("name", ["../tokens", "", "a/b", "1?x=2", "ü", "1" * 65])
def test_ids_lead_nowhere_else(city: City, name: str) -> None:
    before = len(city.double.requests)
    with pytest.raises(UsageError):
        city.client.message(name)
    assert len(city.double.requests) == before
    with pytest.raises(UsageError, match="not understood"):
        read_message({"id": name, "state": "SENT"})


@pytest.mark.parametrize("told", [[], "x", {"data": 3}, {"data": {"id": "1"}}, {}])
def test_answers_that_are_not_understood(city: City, told: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(city.double, "_answer", lambda _: httpx.Response(200, json=told))
    with pytest.raises(UsageError, match="not understood"):
        city.client.message("1")


def test_history_is_read_oldest_first(city: City) -> None:
    city.double.add("1")
    city.double.act("1", "EDIT", "8002")
    city.double.histories["1"].reverse()
    assert [action.kind for action in city.client.history("1")] == ["CREATE", "EDIT"]
    assert city.client.history("2") == ()


CHANGES: list[tuple[dict[str, Any], bool]] = [
    ({"text": "Other."}, True),
    ({"scheduledSendTime": "2027-03-05T12:00:00Z"}, True),
    ({"media": [{"id": "abc", "thumbnailId": None}]}, True),
    ({"mediaUrls": [{"url": "https://static.example/a.jpg"}]}, True),
    ({"location": {"latitude": 45.5, "longitude": -122.6}}, True),
    ({"targeting": {"facebookPage": {"countries": ["US"]}}}, True),
    ({"socialProfile": {"id": "12"}}, True),
    ({"state": "SCHEDULED"}, False),
    ({"sequenceNumber": 2}, False),
    ({"tags": ["parks"]}, False),
    ({"reviewers": []}, False),
    ({"location": None, "targeting": {"facebookPage": None}}, False),
]


@pytest.mark.parametrize(("change", "differs"), CHANGES)
def test_the_digest_is_over_what_is_published(change: dict[str, Any], differs: bool) -> None:
    double = Double(lambda: NOW.timestamp())
    double.add("1")
    message = double.messages["1"]
    assert (digest_of({**message, **change}) != digest_of(message)) == differs


def test_the_clock_of_the_double_stands_still() -> None:
    clock = FakeClock()
    now: Callable[[], float] = clock.clock().now
    assert datetime.fromtimestamp(now(), UTC) == NOW
