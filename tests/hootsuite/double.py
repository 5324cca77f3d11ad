"""A double of Hootsuite's server, written from its published description: it keeps state, and fails when it is told to.

`Double.handle` is what a transport of httpx calls; `serve` puts the same behind a port of this computer.
"""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import httpx

from postcheck.hootsuite.http import Access, Clock
from postcheck.hootsuite.store import Store
from postcheck.hootsuite.tokens import Tokens

API = "https://hootsuite.example"
NOW = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
REDIRECT = "http://127.0.0.1:8790/"
ME = "7001"
Fault = Callable[[httpx.Request], str]
"""What goes wrong with a request: one of the words of `Double.handle`; "" for nothing."""


class FakeClock:
    """Time that passes only by sleeping."""

    def __init__(self) -> None:
        self.time = NOW.timestamp()
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds

    def clock(self) -> Clock:
        return Clock(lambda: self.time, lambda: self.time, self.sleep)


class Double:
    def __init__(self, now: Callable[[], float]) -> None:
        self.now = now
        self.messages: dict[str, dict[str, Any]] = {}
        self.histories: dict[str, list[dict[str, str]]] = {}
        self.profiles = [
            {"id": "11", "type": "FACEBOOKPAGE", "socialNetworkUsername": "Example Parks"},
            {"id": "12", "type": "TWITTER", "socialNetworkUsername": None},
        ]
        self.media: dict[str, str] = {}
        self.fault: Fault = lambda _: ""
        self.retry_after = "7"
        self.after: Callable[[httpx.Request], None] = lambda _: None
        """Called after a request was answered, so that somebody else may act in between."""
        self.requests: list[httpx.Request] = []
        self.decided: dict[str, list[str]] = {}
        self.superfluous = 0
        """Decisions that came for a message on which the same account had decided at that step."""
        self.page = 100
        self.allows = True
        """May this account decide?"""
        self._codes: dict[str, str] = {}
        self._access: dict[str, float] = {}
        self._refresh: set[str] = set()
        self._used: set[str] = set()
        self.reused = 0
        self._count = 0
        self._lock = threading.RLock()

    # What the world does

    def add(self, message_id: str, text: str = "Leaf Day is Saturday.", days: float | None = 3, **more: Any) -> None:
        at = (NOW + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ") if days is not None else None
        self.messages[message_id] = {
            "id": message_id,
            "state": "PENDING_APPROVAL",
            "text": text,
            "socialProfile": {"id": "11", "externalURL": "https://www.facebook.com/example-parks"},
            "scheduledSendTime": at,
            "mediaUrls": [],
            "media": [],
            "createdByMember": {"id": "8001"},
            "sequenceNumber": 1,
            "reviewers": [{"id": ME, "type": "MEMBER"}],
            **more,
        }
        self.histories[message_id] = []
        self.act(message_id, "CREATE", "8001")

    def act(self, message_id: str, kind: str, actor: str, actor_type: str = "MEMBER") -> None:
        self._count += 1
        when = datetime.fromtimestamp(self.now(), UTC) + timedelta(milliseconds=self._count)
        stamp = when.strftime("%Y-%m-%dT%H:%M:%S.") + f"{when.microsecond // 1000:03d}Z"
        self.histories[message_id].append(
            {"actorType": actor_type, "actorId": actor, "actionType": kind, "timestamp": stamp}
        )

    def edit(self, message_id: str, text: str, actor: str = "8002") -> None:
        self.messages[message_id]["text"] = text
        self.act(message_id, "EDIT", actor)

    def delete(self, message_id: str) -> None:
        del self.messages[message_id]
        self.act(message_id, "DELETE", "8002")

    def publish(self, message_id: str) -> None:
        self.messages[message_id] |= {"state": "SENT", "postId": "p1", "postUrl": "https://www.facebook.com/p1"}
        self.act(message_id, "SEND", "", "SYSTEM")

    def decide(self, message_id: str, kind: str, actor: str, actor_type: str = "MEMBER") -> None:
        message = self.messages[message_id]
        message["state"] = "SCHEDULED" if kind == "APPROVE" else "REJECTED"
        message["sequenceNumber"] += 1
        self.act(message_id, kind, actor, actor_type)

    # Requests

    def handle(self, request: httpx.Request) -> httpx.Response:
        with self._lock:
            self.requests.append(request)
            fault = self.fault(request)
            if fault == "no-connection":
                raise httpx.ConnectError("no connection", request=request)
            if fault == "429":
                return httpx.Response(429, headers={"Retry-After": self.retry_after}, json=_errors(1043, "Too many"))
            if fault == "500-before":
                return httpx.Response(500, json=_errors(9000, "An internal error occurred"))
            if fault == "cut-before":
                raise httpx.ReadError("cut", request=request)
            response = self._answer(request)
            self.after(request)
            if fault == "500-after":
                return httpx.Response(502, text="<html>bad gateway</html>")
            if fault == "cut-after":
                raise httpx.ReadTimeout("cut", request=request)
            return response

    def _answer(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if path == "/oauth2/token":
            return self._token(request)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if self._access.get(token, 0) <= self.now():
            return httpx.Response(401, json=_errors(1001, "Invalid access token"))
        if path == "/v1/me":
            return _data({"id": ME, "email": "r@example.gov", "fullName": "R. Reviewer"})
        if path == "/v1/socialProfiles":
            return _data(self.profiles)
        if path == "/v1/messages":
            return self._listed(request.url.params)
        parts = path.split("/")[2:]
        if parts[0] == "members":
            return _data({"id": parts[1], "fullName": "Jo Creator", "email": "jo@example.gov"})
        if parts[0] == "media":
            return _data({"id": parts[1], "state": "READY", "downloadUrl": self.media[parts[1]]})
        if parts[1] not in self.histories:
            return httpx.Response(404, json=_errors(4001, "Resource not found"))
        if len(parts) == 3 and parts[2] == "history":
            return _data({"actions": self.histories[parts[1]]})
        message = self.messages.get(parts[1])
        if message is None:
            return httpx.Response(404, json=_errors(4001, "Resource not found"))
        if len(parts) == 2:
            return _data(message)
        return self._decision(parts[1], parts[2], json.loads(request.content))

    def _decision(self, message_id: str, what: str, body: dict[str, Any]) -> httpx.Response:
        message, kind = self.messages[message_id], what.upper()
        if type(body.get("sequenceNumber")) is not int or body.get("reviewerType") not in ("EXTERNAL", "MEMBER"):
            return httpx.Response(400, json=_errors(1100, "Invalid JSON schema"))
        if kind == "REJECT" and not body.get("reason"):
            return httpx.Response(400, json=_errors(1100, "Invalid JSON schema"))
        if not self.allows:
            return httpx.Response(403, json=_errors(4009, "Insufficient organization permissions"))
        if message["state"] != "PENDING_APPROVAL" or body["sequenceNumber"] != message["sequenceNumber"]:
            self.superfluous += message_id in self.decided
            return httpx.Response(409, json=_errors(4000, "The message is at another step"))
        self.decided.setdefault(message_id, []).append(kind)
        external = body["reviewerType"] == "EXTERNAL"
        self.decide(message_id, kind, "" if external else ME, "EXTERNAL_REVIEW_V1" if external else "MEMBER")
        return _data({})

    def _listed(self, asked: httpx.QueryParams) -> httpx.Response:
        start, end = (datetime.fromisoformat(asked[name]) for name in ("startTime", "endTime"))
        if end - start > timedelta(weeks=4) or int(asked["limit"]) > 100:
            return httpx.Response(400, json=_errors(40020, "Specified date range is too large"))
        found = []
        for message in self.messages.values():
            at = message["scheduledSendTime"]
            if message["state"] != asked["state"]:
                continue
            if at is None:
                if asked.get("includeUnscheduledReviewMsgs") == "true":
                    found.append(message)
            elif start <= datetime.fromisoformat(at) <= end:
                found.append(message)
        found.sort(key=lambda message: (message["scheduledSendTime"] or "", message["id"]))
        first = int(asked.get("cursor", "0"))
        page = min(self.page, int(asked["limit"]))
        following = str(first + page) if len(found) > first + page else None
        told = {"data": found[first : first + page], "metadata": {"cursor": {"next": following}}}
        return httpx.Response(200, content=json.dumps(told))  # in ASCII, as halves of characters may be in it

    # Tokens: a code and a refresh token can be used once

    def sign_in_page(self, address: str) -> str:
        """What the browser of somebody who signs in is led to."""
        asked = httpx.URL(address).params
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        assert asked["scope"] == "offline"
        code = f"code-{len(self._codes)}"
        self._codes[code] = asked["code_challenge"]
        return f"{asked['redirect_uri']}?code={code}&state={asked['state']}"

    def expire(self) -> None:
        """Every access token, before its time."""
        self._access.clear()

    def _token(self, request: httpx.Request) -> httpx.Response:
        if request.headers.get("Authorization") != "Basic " + base64.b64encode(b"client:secret").decode():
            return httpx.Response(401, json={"error": "invalid_client"})
        form = {name: values[0] for name, values in parse_qs(request.content.decode()).items()}
        if form["grant_type"] == "authorization_code":
            challenge = self._codes.pop(form["code"], None)
            made = (
                base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).decode().rstrip("=")
            )
            if challenge != made or form["redirect_uri"] != REDIRECT:
                return httpx.Response(400, json={"error": "invalid_grant"})
        elif form["refresh_token"] not in self._refresh:
            self.reused += form["refresh_token"] in self._used
            return httpx.Response(400, json={"error": "invalid_grant", "error_description": form["refresh_token"]})
        else:
            self._refresh.discard(form["refresh_token"])
            self._used.add(form["refresh_token"])
        self._count += 1
        access, refresh = f"access-{self._count}", f"refresh-{self._count}"
        self._access[access] = self.now() + 3599
        self._refresh.add(refresh)
        return httpx.Response(
            200, json={"access_token": access, "refresh_token": refresh, "expires_in": 3599, "token_type": "bearer"}
        )


def _data(value: Any) -> httpx.Response:
    return httpx.Response(200, json={"data": value})


def _errors(code: int, message: str) -> dict[str, Any]:
    return {"errors": [{"code": code, "message": message, "id": "f7d3"}]}


def access_to(double: Double, clock: FakeClock) -> Access:
    return Access(API, "client", "secret", httpx.MockTransport(double.handle), clock.clock())


def signed_in(double: Double, store: Store, access: Access) -> Tokens:
    tokens = Tokens(store, access)
    tokens.finish(double.sign_in_page(tokens.begin(REDIRECT)))
    return tokens


@contextmanager
def serve(double: Double) -> Iterator[str]:
    """Its address on this computer. A cut connection is one that ends without an answer."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            size = int(self.headers.get("Content-Length") or 0)
            address = f"http://127.0.0.1{self.path}"
            request = httpx.Request(self.command, address, headers=dict(self.headers), content=self.rfile.read(size))
            try:
                response = double.handle(request)
            except httpx.HTTPError:
                self.close_connection = True
                return
            try:
                self.send_response(response.status_code)
                self.send_header("Content-Length", str(len(response.content)))
                for name in ("Content-Type", "Retry-After"):
                    if name in response.headers:
                        self.send_header(name, response.headers[name])
                self.end_headers()
                self.wfile.write(response.content)
            except OSError:  # the other side was killed
                self.close_connection = True

        do_POST = do_GET  # noqa: N815 - the names that http.server asks for

        def log_message(self, *_: Any) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.handle_error = lambda *_: None  # type: ignore[method-assign] # connections of those that were killed
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
