"""What stands before the pages: which requests are let through to them, and what every answer carries.

Each is an ASGI application around another. `guarded` puts them together, from the outside in: headers on every answer,
also on a refusal; errors of the application; the name by which the server is called; requests that another site makes
the browser send; bodies that are too large or never end.
"""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Collection, Iterable, Mapping
from html import escape
from typing import TYPE_CHECKING

from postcheck import messages
from postcheck.messages import say

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
ALWAYS: Mapping[str, str] = {
    "x-content-type-options": "nosniff",
    # With `no-referrer` browsers would send `Origin: null` with our own forms; with this one they send the origin.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
}
"""What no answer may set otherwise."""
UNLESS_SET: Mapping[str, str] = {"content-security-policy": CONTENT_SECURITY_POLICY, "cache-control": "no-store"}
"""What an answer may set otherwise: a style sheet may be kept by the browser, a report has a policy of its own."""
_STRICT_TRANSPORT = ("strict-transport-security", "max-age=31536000")
_SAFE_METHODS = frozenset(("GET", "HEAD", "OPTIONS"))
_FETCH = (b"sec-fetch-site", b"sec-fetch-mode", b"sec-fetch-dest")
_log = logging.getLogger(__name__)


def guarded(
    app: ASGIApp,
    *,
    hosts: Collection[str],
    secure: bool,
    limit: int = 1_000_000,
    limits: Mapping[str, int] | None = None,
    silence: float = 30.0,
) -> ASGIApp:
    """`app` with all of this before it.

    Args:
        hosts: By which it may be called, as browsers write them: with the port, unless it is the scheme's own.
        secure: People reach it over https, if need be through a proxy.
        limit: Bytes of a request's body, at most.
        limits: The same for paths that begin so; the longest beginning counts. More than `limit` is only for forms
            with files (multipart/form-data): whatever else is sent is held in memory.
        silence: Seconds that may pass without a byte while a body is coming.
    """
    app = LimitedBodies(app, limit=limit, limits=limits or {}, silence=silence)
    app = OwnRequests(app, scheme="https" if secure else "http")
    app = KnownHosts(app, hosts)
    return SafeHeaders(PlainErrors(app), secure=secure)


