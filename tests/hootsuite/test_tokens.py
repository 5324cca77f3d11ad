"""Signing in and staying signed in, with refresh tokens that can be used once."""

from __future__ import annotations

import os
import sqlite3
import stat
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest

from postcheck.errors import UsageError
from postcheck.hootsuite.http import NotSent, SignInAgain, Unanswered, needed
from postcheck.hootsuite.store import Store
from postcheck.hootsuite.tokens import Tokens
from tests.hootsuite.double import REDIRECT, Double, FakeClock, access_to, signed_in


class Crash(BaseException):
    """postcheck is killed here."""


class Side(SimpleNamespace):
    clock: FakeClock
    double: Double
    store: Store
    tokens: Tokens

    def refreshes(self) -> int:
        return sum(request.url.path == "/oauth2/token" for request in self.double.requests) - 1

    def fail(self, *faults: str) -> None:
        left = list(faults)
        self.double.fault = lambda request: left.pop(0) if left and request.url.path == "/oauth2/token" else ""


@pytest.fixture
def side(tmp_path: Path) -> Side:
    clock = FakeClock()
    double = Double(lambda: clock.time)
    store = Store(tmp_path)
    return Side(clock=clock, double=double, store=store, tokens=signed_in(double, store, access_to(double, clock)))


def test_signing_in(side: Side) -> None:
    assert side.tokens.is_signed_in
    assert side.tokens.access() == side.tokens.access()
    assert side.refreshes() == 0
    side.tokens.sign_out()
    with pytest.raises(SignInAgain, match="postcheck hootsuite sign-in"):
        side.tokens.access()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such rights")
def test_only_the_owner_may_read_the_tokens(side: Side) -> None:
    assert stat.S_IMODE(side.store.path.stat().st_mode) == 0o600


def test_an_old_token_does_not_stay_in_the_file(side: Side) -> None:
    old = side.tokens.access()
    side.tokens.access(rejected=old)
    with sqlite3.connect(side.store.path) as base:
        (kept,) = base.execute("SELECT access FROM tokens").fetchone()
    base.close()
    content = side.store.path.read_bytes()
    assert kept.encode() in content
    assert old.encode() not in content


@pytest.mark.parametrize(
    "wrong",
    [
        lambda answer: answer.replace("state=", "state=x"),
        lambda _: "code=only",
        lambda _: "",
        lambda answer: answer.replace("code=", "error=access_denied&no="),
    ],
)
def test_an_address_of_no_sign_in_is_refused(side: Side, wrong: Callable[[str], str]) -> None:
    answer = side.double.sign_in_page(side.tokens.begin(REDIRECT))
    before = len(side.double.requests)
    with pytest.raises(UsageError):
        side.tokens.finish(wrong(answer))
    assert len(side.double.requests) == before


def test_a_code_is_never_asked_for_twice(side: Side) -> None:
    answer = side.double.sign_in_page(side.tokens.begin(REDIRECT))
    side.fail("500-after")
    with pytest.raises(UsageError):
        side.tokens.finish(answer)
    with pytest.raises(UsageError, match="no sign-in of the last ten minutes"):
        side.tokens.finish(answer)


def test_a_sign_in_ends_after_ten_minutes(side: Side) -> None:
    answer = side.double.sign_in_page(side.tokens.begin(REDIRECT))
    side.clock.time += 601
    with pytest.raises(UsageError, match="ten minutes"):
        side.tokens.finish(answer)


@pytest.mark.parametrize(("seconds", "refreshes"), [(3298, 0), (3299, 1), (5000, 1)])
def test_a_token_is_renewed_before_its_end(side: Side, seconds: int, refreshes: int) -> None:
    side.clock.time += seconds
    side.tokens.access()
    side.tokens.access()
    assert side.refreshes() == refreshes
    assert side.double.reused == 0


def test_a_rejected_token_is_renewed_once(side: Side) -> None:
    old = side.tokens.access()
    new = side.tokens.access(rejected=old)
    assert new != old
    assert side.tokens.access(rejected=old) == new, "somebody else may have renewed it"
    assert side.refreshes() == 1


def test_several_at_once_renew_once(side: Side) -> None:
    side.clock.time += 5000
    found: list[str] = []
    sides = [Tokens(Store(side.store.path.parent.parent), side.tokens.given) for _ in range(8)]
    threads = [threading.Thread(target=lambda one=one: found.append(one.access())) for one in sides]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1
    assert side.refreshes() == 1


