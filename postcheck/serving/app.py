"""`postcheck serve`: which address does what, and who may ask for it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from contextlib import aclosing, asynccontextmanager
from datetime import UTC, datetime
from urllib.parse import quote

from anyio import CapacityLimiter, to_thread
from python_multipart.multipart import parse_options_header
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from postcheck.errors import NotAllowed, NotReady, PostcheckError, Stale
from postcheck.messages import say
from postcheck.serving import entrance, keeper, publisher, reviewer, writer
from postcheck.serving.accounts import Person
from postcheck.serving.checking import NotChecked
from postcheck.serving.desk import Ask, Desk
from postcheck.serving.identity import IdentityRefused
from postcheck.serving.pages import message, script, style
from postcheck.serving.permissions import Action, may
from postcheck.serving.safety import guarded
from postcheck.serving.shelf import NoSuchDraft

Handler = Callable[[Desk, Ask], Response]

ROUTES: Sequence[tuple[str, str, Action, Handler]] = (
    ("GET", "/drafts", Action.SEE_OWN_DRAFTS, writer.mine),
    ("POST", "/drafts/new", Action.WRITE, writer.new),
    ("GET", "/drafts/edit/{name:path}", Action.WRITE, writer.edit),
    ("POST", "/drafts/edit/{name:path}", Action.WRITE, writer.save),
    ("POST", "/drafts/check/{name:path}", Action.WRITE, writer.check),
    ("POST", "/drafts/withdraw/{name:path}", Action.WITHDRAW, writer.withdraw),
    ("GET", "/review", Action.SEE_QUEUE, reviewer.queue),
    ("GET", "/review/look/{name:path}", Action.SEE_DRAFT, reviewer.look),
    ("POST", "/review/decide/{name:path}", Action.DECIDE, reviewer.decide),
    ("GET", "/review/release/{name:path}", Action.OPEN_RELEASE, reviewer.release),
    ("GET", "/publish", Action.SEE_APPROVED, publisher.approved),
    ("POST", "/publish/export", Action.EXPORT, publisher.export),
    ("POST", "/publish/note/{name:path}", Action.NOTE_PUBLISHED, publisher.note),
    ("GET", "/records", Action.SEE_RECORDS, keeper.entries),
    ("GET", "/records/entry/{name}", Action.SEE_RECORDS, keeper.entry),
    ("GET", "/records/verify", Action.VERIFY_RECORDS, keeper.verified),
    ("GET", "/records/export", Action.EXPORT_RECORDS, keeper.export),
    ("POST", "/records/hold", Action.HOLD, keeper.hold),
    ("GET", "/accounts", Action.SEE_ACCOUNTS, keeper.people),
)
"""Every page but the entrance: for each the one action that whoever asks must be allowed."""
_MAY_WAIT: frozenset[Handler] = frozenset(
    (writer.edit, writer.save, writer.check, reviewer.look, reviewer.release, reviewer.decide, publisher.export)
)
"""Pages that wait for a check. They have threads of their own: while one long video after the other is checked, lists
and the entrance still come at once."""
_MOST_WAITING = 40
_MOST_FIELDS = 2_000
_MOST_FILES = 50
_MOST_OF_A_FIELD = 2_000_000
"""Bytes."""
_MOST_OF_A_STRANGER = 1_000_000
"""Bytes that are looked at where nobody is signed in: the texts of a form come before its files."""


def application(desk: Desk, *, hosts: Sequence[str], secure: bool) -> ASGIApp:
    """The server. `hosts`: by what names it may be called; `secure`: browsers reach it by https."""
    waiting = CapacityLimiter(_MOST_WAITING)
    routes = [
        Route(path, _endpoint(desk, action, handler, waiting), methods=[method])
        for method, path, action, handler in ROUTES
    ]
    routes += [
        Route("/", _entrance(desk, entrance.first)),
        Route("/sign-in", _entrance(desk, entrance.sign_in), methods=["GET", "POST"]),
        Route("/sign-out", _entrance(desk, entrance.sign_out), methods=["POST"]),
        Route("/static/page.css", _kept(style, "text/css; charset=utf-8")),
        Route("/static/page.js", _kept(script, "text/javascript; charset=utf-8")),
    ]

    async def not_found(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 404
        words, link = say("Look at the address."), ("/", say("Go to the first page"))
        return message(None, desk.config, status, say("There is no such page"), words, link=link)

    @asynccontextmanager
    async def lifespan(_: Router) -> AsyncIterator[None]:
        ready = asyncio.create_task(run_in_threadpool(desk.make_ready))  # begins once it listens
        yield
        await ready
        desk.checker.close()

    # Without Starlette's own page for errors: what `guarded` says of them is enough.
    router = Router(routes, lifespan=lifespan)
    app = ExceptionMiddleware(router, handlers={404: not_found, 405: not_found})

    async def named(scope: Scope, receive: Receive, send: Send) -> None:
        """Only where the scope names an application does a router raise what the handlers above answer."""
        await app({**scope, "app": app}, receive, send)

    return guarded(named, hosts=hosts, secure=secure, limits={"/drafts/edit/": desk.upload_bytes})


def _kept(make: Callable[[], bytes], kind: str) -> Callable[[Request], Awaitable[Response]]:
    """A file that a browser may keep: its address changes with it."""

    async def endpoint(request: Request) -> Response:
        return Response(make(), media_type=kind, headers={"Cache-Control": "public, max-age=31536000, immutable"})

    return endpoint


def _entrance(
    desk: Desk, handler: Callable[[Desk, Request, FormData, datetime], Response]
) -> Callable[[Request], Awaitable[Response]]:
    """A page that asks for no identity."""

    async def endpoint(request: Request) -> Response:
        try:
            form = await _sent(request, files=0) if request.method == "POST" else FormData()
            return await run_in_threadpool(handler, desk, request, form, datetime.now(UTC))
        except IdentityRefused as error:
            return message(None, desk.config, error.status, say("You cannot be let in"), str(error))
        except _Unreadable:
            return _unreadable(None, desk)

    return endpoint


def _endpoint(
    desk: Desk, action: Action, handler: Handler, waiting: CapacityLimiter
) -> Callable[[Request], Awaitable[Response]]:
    """A page for those who are signed in and may do `action`; what goes wrong as a page as well."""

    async def endpoint(request: Request) -> Response:
        now = datetime.now(UTC)
        try:
            person = await run_in_threadpool(desk.identities.who, request, now)
        except IdentityRefused as error:
            return message(None, desk.config, error.status, say("You cannot be let in"), str(error))
        if person is None:
            return await _to_sign_in(desk, request)
        if not may(person, action):
            words = say("Your account may not do this. Ask whoever keeps the accounts.")
            return message(person, desk.config, 403, say("Not allowed"), words, link=("/", say("Go to the first page")))
        try:
            form = await _sent(request, files=_MOST_FILES) if request.method == "POST" else FormData()
        except _Unreadable:
            return _unreadable(person, desk)
        ask = Ask(person, request.path_params.get("name", ""), request.query_params, form, now)
        try:
            limiter = waiting if handler in _MAY_WAIT else None
            return await to_thread.run_sync(_answered, desk, ask, handler, limiter=limiter)
        finally:
            await form.close()

    return endpoint


def _answered(desk: Desk, ask: Ask, handler: Handler) -> Response:
    """Pages that can lose something that was typed catch these errors themselves, and show it again."""
    try:
        return handler(desk, ask)
    except NoSuchDraft:
        words = say("There is no draft of this name that you may see.")
        return message(ask.person, desk.config, 404, say("No such draft"), words)
    except NotAllowed as error:
        return message(ask.person, desk.config, 403, say("Not allowed"), str(error))
    except Stale as error:
        return message(ask.person, desk.config, 409, say("Something changed meanwhile"), str(error))
    except NotReady as error:
        return message(ask.person, desk.config, 422, say("Not yet"), str(error))
    except NotChecked as error:
        return message(ask.person, desk.config, 503, say("Not checked"), str(error))
    except PostcheckError as error:
        words = str(error).replace(f"{desk.base}{os.sep}", "")  # where it lies on the server is nobody's business
        return message(ask.person, desk.config, 422, say("That cannot be done"), words)


async def _to_sign_in(desk: Desk, request: Request) -> Response:
    """To sign in and come back. What was typed comes along: a session that ended must not cost a text."""
    if request.method == "GET":
        path = request.url.path
        query = f"?next={quote(path, safe='')}" if path != "/" else ""
        return Response(status_code=303, headers={"Location": f"/sign-in{query}"})
    if request.headers.get("accept", "").startswith("application/json"):
        return Response(status_code=401)
    try:
        typed = await _typed(request)
    except _Unreadable:
        return _unreadable(None, desk)
    return entrance.again(desk, request.url.path, typed)


# -------------------------------------------------------------------------------------- what was sent


class _Unreadable(Exception):
    """The form that was sent is none, or has more in it than a form of ours."""


class _Enough(Exception):
    """No more is looked at."""


def _unreadable(person: Person | None, desk: Desk) -> Response:
    words = say(
        "What was sent cannot be read. A form holds {files} files at most: add more of them after you have saved.",
        files=_MOST_FILES,
    )
    return message(person, desk.config, 400, say("Bad request"), words)


async def _sent(request: Request, *, files: int) -> FormData:
    """
    Raises:
        _Unreadable: see there.
    """
    _refuse_other_letters(request)
    try:
        return await request.form(max_files=files, max_fields=_MOST_FIELDS, max_part_size=_MOST_OF_A_FIELD)
    except (MultiPartException, HTTPException):
        raise _Unreadable from None


async def _typed(request: Request) -> list[tuple[str, str]]:
    """The texts of a form that somebody sent who is not signed in. Of files nothing is kept, and of a form that is long
    because of them only the beginning is looked at: a stranger must not fill memory or disk.

    Raises:
        _Unreadable: see there.
    """
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        form = await _sent(request, files=0)
        return [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
    _refuse_other_letters(request)

    async def beginning() -> AsyncGenerator[bytes, None]:
        left = _MOST_OF_A_STRANGER
        async for chunk in stream:
            left -= len(chunk)
            if left < 0:
                raise _Enough
            yield chunk

    async with aclosing(request.stream()) as stream:
        parser = MultiPartParser(
            request.headers, beginning(), max_files=_MOST_FILES, max_fields=_MOST_FIELDS, max_part_size=_MOST_OF_A_FIELD
        )
        try:
            await (await parser.parse()).close()
        except MultiPartException:
            raise _Unreadable from None
        except _Enough:
            async for _ in stream:  # a browser that is not heard to its end shows no answer
                pass
    return [(name, value) for name, value in parser.items if isinstance(value, str)]


def _refuse_other_letters(request: Request) -> None:
    """Browsers send forms as the page is written, in UTF-8, and do not say so. Other encodings can hold halves of
    characters, which no file takes.

    Raises:
        _Unreadable: another one is named.
    """
    _, told = parse_options_header(request.headers.get("content-type"))
    if told.get(b"charset", b"utf-8").lower() not in (b"utf-8", b"utf8"):
        raise _Unreadable