class SafeHeaders:
    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self._app = app
        always = {**ALWAYS, **dict([_STRICT_TRANSPORT] if secure else [])}
        self._always = [(name.encode(), value.encode()) for name, value in always.items()]
        self._unless_set = [(name.encode(), value.encode()) for name, value in UNLESS_SET.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": self._added(message.get("headers", ()))}
            await send(message)

        await self._app(scope, receive, with_headers)

    def _added(self, headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        ours = {name for name, _ in self._always}
        kept = [(name, value) for name, value in headers if name.lower() not in ours]
        there = {name.lower() for name, _ in kept}
        return [*kept, *self._always, *(pair for pair in self._unless_set if pair[0] not in there)]


class PlainErrors:
    """A fault of ours becomes a page that says so and nothing else: what an error says may quote a draft."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        has_begun = False

        async def noting(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await self._app(scope, receive, noting)
        except Exception as error:
            frames = "".join(traceback.format_tb(error.__traceback__))
            _log.error("%s %s broke\n%s%s", scope["method"], _path(scope), frames, type(error).__name__)
            if has_begun:  # half a page is out: the server must break it off, so that nobody takes it for a whole one
                raise Broken from None
            await _page(
                send,
                scope,
                500,
                say("Something went wrong"),
                say("postcheck broke. Look whether what you did last is there."),
            )


class Broken(Exception):
    """An answer that had begun cannot be ended. What went wrong stands in the log already."""


class KnownHosts:
    """Only by its own names: a site whose name suddenly points at this computer (DNS rebinding) gets nothing."""

    def __init__(self, app: ASGIApp, hosts: Collection[str]) -> None:
        self._app = app
        self._hosts = {host.lower().encode("ascii") for host in hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":  # there are none here
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] == "http":
            given = _values(scope, b"host")
            if len(given) != 1:
                await _page(send, scope, 400, say("Bad request"), say("The request does not say whom it is for."))
                return
            if given[0].lower() not in self._hosts:
                text = say("This server has another address. Ask whoever runs it for the right one.")
                await _page(send, scope, 421, say("Wrong address"), text)
                return
        await self._app(scope, receive, send)


class OwnRequests:
    """What changes something must come from our own pages (`Sec-Fetch-Site`, https://www.w3.org/TR/fetch-metadata/; or
    `Origin` where a browser does not send that), and what other sites ask for must be a page in a window of its own."""

    def __init__(self, app: ASGIApp, *, scheme: str) -> None:
        self._app = app
        self._scheme = scheme.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not self._is_ours(scope):
            text = say("The request came from another site, or nobody can tell from where. Begin at the first page.")
            await _page(send, scope, 403, say("Not from here"), text)
            return
        await self._app(scope, receive, send)

    def _is_ours(self, scope: Scope) -> bool:
        given = [_values(scope, name) for name in (*_FETCH, b"origin")]
        if any(len(values) > 1 for values in given):
            return False
        site, mode, destination, origin = (values[0] if values else None for values in given)
        if scope["method"] not in _SAFE_METHODS:
            if site is not None:
                return site == b"same-origin"
            hosts = _values(scope, b"host")
            return len(hosts) == 1 and origin == self._scheme + b"://" + hosts[0].lower()
        if site in (None, b"same-origin", b"none"):
            return True
        return site in (b"cross-site", b"same-site") and mode == b"navigate" and destination == b"document"


class LimitedBodies:
    """Refuses a body that is too large, at once where it says so, or as soon as it is; and one that stops coming."""

    def __init__(self, app: ASGIApp, *, limit: int, limits: Mapping[str, int], silence: float) -> None:
        self._app = app
        self._limit = limit
        self._limits = sorted(limits.items(), key=lambda pair: -len(pair[0]))
        self._silence = silence

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = next((most for start, most in self._limits if scope["path"].startswith(start)), self._limit)
        if not all(
            kind.lower().startswith(b"multipart/form-data") for kind in _values(scope, b"content-type") or [b""]
        ):
            limit = min(limit, self._limit)
        lengths = _values(scope, b"content-length")
        if len(lengths) > 1 or any(not length.isdigit() for length in lengths):
            await _page(send, scope, 400, say("Bad request"), say("The request does not say how long it is."))
            return
        if lengths and (len(lengths[0]) > 18 or int(lengths[0]) > limit):
            await _refuse(send, scope, 413, limit)
            return
        await self._counted(scope, receive, send, limit)

    async def _counted(self, scope: Scope, receive: Receive, send: Send, limit: int) -> None:
        refused = 0  # with this status, once it is
        received = 0
        is_whole = has_begun = False

        async def counting() -> Message:
            nonlocal refused, received, is_whole
            if refused:
                raise BodyRefused
            if is_whole:  # what comes now is only the news that the browser went away, whenever that is
                return await receive()
            try:
                async with asyncio.timeout(self._silence):
                    message = await receive()
            except TimeoutError:
                refused = 408
                raise BodyRefused from None
            received += len(message.get("body", b""))
            is_whole = not message.get("more_body", False)
            if received > limit:
                refused = 413
                raise BodyRefused
            return message

        async def unless_refused(message: Message) -> None:
            nonlocal has_begun
            if refused and not has_begun:
                return  # whatever the application makes of it: we answer
            has_begun = True
            await send(message)

        try:
            await self._app(scope, counting, unless_refused)
        except Exception:
            if not refused or has_begun:
                raise
        if refused and not has_begun:
            await _refuse(send, scope, refused, limit)


class BodyRefused(Exception):
    """What the application hears when it reads on in a body that is refused."""


async def _refuse(send: Send, scope: Scope, status: int, limit: int) -> None:
    if status == 413:
        size = messages.figure(limit / 1_000_000, 0 if limit >= 10_000_000 else 1)
        title, text = say("Too large"), say("That is too large: {size} MB at most are taken here.", size=size)
    else:
        title, text = say("Too slow"), say("Your browser stopped sending. Try again.")
    await _page(send, scope, status, title, text, close=True)


async def _page(send: Send, scope: Scope, status: int, title: str, text: str, *, close: bool = False) -> None:
    """`close`: the connection too, for the rest of the request may still be coming."""
    page = (
        f'<!doctype html>\n<html lang="{escape(messages.chosen())}">\n<meta charset="utf-8">\n'
        f"<title>{escape(title)}</title>\n<h1>{escape(title)}</h1>\n<p>{escape(text)}</p>\n</html>\n"
    ).encode()
    headers = [(b"content-type", b"text/html; charset=utf-8"), (b"content-length", str(len(page)).encode())]
    if close:
        headers.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else page})


def _values(scope: Scope, wanted: bytes) -> list[bytes]:
    """Each as it came. Put together, two headers of a name would be one value."""
    return [value.strip() for name, value in scope["headers"] if name.lower() == wanted]


def _path(scope: Scope) -> str:
    """Fit for a log: without what could forge a line, and without the query, which may quote a draft."""
    from postcheck.display import visible_line

    return visible_line(str(scope["path"]))
