"""Who is asking: by the cookie of a session, or where a proxy signs people in, by its header. Never by both.

The proxy's header is believed only of a peer on this computer. The peer is what the server saw itself: run it without
rewriting addresses by `X-Forwarded-For` (uvicorn: `proxy_headers=False`), or whoever sends that header is everywhere.
"""

from __future__ import annotations

import ipaddress
from datetime import datetime
from typing import TYPE_CHECKING

from postcheck.errors import PostcheckError
from postcheck.messages import say
from postcheck.serving.accounts import PROXY, Accounts, Person, Refusal
from postcheck.serving.naming import LONGEST

if TYPE_CHECKING:
    from starlette.requests import Request

SECURE_COOKIE = "__Host-postcheck"
"""A browser takes it only over https, from this very host and for all its paths: no other host can put one there."""
PLAIN_COOKIE = "postcheck"
"""On the loopback of one's own computer, where there is no https."""
_USER, _EMAIL = b"x-forwarded-user", b"x-forwarded-email"


class IdentityRefused(PostcheckError):
    """Nobody can be told to be asking, and the page says so. `status` is that of the answer."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class Identities:
    """
    Args:
        accounts: Names and roles come from there, in either mode.
        proxy: A proxy signs people in. Passwords and sessions then count for nothing.
        secure: People reach the page over https.
    """

    def __init__(self, accounts: Accounts, *, proxy: bool, secure: bool) -> None:
        self._accounts = accounts
        self.proxy = proxy
        self.secure = secure
        self.cookie_name = SECURE_COOKIE if secure else PLAIN_COOKIE

    def who(self, request: Request, now: datetime) -> Person | None:
        """None where nobody is signed in.

        Raises:
            IdentityRefused: 400 or 403, with what is wrong with the cookie or the proxy's header.
            UsageError: the accounts cannot be read.
        """
        if self.proxy:
            return self._by_proxy(request)
        token = self._token(request)
        return self._accounts.person_of(token, now) if token else None

    def sign_in(self, request: Request, name: str, password: str, now: datetime) -> tuple[Person, str] | Refusal:
        """The person, and the value of the `Set-Cookie` header to answer with; or why not.

        The session is always a new one, and the one that the browser came with is ended: a token that somebody else put
        there becomes nobody's.

        Raises:
            IdentityRefused: a proxy signs people in; the cookie is there twice.
            UsageError: the accounts cannot be read or written.
        """
        if self.proxy:
            raise IdentityRefused(403, say("Here you are signed in by your city's sign-in page, not by a password."))
        before = self._token(request)
        found = self._accounts.check(name, password, request.client.host if request.client else None, now)
        if isinstance(found, Refusal):
            return found
        if before:
            self._accounts.end_session(before)
        return found, self._cookie(self._accounts.open_session(found, now))

    def sign_out(self, request: Request) -> str:
        """End the session. The value of the `Set-Cookie` header that takes the cookie away.

        Every session that the request names is ended, also where it names several.

        Raises:
            UsageError: the accounts cannot be written.
        """
        if not self.proxy:
            for token in self._tokens(request):
                self._accounts.end_session(token)
        return self._cookie("") + "; Max-Age=0"

    def _cookie(self, token: str) -> str:
        """Without an end of its own: it goes with the browser, and the session ends by itself."""
        secure = "; Secure" if self.secure else ""
        return f"{self.cookie_name}={token}; Path=/; HttpOnly; SameSite=Lax{secure}"

    def _token(self, request: Request) -> str:
        tokens = self._tokens(request)
        if len(tokens) > 1:  # one of them was put there by somebody else, and nobody knows which
            raise IdentityRefused(
                400,
                say(
                    "Your browser sent the cookie {name} twice. Delete the cookies of this page, and sign in again.",
                    name=self.cookie_name,
                ),
            )
        return tokens[0] if tokens else ""

    def _tokens(self, request: Request) -> list[str]:
        pairs = [
            pair.partition("=")
            for header in _values(request, b"cookie")
            for pair in header.decode("latin-1").split(";")
        ]
        return [value.strip(" \t") for name, equals, value in pairs if equals and name.strip(" \t") == self.cookie_name]

    def _by_proxy(self, request: Request) -> Person | None:
        users, emails = _values(request, _USER), _values(request, _EMAIL)
        for name, _ in request.scope["headers"]:
            # Some programs read an underscore as a hyphen: who sends one tries to pass by the proxy.
            if name.lower() not in (_USER, _EMAIL) and name.lower().replace(b"_", b"-") in (_USER, _EMAIL):
                raise IdentityRefused(400, say("The request has a header that only looks like that of the proxy."))
        if not users and not emails:
            return None
        if not is_local(request):
            raise IdentityRefused(403, say("A header that says who you are is taken from the proxy only."))
        if len(users) > 1 or len(emails) > 1:
            raise IdentityRefused(400, say("The proxy's header that says who you are is there twice."))
        (value,) = users or emails
        name = value.decode("ascii", "replace")
        if not name.strip() or b"," in value or not value.isascii() or len(value) > LONGEST:
            raise IdentityRefused(400, say("The proxy's header that says who you are holds no name."))
        person = self._accounts.person(name, PROXY)
        if person is None:
            raise IdentityRefused(
                403, say("You are signed in as {name}, and there is no account of that name here.", name=name)
            )
        return person


def is_local(request: Request) -> bool:
    """Is the peer on this computer: on the loopback, or at a Unix socket?

    Without an address of the peer it is a Unix socket only where our own has a path and no port. A peer that hung up at
    once has none either.
    """
    if request.client is None:
        server = request.scope.get("server")
        return server is not None and server[1] is None
    try:
        ip = ipaddress.ip_address(request.client.host)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped is not None:
        ip = ip.ipv4_mapped
    return ip.is_loopback


def _values(request: Request, wanted: bytes) -> list[bytes]:
    """Each as it came. Put together, two headers of a name would be one value."""
    return [value for name, value in request.scope["headers"] if name.lower() == wanted]
