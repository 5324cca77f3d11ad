"""How often somebody may try, and that nobody is locked out by somebody else."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path

import pytest

from postcheck.serving import attempts
from postcheck.serving.accounts import Accounts, Person, Refusal, Role
from tests.serving.made import HERE, NOW, SECRET, THERE, Counting, after, signed_in


def fail(accounts: Accounts, times: int, name: str = "jo", address: str = HERE) -> Refusal:
    answers = [accounts.check(name, "wrong", address, NOW) for _ in range(times)]
    assert isinstance(answers[-1], Refusal)
    return answers[-1]


def rows(accounts: Accounts) -> int:
    with accounts._store.reading() as base:
        return int(base.execute("SELECT count(*) FROM attempts").fetchone()[0])


def test_waiting_grows_to_a_quarter_of_an_hour(accounts: Accounts) -> None:
    waits, now = [], NOW
    for _ in range(18):
        answer = accounts.check("jo", "wrong", HERE, now)
        assert isinstance(answer, Refusal)
        assert answer.looked
        waits.append(answer.retry_after)
        now += timedelta(seconds=answer.retry_after)
    assert waits == [0, 0, 0, 0, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900, 900, 900]


def test_during_a_wait_the_right_password_is_refused_and_nothing_counts(accounts: Accounts) -> None:
    assert fail(accounts, 6) == Refusal(2, looked=False)
    hasher = accounts._passwords._hasher
    assert isinstance(hasher, Counting)
    hasher.calls.clear()
    for _ in range(100):
        assert accounts.check("jo", SECRET, HERE, after(seconds=1)) == Refusal(1, looked=False)
    assert hasher.calls == []
    assert isinstance(accounts.check("jo", SECRET, HERE, after(seconds=2)), Person)
    assert fail(accounts, 4) == Refusal(0, looked=True)  # a right password begins anew


def test_failures_are_forgotten_with_time(accounts: Accounts) -> None:
    fail(accounts, 4)
    for hour in range(1, 10):
        assert accounts.check("jo", "wrong", HERE, after(hours=hour)) == Refusal(0, looked=True)


def test_a_restart_and_another_process_know_of_it(accounts: Accounts) -> None:
    fail(accounts, 5)
    accounts.close()
    again = Accounts(accounts.path, hasher=Counting())
    assert again.check("JO", SECRET, HERE, NOW) == Refusal(2, looked=False)
    again.close()


def test_names_that_are_not_there_wait_in_the_same_way(accounts: Accounts) -> None:
    known = [accounts.check("jo", "wrong", HERE, NOW) for _ in range(8)]
    assert [accounts.check("sam", "wrong", THERE, NOW) for _ in range(8)] == known


def test_a_hundred_at_the_same_moment_are_a_hundred(accounts: Accounts) -> None:
    answers: list[Person | Refusal] = []
    threads = [
        threading.Thread(target=lambda: answers.append(accounts.check("jo", "wrong", HERE, NOW))) for _ in range(40)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sum(answer.looked for answer in answers if isinstance(answer, Refusal)) <= 5


def test_an_address_that_tries_many_names_waits_and_others_do_not(accounts: Accounts) -> None:
    for number in range(30):
        assert fail(accounts, 1, f"name{number}").looked
    assert accounts.check("jo", SECRET, HERE, NOW) == Refusal(2, looked=False)
    assert isinstance(accounts.check("jo", SECRET, THERE, NOW), Person)


def test_signing_in_with_ones_own_password_between_wipes_nothing_out(accounts: Accounts) -> None:
    accounts.add("mallory", [Role.CREATOR], SECRET)
    looked = 0
    for number in range(60):
        signed_in_or_not = accounts.check("mallory", SECRET, HERE, NOW)
        assert number > 30 or isinstance(signed_in_or_not, Person)
        looked += fail(accounts, 1, f"name{number}").looked
    assert looked == 30


def test_who_signed_in_here_is_not_held_up_by_others_here(accounts: Accounts) -> None:
    signed_in(accounts)
    for number in range(40):
        fail(accounts, 1, f"name{number}")
    signed_in(accounts)
    assert fail(accounts, 6) == Refusal(2, looked=False)  # with this name here it counts all the same
    accounts.add("sam", [Role.CREATOR], SECRET)
    assert isinstance(accounts.check("sam", SECRET, HERE, NOW), Refusal)


def test_one_attacker_who_never_stops_locks_nobody_out_elsewhere(accounts: Accounts) -> None:
    """A week of an attempt as soon as it is looked at: others at new addresses sign in at any time."""
    now, tried, refused = NOW, 0, []
    while now < NOW + timedelta(days=7):
        answer = accounts.check("jo", "wrong", HERE, now)
        assert isinstance(answer, Refusal)
        tried += answer.looked
        if tried % 10 == 0 and not isinstance(accounts.check("jo", SECRET, f"203.0.113.{tried % 250}", now), Person):
            refused.append(now)
        now += timedelta(seconds=max(1, answer.retry_after))
    assert not refused
    assert tried < 7 * 100 + 20


def test_many_attackers_hold_up_new_addresses_and_not_known_ones(accounts: Accounts) -> None:
    signed_in(accounts)
    for number in range(60):
        fail(accounts, 1, "jo", f"203.0.113.{number}")
    answer = accounts.check("jo", SECRET, THERE, NOW)
    assert isinstance(answer, Refusal)
    assert not answer.looked
    assert answer.retry_after <= 300
    signed_in(accounts)  # at the address of always
    assert isinstance(accounts.check("jo", SECRET, THERE, after(hours=1)), Person)


def test_many_attackers_have_few_guesses_a_day(accounts: Accounts) -> None:
    now, looked, number = NOW, 0, 0
    while now < NOW + timedelta(days=1):
        answer = accounts.check("jo", "wrong", f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}", now)
        assert isinstance(answer, Refusal)
        looked += answer.looked
        number += 1
        now += timedelta(seconds=max(1, answer.retry_after))
    assert looked < 50 + 300


def test_an_address_is_known_for_a_month_and_until_the_password_changes(accounts: Accounts) -> None:
    def is_known(**time: float) -> bool:
        with accounts._store.reading() as base:
            return attempts._is_known(base, 1, HERE, after(**time).timestamp())

    assert not is_known()
    signed_in(accounts)
    assert is_known(days=29)
    assert not is_known(days=31)
    accounts.set_password("jo", "another one altogether")
    assert not is_known()


def test_a_new_password_ends_the_waiting(accounts: Accounts) -> None:
    fail(accounts, 6)
    accounts.set_password("jo", SECRET)
    signed_in(accounts)


def test_known_addresses_are_no_more_than_twenty(accounts: Accounts) -> None:
    for number in range(30):
        now = after(minutes=number)
        assert isinstance(accounts.check("jo", SECRET, f"203.0.113.{number}", now), Person)
    with accounts._store.reading() as base:
        found = {address for (address,) in base.execute("SELECT address FROM known")}
    assert found == {f"203.0.113.{number}" for number in range(10, 30)}


def test_a_flood_of_names_does_not_fill_the_file(accounts: Accounts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempts, "MOST", 100)
    fail(accounts, 5)
    for number in range(200):
        fail(accounts, 1, f"name{number}", f"203.0.113.{number}")
        assert rows(accounts) <= 101
    assert accounts.check("jo", SECRET, HERE, NOW) == Refusal(2, looked=False)  # what counts is not washed away


def test_a_clock_that_is_set_back_locks_nobody_out(accounts: Accounts) -> None:
    for hours in range(20):
        accounts.check("jo", "wrong", HERE, after(hours=10, minutes=20 * hours))
    answer = accounts.check("jo", SECRET, HERE, NOW)
    assert isinstance(answer, Refusal)
    assert answer.retry_after <= 900


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:200::1", "2001:db8:1:200::/56"),
        ("2001:db8:1:2ff:ffff::9", "2001:db8:1:200::/56"),
        ("fe80::1%eth0", "fe80::/56"),
        ("testclient", "elsewhere"),
        ("", "here"),
        (None, "here"),
    ],
)
def test_what_is_one_address(address: str | None, place: str) -> None:
    assert attempts.place(address) == place


def test_limits_end_where_they_say(tmp_path: Path) -> None:
    for limit in (attempts.NAME_AT_ADDRESS, attempts.ADDRESS, attempts.NAME):
        assert limit.wait(limit.free - 1) == 0
        assert limit.wait(limit.free - 0.5) == limit.first
        assert limit.wait(limit.free) == limit.first
        assert limit.wait(limit.ceiling) == limit.most
        assert limit.wait(limit.ceiling - 1) < limit.most
