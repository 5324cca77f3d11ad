"""Who is asking: cookies and proxies, forged and true."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.requests import Request

from postcheck.serving.accounts import LOCAL, PROXY, Accounts, Person, Refusal, Role
from postcheck.serving.identity import Identities, IdentityRefused
from tests.serving.made import HERE, NOW, SECRET, after

Client = tuple[str, int] | None
LOOPBACK: Client = ("127.0.0.1", 40_000)
ELSEWHERE: Client = (HERE, 40_000)
PAT = Person("pat@example.gov", frozenset([Role.PUBLISHER]), PROXY)


def request(*headers: tuple[str, str], client: Client = LOOPBACK, server: Any = ("127.0.0.1", 8400)) -> Request:
    raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    return Request({"type": "http", "method": "GET", "path": "/", "headers": raw, "client": client, "server": server})


def by_password(accounts: Accounts, *, secure: bool = False) -> Identities:
    return Identities(accounts, proxy=False, secure=secure)


def by_proxy(accounts: Accounts) -> Identities:
    return Identities(accounts, proxy=True, secure=True)


def signed_in(identities: Identities, *headers: tuple[str, str]) -> str:
    """The cookie, as `name=token`."""
    answer = identities.sign_in(request(*headers), "jo", SECRET, NOW)
    assert not isinstance(answer, Refusal)
    return answer[1].partition(";")[0]


# Cookies


def test_signing_in_and_out(accounts: Accounts) -> None:
    identities = by_password(accounts)
    assert identities.who(request(), NOW) is None
    cookie = signed_in(identities)
    jo = Person("jo", frozenset([Role.CREATOR, Role.REVIEWER]), LOCAL)
    assert identities.who(request(("cookie", cookie)), NOW) == jo
    assert identities.who(request(("cookie", f"theme=dark; {cookie}; x")), NOW) == jo
    assert identities.sign_out(request(("cookie", cookie))) == "postcheck=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0"
    assert identities.who(request(("cookie", cookie)), NOW) is None  # replayed


@pytest.mark.parametrize("change", ["removed", "roles", "61 minutes", "13 hours"])
def test_a_cookie_that_is_over(accounts: Accounts, change: str) -> None:
    identities, now = by_password(accounts), NOW
    cookie = signed_in(identities)
    match change:
        case "removed":
            accounts.remove("jo")
        case "roles":
            accounts.set_roles("jo", [Role.ADMIN])
        case "61 minutes":
            now = after(minutes=61)
        case _:
            now = after(hours=13)
    assert identities.who(request(("cookie", cookie)), now) is None


@pytest.mark.parametrize(
    ("secure", "name", "ending"),
    [
        (True, "__Host-postcheck", "; Path=/; HttpOnly; SameSite=Lax; Secure"),
        (False, "postcheck", "; Path=/; HttpOnly; SameSite=Lax"),
    ],
)
def test_the_cookie(accounts: Accounts, secure: bool, name: str, ending: str) -> None:
    answer = by_password(accounts, secure=secure).sign_in(request(), "jo", SECRET, NOW)
    assert not isinstance(answer, Refusal)
    assert answer[1].startswith(f"{name}=")
    assert answer[1].endswith(ending)
    assert len(answer[1]) == len(name) + 1 + 43 + len(ending)
    assert "Domain" not in answer[1]


def test_over_https_the_plain_cookie_counts_for_nothing(accounts: Accounts) -> None:
    token = signed_in(by_password(accounts)).partition("=")[2]
    secure = by_password(accounts, secure=True)
    for name in ("postcheck", "__host-postcheck", "__Secure-postcheck", "X__Host-postcheck", "__Host-postcheck2"):
        assert secure.who(request(("cookie", f"{name}={token}")), NOW) is None
    assert secure.who(request(("cookie", f"__Host-postcheck={token}")), NOW) is not None


@pytest.mark.parametrize("value", ["", "x", "x" * 43, "x" * 1_000_000, "'; --", '"', "%00", "é" * 43])
def test_a_forged_cookie(accounts: Accounts, value: str) -> None:
    signed_in(by_password(accounts))
    assert by_password(accounts).who(request(("cookie", f"postcheck={value}")), NOW) is None


def test_a_repeated_cookie_is_refused(accounts: Accounts) -> None:
    identities = by_password(accounts)
    cookie = signed_in(identities)
    for headers in (
        [("cookie", f"{cookie}; {cookie}")],
        [("cookie", f"{cookie}; postcheck=x")],
        [("cookie", f"postcheck=;{cookie}")],
        [("cookie", cookie), ("cookie", "postcheck=x")],
        [("cookie", cookie), ("Cookie", " postcheck =x")],
    ):
        with pytest.raises(IdentityRefused) as raised:
            identities.who(request(*headers), NOW)
        assert raised.value.status == 400
        with pytest.raises(IdentityRefused):
            identities.sign_in(request(*headers), "jo", SECRET, NOW)
    identities.sign_out(request(("cookie", f"{cookie}; postcheck=x")))
    assert identities.who(request(("cookie", cookie)), NOW) is None


def test_a_session_cannot_be_fixed_beforehand(accounts: Accounts) -> None:
    """An attacker plants a token of their own, or one that is none, before somebody signs in."""
    identities = by_password(accounts)
    planted = signed_in(identities)
    fresh = signed_in(identities, ("cookie", planted))
    assert fresh != planted
    assert identities.who(request(("cookie", planted)), NOW) is None
    assert identities.who(request(("cookie", fresh)), NOW) is not None
    made_up = "postcheck=" + "x" * 43
    assert signed_in(identities, ("cookie", made_up)) != made_up
    assert identities.who(request(("cookie", made_up)), NOW) is None


def test_a_wrong_password_ends_no_session_and_sets_no_cookie(accounts: Accounts) -> None:
    identities = by_password(accounts)
    cookie = signed_in(identities)
    assert identities.sign_in(request(("cookie", cookie)), "jo", "wrong", NOW) == Refusal(0, looked=True)
    assert identities.who(request(("cookie", cookie)), NOW) is not None


def test_attempts_are_counted_by_the_peers_address(accounts: Accounts) -> None:
    identities = by_password(accounts)
    for _ in range(6):
        forged = request(("x-forwarded-for", THERE_TOO), client=ELSEWHERE)
        identities.sign_in(forged, "jo", "wrong", NOW)
    assert isinstance(identities.sign_in(request(client=ELSEWHERE), "jo", SECRET, NOW), Refusal)
    assert not isinstance(identities.sign_in(request(client=None), "jo", SECRET, NOW), Refusal)


THERE_TOO = "198.51.100.9"


def test_without_a_proxy_its_headers_count_for_nothing(accounts: Accounts) -> None:
    identities = by_password(accounts)
    forged = [
        ("x-forwarded-user", "pat@example.gov"),
        ("x-forwarded-email", "pat@example.gov"),
        ("x_forwarded_user", "jo"),
    ]
    assert identities.who(request(*forged), NOW) is None
    person = identities.who(request(("cookie", signed_in(identities)), *forged), NOW)
    assert person is not None
    assert (person.name, person.issuer) == ("jo", LOCAL)


# Proxies

USER, EMAIL = ("x-forwarded-user", "pat@example.gov"), ("x-forwarded-email", "pat@example.gov")


@pytest.mark.parametrize(
    "headers",
    [
        [USER],
        [EMAIL],
        [USER, EMAIL],
        [("X-Forwarded-User", "PAT@Example.gov")],
        [USER, ("x-forwarded-email", "somebody.else@example.gov")],
        [USER, ("x-forwarded-for", HERE)],
    ],
)
def test_the_proxy_says_who_it_is(accounts: Accounts, headers: list[tuple[str, str]]) -> None:
    assert by_proxy(accounts).who(request(*headers), NOW) == PAT


@pytest.mark.parametrize(
    ("client", "server"),
    [
        (("127.0.0.1", 1), ("127.0.0.1", 8400)),
        (("127.8.9.10", 1), ("127.0.0.1", 8400)),
        (("::1", 1), ("::1", 8400)),
        (("::ffff:127.0.0.1", 1), ("::", 8400)),
        (None, ("/run/postcheck.sock", None)),
    ],
)
def test_peers_on_this_computer(accounts: Accounts, client: Client, server: Any) -> None:
    assert by_proxy(accounts).who(request(USER, client=client, server=server), NOW) == PAT


@pytest.mark.parametrize(
    ("client", "server"),
    [
        ((HERE, 1), ("192.0.2.9", 8400)),
        (("10.0.0.1", 1), ("10.0.0.2", 8400)),
        (("::ffff:10.0.0.1", 1), ("::", 8400)),
        (("::", 1), ("::", 8400)),
        (("0.0.0.0", 1), ("0.0.0.0", 8400)),
        (("128.0.0.1", 1), ("0.0.0.0", 8400)),
        (("2001:db8::1", 1), ("::", 8400)),
        (("localhost", 1), ("127.0.0.1", 8400)),
        (("", 1), ("127.0.0.1", 8400)),
        (("127.0.0.1.example.com", 1), ("127.0.0.1", 8400)),
        (None, ("0.0.0.0", 8400)),  # hung up before the server asked for its address
        (None, None),
    ],
)
def test_peers_elsewhere_are_refused(accounts: Accounts, client: Client, server: Any) -> None:
    for headers in ([USER], [EMAIL], [("x-forwarded-user", "")], [USER, ("x-forwarded-for", "127.0.0.1")]):
        with pytest.raises(IdentityRefused) as raised:
            by_proxy(accounts).who(request(*headers, client=client, server=server), NOW)
        assert raised.value.status == 403
    assert by_proxy(accounts).who(request(client=client, server=server), NOW) is None


@pytest.mark.parametrize(
    "headers",
    [
        [USER, USER],
        [USER, ("x-forwarded-user", "jo")],
        [USER, ("X-Forwarded-User", "jo")],
        [EMAIL, EMAIL],
        [USER, EMAIL, EMAIL],
        [("x-forwarded-user", "jo,pat@example.gov")],
        [("x-forwarded-user", "pat@example.gov,")],
        [("x-forwarded-user", "")],
        [("x-forwarded-user", "  ")],
        [("x-forwarded-user", ""), EMAIL],
        [("x-forwarded-user", "p" * 101)],
        [("x-forwarded-user", "p\xe4t@example.gov")],
        [USER, ("x_forwarded_user", "jo")],
        [("x_forwarded_user", "jo")],
        [("X-Forwarded_User", "jo")],
        [USER, ("x_forwarded-email", "jo")],
    ],
)
def test_headers_that_are_refused(accounts: Accounts, headers: list[tuple[str, str]]) -> None:
    with pytest.raises(IdentityRefused) as raised:
        by_proxy(accounts).who(request(*headers), NOW)
    assert raised.value.status == 400


@pytest.mark.parametrize("name", ["sam", "pat", "pat@example.gov.evil.example", "<script>", "jo\0", "j0", "gone"])
def test_who_has_no_account_is_told(accounts: Accounts, name: str) -> None:
    accounts.add("gone", [Role.CREATOR], None)
    accounts.remove("gone")
    with pytest.raises(IdentityRefused) as raised:
        by_proxy(accounts).who(request(("x-forwarded-user", name)), NOW)
    assert raised.value.status == 403


def test_with_a_proxy_cookies_and_passwords_count_for_nothing(accounts: Accounts) -> None:
    token = signed_in(by_password(accounts)).partition("=")[2]
    identities = by_proxy(accounts)
    cookie = ("cookie", f"__Host-postcheck={token}; postcheck={token}; __Host-postcheck=x")
    assert identities.who(request(cookie), NOW) is None
    assert identities.who(request(cookie, USER), NOW) == PAT
    with pytest.raises(IdentityRefused) as raised:
        identities.sign_in(request(), "jo", SECRET, NOW)
    assert raised.value.status == 403
    assert "Max-Age=0" in identities.sign_out(request(cookie))
    assert by_password(accounts).who(request(("cookie", f"postcheck={token}")), NOW) is not None


def test_roles_come_from_the_account_at_once(accounts: Accounts) -> None:
    identities = by_proxy(accounts)
    given = request(USER, ("x-forwarded-groups", "admin"), ("x-forwarded-roles", "admin"))
    assert identities.who(given, NOW) == PAT
    accounts.set_roles("pat@example.gov", [Role.RECORDS])
    person = identities.who(given, NOW)
    assert person is not None
    assert person.roles == {Role.RECORDS}