@pytest.mark.parametrize("fault", ["cut-after", "500-after"])
def test_a_lost_answer_ends_in_signing_in_again_and_says_so(side: Side, fault: str) -> None:
    """The token was used up. While the old access token holds it serves; then the token is tried once more."""
    side.clock.time += 3400
    side.fail(fault)
    old = side.tokens.access()
    side.clock.time += 100
    assert side.tokens.access() == old
    assert side.refreshes() == 1, "not blindly again"
    side.clock.time += 200
    with pytest.raises(SignInAgain, match="broke off"):
        side.tokens.access()
    assert side.refreshes() == 2
    assert not side.tokens.is_signed_in


@pytest.mark.parametrize("fault", ["cut-before", "500-before"])
def test_a_request_that_never_arrived_is_made_once_more(side: Side, fault: str) -> None:
    side.clock.time += 3400
    side.fail(fault)
    old = side.tokens.access()
    side.clock.time += 300
    assert side.tokens.access() != old
    assert side.refreshes() == 2


def test_without_an_answer_the_token_is_tried_twice_and_no_more(side: Side) -> None:
    side.fail(*["cut-before"] * 9)
    side.clock.time += 5000
    for _ in range(2):
        with pytest.raises(Unanswered):
            side.tokens.access()
    with pytest.raises(SignInAgain):
        side.tokens.access()
    assert side.refreshes() == 2


def test_no_connection_costs_no_try(side: Side) -> None:
    side.fail(*["no-connection"] * 9)
    side.clock.time += 5000
    for _ in range(9):
        with pytest.raises(Unanswered):
            side.tokens.access()
    assert side.tokens.access()


def test_too_many_requests_are_waited_for(side: Side) -> None:
    side.fail("429", "429")
    side.clock.time += 3400
    side.tokens.access()
    assert side.clock.slept == [7, 7]
    assert side.double.reused == 0


@pytest.mark.parametrize("at", ["asking", "storing"])
def test_a_crash_between_the_answer_and_our_storing_is_noticed(
    side: Side, at: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object, **__: object) -> None:
        raise Crash

    side.clock.time += 5000
    with monkeypatch.context() as patch:
        if at == "storing":
            patch.setattr(Tokens, "_keep", crash)
        else:
            side.double.after = crash
        with pytest.raises(Crash):
            side.tokens.access()
    side.double.after = lambda _: None
    again = Tokens(Store(side.store.path.parent.parent), side.tokens.given)
    with pytest.raises(SignInAgain, match="broke off"):
        again.access()
    assert side.refreshes() == 2
    with pytest.raises(SignInAgain, match="Nobody is signed in"):
        again.access()


def test_a_crash_before_asking_costs_nothing(side: Side, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object, **__: object) -> None:
        raise Crash

    side.clock.time += 5000
    with monkeypatch.context() as patch:
        patch.setattr(Tokens, "_asked", crash)
        with pytest.raises(Crash):
            side.tokens.access()
    assert side.tokens.access()


def test_hootsuite_ends_a_sign_in(side: Side) -> None:
    side.double._refresh.clear()
    side.clock.time += 3400
    with pytest.raises(SignInAgain, match="ended the sign-in \\(invalid_grant\\)") as raised:
        side.tokens.access()
    assert "refresh-" not in str(raised.value), "what the server says may quote the token"


def test_a_wrong_secret_costs_no_sign_in(side: Side) -> None:
    side.clock.time += 3400
    wrong = Tokens(side.store, replace(side.tokens.given, secret="other"))
    with pytest.raises(UsageError, match="POSTCHECK_HOOTSUITE_SECRET"):
        wrong.access()
    assert side.tokens.access()


def test_tokens_are_in_no_message(side: Side, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    side.clock.time += 5000
    side.fail("cut-after", "cut-after")
    with pytest.raises(Unanswered) as raised:
        side.tokens.access()
    said = f"{raised.value} {raised.value.__cause__} {caplog.text} {side.tokens.given!r} {side.tokens._pair()!r}"
    for word in ("refresh-", "access-", "secret'"):
        assert word not in said


def test_without_the_packages_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "authlib", None)
    with pytest.raises(UsageError, match=r"pip install 'postcheck\[hootsuite\]'"):
        needed()


def test_an_answer_without_a_token(side: Side) -> None:
    side.clock.time += 5000
    given = replace(side.tokens.given, transport=httpx.MockTransport(lambda _: httpx.Response(200, json=[])))
    with pytest.raises(Unanswered, match="no token"):
        Tokens(side.store, given).access()


def test_no_connection_is_its_own_error() -> None:
    assert not issubclass(NotSent, Unanswered)
