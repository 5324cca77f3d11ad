"""What is let through to the pages, and what every answer carries: driven with raw requests."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from postcheck.serving.safety import ALWAYS, CONTENT_SECURITY_POLICY, Broken, guarded

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

HOST = "127.0.0.1:8400"
HOSTS = (HOST, "localhost:8400", "[::1]:8400")
SAME = ("sec-fetch-site", "same-origin")
Headers = Iterable[tuple[str, str]]


@dataclass
class Answer:
    status: int = 0
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""

    def all(self, name: str) -> list[str]:
        return [value for known, value in self.headers if known == name]


@dataclass
class Page:
    """The application: says what it read."""

    asked: int = 0
    headers: tuple[tuple[bytes, bytes], ...] = ((b"content-type", b"text/plain"),)

    async def __call__(self, _: Scope, receive: Receive, send: Send) -> None:
        self.asked += 1
        read = 0
        while True:
            message = await receive()
            read += len(message.get("body", b""))
            if not message.get("more_body"):
                break
        await send({"type": "http.response.start", "status": 200, "headers": list(self.headers)})
        await send({"type": "http.response.body", "body": f"read {read}".encode()})


def run(called: Awaitable[None]) -> None:
    async def awaited() -> None:
        await called

    asyncio.run(awaited())


def ask(
    app: ASGIApp,
    method: str = "GET",
    path: str = "/",
    headers: Headers = (),
    body: Iterable[bytes] = (b"",),
    *,
    host: str | None = HOST,
    secure: bool = False,
    silent: bool = False,
    **settings: Any,
) -> Answer:
    """`silent`: the body stops coming before its end."""
    given = [("host", host), *headers] if host is not None else list(headers)
    raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in given]
    scope = {"type": "http", "method": method, "path": path, "query_string": b"", "headers": raw, "scheme": "http"}
    chunks = list(body)
    answer = Answer()

    async def receive() -> Message:
        if chunks:
            chunk = chunks.pop(0)
            return {"type": "http.request", "body": chunk, "more_body": bool(chunks) or silent}
        if silent:
            await asyncio.sleep(60)
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            assert not answer.status, "two answers"
            answer.status = message["status"]
            answer.headers = [(name.decode(), value.decode()) for name, value in message["headers"]]
        else:
            answer.body += message.get("body", b"")

    run(guarded(app, hosts=HOSTS, secure=secure, **settings)(scope, receive, send))
    return answer


# Hosts


@pytest.mark.parametrize("host", [*HOSTS, "LocalHost:8400"])
def test_our_names(host: str) -> None:
    assert ask(Page(), host=host).status == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example", "evil.example:8400", "localhost", "localhost:80", "127.0.0.1", "localhost.:8400", "127.0.0.1:8400.evil.example",
        "evil.example@127.0.0.1:8400", "127.0.0.1:8400@evil.example", "127.0.0.1:8400,evil.example", "", "[::1]", "127.1:8400", "0.0.0.0:8400", "loc\xe4lhost:8400",
    ],
)  # fmt: skip
def test_names_of_others(host: str) -> None:
    page = Page()
    assert ask(page, host=host).status == 421
    assert ask(page, "POST", headers=[SAME, ("x-forwarded-host", HOST)], host=host).status == 421
    assert page.asked == 0


def test_no_name_and_two_names() -> None:
    assert ask(Page(), host=None).status == 400
    assert ask(Page(), headers=[("host", HOST)]).status == 400
    assert ask(Page(), headers=[("Host", "evil.example")]).status == 400


def test_websockets_are_closed_and_lifespans_pass() -> None:
    sent: list[Message] = []
    seen: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope["type"])

    async def receive() -> Message:
        return {}

    async def send(message: Message) -> None:
        sent.append(message)

    whole = guarded(app, hosts=HOSTS, secure=False)
    run(whole({"type": "websocket", "path": "/", "headers": []}, receive, send))
    run(whole({"type": "lifespan"}, receive, send))
    assert [message["type"] for message in sent] == ["websocket.close"]
    assert seen == ["lifespan"]


# Requests that other sites make

OWN = f"http://{HOST}"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE", "post", "X"])
@pytest.mark.parametrize(
    ("headers", "passes"),
    [
        ([SAME], True),
        ([SAME, ("origin", OWN)], True),
        ([("Sec-Fetch-Site", "same-origin")], True),
        ([("origin", OWN)], True),
        ([], False),
        ([("referer", f"{OWN}/")], False),
        ([("sec-fetch-site", "cross-site")], False),
        ([("sec-fetch-site", "same-site")], False),
        ([("sec-fetch-site", "none")], False),
        ([("sec-fetch-site", "")], False),
        ([("sec-fetch-site", "Same-Origin")], False),
        ([("sec-fetch-site", "same-origin, cross-site")], False),
        ([("sec-fetch-site", "cross-site"), ("origin", OWN)], False),
        ([("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document")], False),
        ([SAME, SAME], False),
        ([SAME, ("Sec-Fetch-Site", "cross-site")], False),
        ([SAME, ("sec-fetch-mode", "navigate"), ("sec-fetch-mode", "cors")], False),
        ([("sec_fetch_site", "same-origin")], False),
        ([("origin", OWN), ("origin", OWN)], False),
        ([("origin", OWN), ("origin", "http://evil.example")], False),
        ([("origin", f"{OWN}, http://evil.example")], False),
        ([("origin", "null")], False),
        ([("origin", "")], False),
        ([("origin", "http://evil.example")], False),
        ([("origin", f"https://{HOST}")], False),
        ([("origin", "http://127.0.0.1")], False),
        ([("origin", "http://127.0.0.1:8401")], False),
        ([("origin", "http://localhost:8400")], False),
        ([("origin", f"{OWN}.evil.example")], False),
        ([("origin", "http://evil.example"), ("x-forwarded-host", "evil.example")], False),
    ],
)
def test_what_changes_something(method: str, headers: Headers, passes: bool) -> None:
    page = Page()
    answer = ask(page, method, headers=headers)
    assert (answer.status, page.asked) == ((200, 1) if passes else (403, 0))


def test_the_origin_is_of_the_scheme_that_people_see() -> None:
    own, plain = ("origin", f"https://{HOST}"), ("origin", OWN)
    assert ask(Page(), "POST", headers=[own], secure=True).status == 200
    assert ask(Page(), "POST", headers=[plain], secure=True).status == 403
    assert ask(Page(), "POST", headers=[plain, ("x-forwarded-proto", "http")], secure=True).status == 403


def fetch(site: str, mode: str = "", destination: str = "") -> list[tuple[str, str]]:
    given = [("sec-fetch-site", site), ("sec-fetch-mode", mode), ("sec-fetch-dest", destination)]
    return [(name, value) for name, value in given if value]


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
@pytest.mark.parametrize(
    ("headers", "passes"),
    [
        ([], True),
        (fetch("same-origin", "no-cors", "image"), True),
        (fetch("same-origin", "cors", "empty"), True),
        (fetch("none", "navigate", "document"), True),
        (fetch("cross-site", "navigate", "document"), True),
        (fetch("same-site", "navigate", "document"), True),
        (fetch("cross-site", "navigate", "iframe"), False),
        (fetch("cross-site", "navigate", "object"), False),
        (fetch("cross-site", "navigate"), False),
        (fetch("cross-site", "no-cors", "image"), False),
        (fetch("cross-site", "no-cors", "script"), False),
        (fetch("cross-site", "no-cors", "document"), False),
        (fetch("cross-site", "cors", "empty"), False),
        (fetch("same-site", "no-cors", "image"), False),
        (fetch("cross-site"), False),
        (fetch("elsewhere", "navigate", "document"), False),
        ([*fetch("cross-site", "no-cors", "document"), ("sec-fetch-mode", "navigate")], False),
        ([*fetch("same-origin"), ("sec-fetch-site", "same-origin")], False),
        ([*fetch("cross-site", "navigate", "document"), ("Sec-Fetch-Dest", "document")], False),
    ],
)
def test_what_only_reads(method: str, headers: Headers, passes: bool) -> None:
    assert ask(Page(), method, headers=headers).status == (200 if passes else 403)


# Bodies


WITH_FILES = ("content-type", "multipart/form-data; boundary=b")


def post(page: ASGIApp, chunks: Iterable[bytes], path: str = "/", headers: Headers = (), **settings: Any) -> Answer:
    settings = {"limit": 10, "limits": {"/files": 30, "/files/small": 5}, **settings}
    kind = [] if any(name == "content-type" for name, _ in headers) else [WITH_FILES]
    return ask(page, "POST", path, [SAME, *kind, *headers], chunks, **settings)


@pytest.mark.parametrize(
    ("path", "length", "status"),
    [
        ("/", 10, 200),
        ("/", 11, 413),
        ("/files/1", 30, 200),
        ("/files/1", 31, 413),
        ("/files/small/1", 5, 200),
        ("/files/small/1", 6, 413),
        ("/other/files", 11, 413),
    ],
)
def test_a_body_that_says_how_long_it_is_and_one_that_does_not(path: str, length: int, status: int) -> None:
    page = Page()
    told = post(page, [b"x" * length], path, [("content-length", str(length))])
    assert told.status == status
    assert page.asked == (status == 200)  # at once: the application hears nothing of it
    assert post(Page(), [b"x"] * length, path).status == status
    assert post(Page(), [b"x" * length], path, [("content-length", "1")]).status == status


@pytest.mark.parametrize("length", ["", "-1", "+1", "1.0", "1, 1", "0x1", "²", "one"])
def test_lengths_that_are_none(length: str) -> None:
    assert post(Page(), [b"x"], headers=[("content-length", length)]).status == 400


@pytest.mark.parametrize("kind", [[], [("content-type", "application/x-www-form-urlencoded")]])
def test_a_form_without_files_is_never_large(kind: Headers) -> None:
    settings: dict[str, Any] = {"limit": 10, "limits": {"/files": 30, "/files/small": 5}}
    answers = [
        ask(Page(), "POST", path, [SAME, *kind], [b"x" * length], **settings).status
        for path, length in (("/files/1", 10), ("/files/1", 11), ("/files/small/1", 5), ("/files/small/1", 6))
    ]
    assert answers == [200, 413, 200, 413]
    twice = [WITH_FILES, ("content-type", "text/plain")]
    assert ask(Page(), "POST", "/files/1", [SAME, *twice], [b"x" * 11], **settings).status == 413


def test_two_lengths_and_a_long_one() -> None:
    assert post(Page(), [b"x"], headers=[("content-length", "1"), ("Content-Length", "1")]).status == 400
    assert post(Page(), [b"x"], headers=[("content-length", "9" * 5_000)]).status == 413


def test_no_more_is_read_than_is_allowed() -> None:
    taken = 0

    def chunks() -> Iterable[bytes]:
        return [b"x" * 4] * 100

    async def counting(scope: Scope, receive: Receive, send: Send) -> None:
        nonlocal taken
        while True:
            message = await receive()
            taken += len(message["body"])

    answer = post(counting, chunks())
    assert (answer.status, taken) == (413, 8)
    assert answer.all("connection") == ["close"]


@pytest.mark.parametrize("how", ["answers anyway", "raises another", "goes on reading"])
def test_whatever_the_application_makes_of_it_the_answer_is_413(how: str) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        for _ in range(10):
            try:
                await receive()
            except Exception:
                if how == "raises another":
                    raise ValueError("no form") from None
                if how == "answers anyway":
                    break
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"saved"})

    answer = post(app, [b"x" * 6] * 5)
    assert answer.status == 413
    assert b"saved" not in answer.body


def test_starlettes_own_forms_are_limited_too() -> None:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import PlainTextResponse
    from starlette.routing import Route

    async def page(request: Request) -> PlainTextResponse:
        async with request.form() as form:
            return PlainTextResponse(str(form["name"]))

    app = Starlette(routes=[Route("/", page, methods=["POST"])])
    form = [("content-type", "application/x-www-form-urlencoded")]
    assert post(app, [b"name=jo"], headers=form).body == b"jo"
    assert post(app, [b"name=jo", b"xxxxxxxxxxxx"], headers=form).status == 413


def test_a_body_that_stops_coming() -> None:
    answer = post(Page(), [b"x"], silent=True, silence=0.05)
    assert answer.status == 408
    assert answer.all("connection") == ["close"]


def test_after_the_body_nobody_is_hurried() -> None:
    async def patient(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        with pytest.raises(TimeoutError):  # ours, and not that of the body
            await asyncio.wait_for(never(receive), 0.2)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body"})

    async def never(receive: Receive) -> None:
        while True:
            await receive()
            await asyncio.sleep(0.01)

    assert post(patient, [b"x"], silence=0.05).status == 200


# Headers and errors

CASES: list[tuple[str, Callable[[], Answer], int]] = [
    ("a page", lambda: ask(Page()), 200),
    ("a wrong host", lambda: ask(Page(), host="evil.example"), 421),
    ("no host", lambda: ask(Page(), host=None), 400),
    ("another site", lambda: ask(Page(), "POST"), 403),
    ("too large", lambda: post(Page(), [b"x" * 100]), 413),
    ("an error", lambda: ask(broken), 500),
]


async def broken(scope: Scope, receive: Receive, send: Send) -> None:
    raise RuntimeError("the draft says: a secret")


@pytest.mark.parametrize(("what", "asking", "status"), CASES, ids=[case[0] for case in CASES])
def test_every_answer_carries_them(what: str, asking: Callable[[], Answer], status: int) -> None:
    answer = asking()
    assert answer.status == status
    for name, value in {
        **ALWAYS,
        "content-security-policy": CONTENT_SECURITY_POLICY,
        "cache-control": "no-store",
    }.items():
        assert answer.all(name) == [value]
    assert answer.all("strict-transport-security") == []
    if status != 200:
        assert answer.all("content-type") == ["text/html; charset=utf-8"]
        assert answer.all("content-length") == [str(len(answer.body))]
        assert b"<h1>" in answer.body
        assert b"evil" not in answer.body


def test_over_https_and_only_there_browsers_are_told_to_stay() -> None:
    assert ask(Page(), secure=True).all("strict-transport-security") == ["max-age=31536000"]


def test_what_an_answer_may_set_itself() -> None:
    page = Page(
        headers=(
            (b"Content-Security-Policy", b"sandbox"),
            (b"cache-control", b"max-age=600"),
            (b"X-Content-Type-Options", b"sniff"),
            (b"referrer-policy", b"unsafe-url"),
            (b"set-cookie", b"a=1"),
            (b"set-cookie", b"b=2"),
        )
    )
    answer = ask(page)
    assert answer.all("Content-Security-Policy") == ["sandbox"]
    assert answer.all("content-security-policy") == []
    assert answer.all("cache-control") == ["max-age=600"]
    assert answer.all("X-Content-Type-Options") == []
    assert answer.all("x-content-type-options") == ["nosniff"]
    assert answer.all("referrer-policy") == ["same-origin"]
    assert answer.all("set-cookie") == ["a=1", "b=2"]


def test_an_error_tells_nothing_of_the_draft(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        answer = ask(broken, path="/drafts/1\nforged line")
    assert answer.status == 500
    assert b"secret" not in answer.body
    assert b"RuntimeError" not in answer.body
    assert "secret" not in caplog.text.replace('raise RuntimeError("the draft says: a secret")', "")
    assert "\nforged" not in caplog.text
    assert "RuntimeError" in caplog.text


def test_half_a_page_is_broken_off(caplog: pytest.LogCaptureFixture) -> None:
    async def half(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"half", "more_body": True})
        raise RuntimeError("a secret")

    with pytest.raises(Broken) as raised:
        ask(half)
    assert raised.value.__cause__ is None
    assert raised.value.__suppress_context__


def test_a_cancelled_request_is_cancelled() -> None:
    async def cancelled(scope: Scope, receive: Receive, send: Send) -> None:
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        ask(cancelled)


def test_head_has_no_body() -> None:
    answer = ask(broken, "HEAD")
    assert (answer.status, answer.body) == (500, b"")


def test_with_a_client() -> None:
    async def asked() -> list[int]:
        transport = httpx.ASGITransport(app=guarded(Page(), hosts=HOSTS, secure=False))
        async with httpx.AsyncClient(transport=transport, base_url=f"http://{HOST}") as client:
            answers = [
                await client.get("/"),
                await client.post("/", data={"a": "b"}),
                await client.post("/", data={"a": "b"}, headers={"origin": OWN}),
                await client.get("/", headers={"host": "evil.example"}),
            ]
        return [answer.status_code for answer in answers]

    assert asyncio.run(asked()) == [200, 403, 200, 421]
