"""Accounts, passwords and sessions."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from postcheck.errors import UsageError
from postcheck.serving import passwords
from postcheck.serving.accounts import LOCAL, PROXY, Accounts, Person, Refusal, Role
from postcheck.serving.passwords import Busy, Passwords, judge, passphrase
from postcheck.serving.words import WORDS
from tests.serving.made import HERE, NOW, SECRET, THERE, Counting, after, opened, signed_in


def calls(accounts: Accounts) -> list[str]:
    hasher = accounts._passwords._hasher
    assert isinstance(hasher, Counting)
    return hasher.calls


# Names


@pytest.mark.parametrize(
    "name",
    [
        "", " ", "a b", "-jo", "jo.", ".", "jo/x", "j\no", "jo\0x", "jo,pat", "jö", "jо", "j\u200bo", "j" * 101, "j" * 10_000,
        "<b>", "jo;x",
    ],
)  # fmt: skip
def test_what_is_no_name_is_refused(accounts: Accounts, name: str) -> None:
    with pytest.raises(UsageError, match="cannot be an account's name"):
        accounts.add(name, [Role.CREATOR], SECRET)


@pytest.mark.parametrize("name", ["JO", "Jo", " jo\n", "ｊｏ", "j0"])
def test_a_name_that_is_there_or_looks_like_it_is_refused(accounts: Accounts, name: str) -> None:
    with pytest.raises(UsageError, match=r"already|taken for"):
        accounts.add(name, [Role.CREATOR], SECRET)


@pytest.mark.parametrize(
    ("one", "other"), [("lan", "Ian"), ("modern", "modem"), ("a.b", "a-b"), ("wim", "vvim"), ("k1m", "kim")]
)
def test_names_that_read_alike(accounts: Accounts, one: str, other: str) -> None:
    accounts.add(one, [Role.CREATOR], None)
    with pytest.raises(UsageError, match="may be taken for"):
        accounts.add(other, [Role.CREATOR], None)


@pytest.mark.parametrize("name", ["J.Rivera", "a", "7", "r.reviewer@example.gov", "x_y-z", "j" * 100])
def test_names_are_kept_as_they_are_written(accounts: Accounts, name: str) -> None:
    accounts.add(name, [Role.RECORDS], SECRET)
    person = accounts.check(name.upper(), SECRET, HERE, NOW)
    assert person == Person(name, frozenset([Role.RECORDS]), LOCAL)


def test_an_account_has_a_role(accounts: Accounts) -> None:
    with pytest.raises(UsageError, match="at least one role"):
        accounts.add("sam", [], SECRET)
    with pytest.raises(UsageError, match="at least one role"):
        accounts.set_roles("jo", [])


def test_a_removed_name_is_never_given_again(accounts: Accounts) -> None:
    accounts.remove("jo", after(days=1))
    for name in ("jo", "JO"):
        with pytest.raises(UsageError, match="given to nobody else"):
            accounts.add(name, [Role.CREATOR], SECRET)
    with pytest.raises(UsageError, match="may be taken for"):
        accounts.add("j0", [Role.CREATOR], SECRET)
    changes: tuple[Callable[[], None], ...] = (
        lambda: accounts.set_password("jo", SECRET),
        lambda: accounts.set_roles("jo", [Role.ADMIN]),
        lambda: accounts.remove("jo"),
    )
    for change in changes:
        with pytest.raises(UsageError, match="was removed"):
            change()
    assert [(one.name, one.removed) for one in accounts.list()] == [("jo", after(days=1)), ("pat@example.gov", None)]
    assert isinstance(accounts.check("jo", SECRET, HERE, after(days=2)), Refusal)
    assert accounts.person("jo", PROXY) is None


def test_who_is_not_there_is_told(accounts: Accounts) -> None:
    with pytest.raises(UsageError, match="no account `sam`"):
        accounts.set_password("sam", SECRET)
    with pytest.raises(UsageError, match="no account `sam`"):
        accounts.remove("sam")
    assert accounts.person("sam", PROXY) is None


# The file


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_the_file_is_for_its_owner_alone(accounts: Accounts) -> None:
    accounts.check("jo", "wrong", HERE, NOW)
    for path in accounts.path.parent.iterdir():
        assert path.stat().st_mode & 0o777 == 0o600, path
    accounts.close()
    accounts.path.chmod(0o644)
    accounts.person("jo", PROXY)
    assert accounts.path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM accounts",
        "UPDATE accounts SET name = 'sam' WHERE name = 'jo'",
        "UPDATE accounts SET removed = NULL",
        "INSERT OR REPLACE INTO accounts SELECT * FROM accounts",
    ],
)
def test_the_file_refuses_to_lose_a_name(accounts: Accounts, statement: str) -> None:
    accounts.remove("jo")
    with pytest.raises(UsageError, match=r"never|stays"), accounts._store.writing() as base:
        base.execute(statement)
    assert len(accounts.list()) == 2


def test_neither_passwords_nor_tokens_nor_unknown_names_are_in_the_file(accounts: Accounts) -> None:
    token = accounts.open_session(signed_in(accounts), NOW)
    accounts.check("typed into the wrong field", "x", HERE, NOW)
    accounts.close()
    content = accounts.path.read_bytes()
    for secret in (SECRET, token, "typed into"):
        assert secret.encode() not in content


def test_a_file_of_others_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "accounts.sqlite"
    with closing(sqlite3.connect(path)) as base:
        base.execute("CREATE TABLE theirs (x)")
    before = path.read_bytes()
    with pytest.raises(UsageError, match="another program"):
        Accounts(path).add("jo", [Role.CREATOR], SECRET)
    assert path.read_bytes() == before
    path.write_text("no base at all, but a text that is long enough to be looked at" * 20)
    with pytest.raises(UsageError, match="cannot be read or written"):
        Accounts(path).person("jo", PROXY)


def test_nothing_is_made_by_listing(tmp_path: Path) -> None:
    assert Accounts(tmp_path / "new" / "accounts.sqlite").list() == ()
    assert not (tmp_path / "new").exists()


def test_another_file_in_its_place_is_seen(accounts: Accounts, tmp_path: Path) -> None:
    token = accounts.open_session(signed_in(accounts), NOW)
    other = opened(tmp_path / "other")
    other.remove("jo")
    other.close()
    other.path.replace(accounts.path)
    for name in ("-wal", "-shm"):
        accounts.path.with_name(accounts.path.name + name).unlink(missing_ok=True)
    assert accounts.person_of(token, NOW) is None


def test_several_processes_add_one_name_once(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom pathlib import Path\nfrom postcheck.serving.accounts import Accounts, Role\n"
        "from postcheck.errors import UsageError\n"
        "accounts = Accounts(Path(sys.argv[1]))\n"
        "try:\n    accounts.add('jo', [Role.CREATOR], None)\nexcept UsageError as error:\n"
        "    assert 'already' in str(error), error\n    print('no')\nelse:\n    print('yes')\n"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "accounts.sqlite")]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    assert sorted(one.communicate(timeout=60)[0].strip() for one in running) == ["no", "no", "no", "yes"]


# Passwords


@pytest.mark.parametrize(
    "password",
    [
        "",
        "elevenchars",
        "x" * 1_001,
        "password1234",
        "PASSWORD1234",
        "aaaaaaaaaaaaaaa",
        "abcabcabcabcabc",
        "123456789012",
        "210987654321",
        "abcdefghijklm",
        "qwertyuiopas",
        "correct horse battery staple",
        "r.reviewer@example.gov",
        "R.Reviewer@Example.gov1",
        "r.reviewerr.reviewer",
        "half of \ud83d a pair",
    ],
)
def test_passwords_that_are_refused(password: str) -> None:
    with pytest.raises(UsageError) as raised:
        judge(password, "r.reviewer@example.gov")
    assert len(password) < 5 or password not in str(raised.value)


@pytest.mark.parametrize(
    "password",
    [
        "elevenchars1",
        "x y" * 100 + "z" * 700,
        "ein Eichhörnchen 🐿 auf dem Dach",
        "   spaces count   ",
        "owl maple thistle",
    ],
)
def test_passwords_that_are_taken(accounts: Accounts, password: str) -> None:
    judge(password, "r.reviewer@example.gov")
    accounts.set_password("jo", password)
    assert isinstance(accounts.check("jo", password, HERE, NOW), Person)
    assert isinstance(accounts.check("jo", password + "x", HERE, NOW), Refusal)


def test_the_same_letters_in_another_form_are_the_same_password(accounts: Accounts) -> None:
    accounts.set_password("jo", "cafe\u0301 du monde 9")
    assert isinstance(accounts.check("jo", "caf\u00e9 du monde 9", HERE, NOW), Person)


def test_generated_passphrases() -> None:
    assert len(set(WORDS)) == len(WORDS) == 256
    assert all(word.isascii() and word.islower() and word.isalpha() for word in WORDS)
    made = {passphrase() for _ in range(100)}
    assert len(made) == 100
    for password in made:
        judge(password, "jo")


def test_a_wrong_name_is_as_much_work_as_a_wrong_password(accounts: Accounts) -> None:
    accounts.add("gone", [Role.CREATOR], SECRET)
    accounts.remove("gone")
    answers, work = set(), set()
    accounts.check("jo", "wrong", THERE, NOW)  # with the first attempt the hash that is nobody's is made
    for name in ("jo", "sam", "pat@example.gov", "gone", "", "no name at all\0", "\ud800", "n" * 100_000):
        calls(accounts).clear()
        answers.add(accounts.check(name, "wrong", HERE, NOW))
        work.add(tuple(calls(accounts)))
    assert answers == {Refusal(0, looked=True)}
    assert work == {("verify",)}


def test_a_megabyte_does_not_reach_argon2(accounts: Accounts) -> None:
    calls(accounts).clear()
    assert isinstance(accounts.check("jo", "x" * 1_000_000, HERE, NOW), Refusal)
    assert isinstance(accounts.check("jo", "\ud800" * 12, HERE, NOW), Refusal)
    assert "verify" not in calls(accounts)


def test_without_a_password_nothing_signs_in(accounts: Accounts) -> None:
    for password in ("", "None", SECRET):
        assert isinstance(accounts.check("pat@example.gov", password, HERE, NOW), Refusal)
    assert accounts.person("PAT@example.gov", PROXY) == Person("pat@example.gov", frozenset([Role.PUBLISHER]), PROXY)


def test_a_hash_by_other_parameters_is_made_anew_and_ends_no_session(tmp_path: Path) -> None:
    with closing(opened(tmp_path)) as accounts:
        token = accounts.open_session(signed_in(accounts), NOW)
    with closing(Accounts(tmp_path / "accounts.sqlite", hasher=Counting(time_cost=2))) as accounts:
        signed_in(accounts)
        assert calls(accounts).count("hash") == 2  # the one that is nobody's, and jo's
        signed_in(accounts)
        assert calls(accounts).count("hash") == 2
        assert accounts.person_of(token, NOW) is not None


def test_a_password_that_changes_meanwhile_is_the_one_that_counts(
    accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_right = Passwords.is_right

    def meanwhile(self: Passwords, kept: str | None, password: str) -> bool:
        answer = is_right(self, kept, password)
        accounts.set_password("jo", "another one altogether")
        return answer

    monkeypatch.setattr(Passwords, "is_right", meanwhile)
    assert isinstance(accounts.check("jo", SECRET, HERE, NOW), Refusal)


def test_no_more_than_two_at_once_and_eight_in_line(monkeypatch: pytest.MonkeyPatch) -> None:
    go, at_work, most, busy = threading.Event(), 0, 0, 0
    lock = threading.Lock()

    class Slow(Counting):
        def verify(self, *_: object) -> bool:
            nonlocal at_work, most
            with lock:
                at_work, most = at_work + 1, max(most, at_work + 1)
            go.wait(30)
            with lock:
                at_work -= 1
            return False

    guarded = Passwords(Slow())

    def attempt() -> None:
        nonlocal busy
        try:
            guarded.is_right(None, "x")
        except Busy:
            with lock:
                busy += 1
                if busy == 10:
                    go.set()

    threads = [threading.Thread(target=attempt) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert (most, busy, at_work) == (passwords._AT_ONCE, 20 - passwords._AT_ONCE - passwords._IN_LINE, 0)


def test_who_is_sent_away_for_want_of_a_turn_has_not_failed(
    accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(self: Passwords, kept: str | None, password: str) -> bool:
        raise Busy

    with monkeypatch.context() as patch:
        patch.setattr(Passwords, "is_right", busy)
        for _ in range(10):
            assert accounts.check("jo", SECRET, HERE, NOW) == Refusal(2, looked=False)
    signed_in(accounts)


# Sessions


def test_a_session_is_its_persons(accounts: Accounts) -> None:
    token = accounts.open_session(signed_in(accounts), NOW)
    assert accounts.person_of(token, after(minutes=5)) == Person("jo", frozenset([Role.CREATOR, Role.REVIEWER]), LOCAL)
    assert token != accounts.open_session(signed_in(accounts), NOW)


@pytest.mark.parametrize(
    "token", ["", "x", "x" * 43, "x" * 100_000, "é" * 43, "\ud800" * 43, "x" * 42 + "\n", "' OR 1=1 --"]
)
def test_what_is_no_token(accounts: Accounts, token: str) -> None:
    accounts.open_session(signed_in(accounts), NOW)
    assert accounts.person_of(token, NOW) is None
    accounts.end_session(token)


def test_the_kept_hash_is_no_token(accounts: Accounts) -> None:
    accounts.open_session(signed_in(accounts), NOW)
    with accounts._store.reading() as base:
        (digest,) = base.execute("SELECT token FROM sessions").fetchone()
    assert accounts.person_of(digest.hex()[:43], NOW) is None


@pytest.mark.parametrize(("moment", "holds"), [(after(minutes=59), True), (after(minutes=60), False), (after(minutes=61), False), (after(minutes=-4), True), (after(minutes=-6), False)])  # fmt: skip
def test_a_session_ends_when_nothing_is_asked(accounts: Accounts, moment: datetime, holds: bool) -> None:
    token = accounts.open_session(signed_in(accounts), NOW)
    assert (accounts.person_of(token, moment) is not None) is holds
    if not holds:  # and stays ended, whatever the clock does next
        assert accounts.person_of(token, NOW) is None


def test_a_session_ends_after_twelve_hours_of_work(accounts: Accounts) -> None:
    token = accounts.open_session(signed_in(accounts), NOW)
    for half_hours in range(1, 24):
        assert accounts.person_of(token, after(minutes=30 * half_hours)) is not None
    assert accounts.person_of(token, after(hours=12)) is None
    assert accounts.person_of(token, after(hours=13)) is None


def test_a_session_is_written_to_once_a_minute(accounts: Accounts) -> None:
    token = accounts.open_session(signed_in(accounts), NOW)
    with closing(sqlite3.connect(accounts.path, isolation_level=None)) as base:

        def changes() -> int:
            return int(base.execute("PRAGMA data_version").fetchone()[0])

        before = changes()
        for second in range(60):
            accounts.person_of(token, after(seconds=second))
        assert changes() == before
        accounts.person_of(token, after(seconds=60))
        assert changes() != before


@pytest.mark.parametrize("how", ["sign-out", "end_all", "remove", "password", "roles", "same roles"])
def test_a_session_ends_at_once(accounts: Accounts, tmp_path: Path, how: str) -> None:
    token = accounts.open_session(signed_in(accounts), NOW)
    accounts.add("sam", [Role.CREATOR], SECRET)
    others = accounts.open_session(signed_in(accounts, "sam"), NOW)
    with closing(Accounts(accounts.path, hasher=Counting())) as elsewhere:  # as at the command line
        match how:
            case "sign-out":
                elsewhere.end_session(token)
            case "end_all":
                elsewhere.end_all("JO")
            case "remove":
                elsewhere.remove("jo")
            case "password":
                elsewhere.set_password("jo", "another one altogether")
            case "roles":
                elsewhere.set_roles("jo", [Role.CREATOR])
            case _:
                elsewhere.set_roles("jo", [Role.CREATOR, Role.REVIEWER])
    assert accounts.person_of(token, after(seconds=1)) is None
    assert accounts.person_of(others, after(seconds=1)) is not None


def test_no_session_for_what_was_changed_since(accounts: Accounts) -> None:
    before = signed_in(accounts)
    accounts.set_roles("jo", [Role.CREATOR])
    with pytest.raises(UsageError, match="changed a moment ago"):
        accounts.open_session(before, NOW)
    with pytest.raises(UsageError, match="changed a moment ago"):
        accounts.open_session(Person("jo", frozenset(Role), LOCAL), NOW)
    accounts.remove("jo")
    with pytest.raises(UsageError, match="was removed"):
        accounts.open_session(before, NOW)


def test_ended_sessions_leave_the_file(accounts: Accounts) -> None:
    for hour in range(30):
        accounts.open_session(signed_in(accounts, now=after(hours=hour)), after(hours=hour))
    with accounts._store.reading() as base:
        assert base.execute("SELECT count(*) FROM sessions").fetchone()[0] == 1


def test_a_moment_without_a_zone_is_a_fault(accounts: Accounts) -> None:
    with pytest.raises(ValueError, match="time zone"):
        accounts.check("jo", SECRET, HERE, NOW.replace(tzinfo=None))


def test_many_threads_ask_at_once(accounts: Accounts) -> None:
    token, wrong = accounts.open_session(signed_in(accounts), NOW), []

    def ask() -> None:
        for number in range(40):
            if accounts.person_of(token, after(seconds=7 * number)) is None:
                wrong.append(number)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not wrong
