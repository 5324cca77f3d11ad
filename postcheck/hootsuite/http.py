"""What tokens and requests share: the library, the errors, and how long is waited."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from postcheck.errors import UsageError
from postcheck.version import __version__

if TYPE_CHECKING:
    import httpx

SECONDS = 30.0
"""To wait for an answer."""
TRIES = 5
LONGEST = 120.0
"""Seconds that are waited between the tries of one request, all together."""


class Unanswered(UsageError):
    """Hootsuite gave no answer that tells whether it did what it was asked."""


class NotSent(UsageError):
    """No connection came about, so Hootsuite knows nothing of the request."""


class Refused(UsageError):
    """Hootsuite said no."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class SignInAgain(UsageError):
    """Nobody is signed in to Hootsuite, or the sign-in holds no longer."""


@dataclass(frozen=True, slots=True)
class Clock:
    """Times and waiting, for tests to take the place of."""

    now: Callable[[], float] = time.time
    """Seconds since 1970."""
    ticks: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


@dataclass(frozen=True, slots=True)
class Access:
    """Which Hootsuite, as whom."""

    api: str
    """Its address, without a slash at the end."""
    client_id: str
    secret: str = field(repr=False)
    transport: Any = None
    """In place of the network, for tests."""
    clock: Clock = field(default_factory=Clock)

    def client(self) -> httpx.Client:
        client: httpx.Client = needed().Client(
            base_url=self.api,
            transport=self.transport,
            verify=trusted(),
            timeout=SECONDS,
            follow_redirects=False,
            headers={"User-Agent": f"postcheck/{__version__}"},
        )
        return client


@cache
def trusted() -> ssl.SSLContext:
    """Whom to believe. Reading it anew for each request would take longer than the request."""
    found: ssl.SSLContext = needed().create_ssl_context()
    return found


def needed() -> Any:
    """httpx.

    Raises:
        UsageError: it, or authlib, is not installed.
    """
    try:
        import authlib  # noqa: F401 - the other of the two
        import httpx
    except ImportError:
        raise UsageError("Hootsuite needs two more packages: pip install 'postcheck[hootsuite]'.") from None
    return httpx


def sent(client: httpx.Client, method: str, path: str, **arguments: Any) -> httpx.Response:
    """The answer, whatever it is. What went wrong is told without addresses and headers: they may hold a token.

    Raises:
        NotSent: no connection came about.
        Unanswered: it was sent, and no whole answer came.
    """
    httpx = needed()
    try:
        return client.request(method, path, **arguments)
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol) as error:
        raise NotSent(f"Hootsuite cannot be reached ({type(error).__name__}).") from None
    except httpx.HTTPError as error:
        raise Unanswered(f"Hootsuite did not answer ({type(error).__name__}).") from None


def told_to_wait(response: httpx.Response, now: float) -> float | None:
    """Seconds, by `Retry-After` as a number or a date (RFC 9110, 10.2.3); None where it tells nothing."""
    said = response.headers.get("Retry-After", "").strip()
    if said.isdecimal():
        return float(said)
    try:
        until = parsedate_to_datetime(said)
    except (TypeError, ValueError):
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(0.0, (until - datetime.fromtimestamp(now, UTC)).total_seconds())


class Patience:
    """How often, and how long, one request is tried again."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.tries = 0
        self.waited = 0.0

    def wait(self, told: float | None = None) -> bool:
        """Wait before the next try; False, at once, where there is to be none."""
        self.tries += 1
        seconds = min(2.0 ** (self.tries - 1), 30.0) if told is None else told
        if self.tries >= TRIES or self.waited + seconds > LONGEST:
            return False
        self.waited += seconds
        self.clock.sleep(seconds)
        return True


def words(response: httpx.Response) -> str:
    """What an answer says is wrong, short, on one line."""
    from postcheck.display import visible_line

    try:
        data = response.json()
        errors = data.get("errors") or []
        said = "; ".join(f"{error.get('message', '')} (code {error.get('code', '?')})" for error in errors)
    except (ValueError, AttributeError, TypeError):
        said = ""
    return visible_line(said)[:300] or f"status {response.status_code}"
