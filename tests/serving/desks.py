"""A whole server for tests: the application over a folder, people who are signed in, and checks in the same process."""

from __future__ import annotations

import asyncio
import hashlib
import re
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import httpx

from postcheck.api import settle
from postcheck.config import Config, Review
from postcheck.draft import read_drafts
from postcheck.draft.files import draft_files
from postcheck.draft.find import Found
from postcheck.engine import Plan, look_at, make_report
from postcheck.exhibits import exhibit
from postcheck.model import Draft
from postcheck.publishing.export import Exported, export
from postcheck.reporters import html
from postcheck.review.approving import Approving
from postcheck.review.records import Records
from postcheck.serving.accounts import Accounts, Role
from postcheck.serving.app import application
from postcheck.serving.checking import Checker, Looked, Rules, state_of
from postcheck.serving.desk import Desk
from postcheck.serving.handing import hand_over
from postcheck.serving.identity import Identities
from postcheck.serving.shelf import Shelf
from tests.drafts import content
from tests.serving.made import SECRET, Counting

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message

Headers = Iterable[tuple[str, str]]
P = ParamSpec("P")
T = TypeVar("T")

HOST = "127.0.0.1:8765"
SAME: Headers = (("Sec-Fetch-Site", "same-origin"),)
ZONE = "America/Los_Angeles"
WHEN = "2027-11-12T09:00:00-08:00"
PEOPLE: Mapping[str, Sequence[Role]] = {
    "casey": [Role.CREATOR],
    "drew": [Role.CREATOR],
    "robin": [Role.REVIEWER],
    "sam": [Role.REVIEWER],
    "parker": [Role.PUBLISHER],
    "riley": [Role.RECORDS],
    "alex": [Role.ADMIN],
    "both": [Role.CREATOR, Role.REVIEWER],
    "all": list(Role),
}
ONLY = ("alt-text/missing", "governance/author-missing")
"""The checks of these servers: few, so that they are quick."""


@lru_cache(maxsize=2)
def rules_of(reviewers: int) -> tuple[Config, Plan]:
    return settle(Config(review=Review(reviewers), timezone=ZONE), policy="", select=ONLY, cache=False)


class Inline(Checker):
    """Checks in the process and the thread of whoever asks."""

    reviewers = 1

    def begin(self, draft_id: str, folder: Path, text: str | None = None) -> Future[Looked]:
        key = (draft_id, text, state_of(folder))
        made: Future[Looked] = Future()
        if key not in self._kept:
            self._kept[key] = looked_at(self.reviewers, draft_id, folder, text)
        made.set_result(self._kept[key])
        return made

    def run(self, function: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:  # noqa: ARG002
        if function is hand_over:
            _, folders, to, records = arguments
            return handed_over(self.reviewers, folders, to, records)  # type: ignore[return-value, arg-type]
        return 0  # type: ignore[return-value]


def looked_at(reviewers: int, draft_id: str, folder: Path, text: str | None) -> Looked:
    config, plan = rules_of(reviewers)
    texts = {} if text is None else {(folder / name).resolve(): text for name in draft_files(folder)}
    plan = replace(plan, context=replace(plan.context, texts=texts)) if texts else plan
    (draft,) = read_drafts([Found("folder", folder, draft_id)], config, texts)
    checked, veil = look_at(draft, plan)
    report = make_report((checked,), plan, config.fail_on)
    entries = tuple(html.entries(report, checked))
    shown = exhibit(draft, veil, []) if isinstance(draft, Draft) and not checked.problems else None
    return Looked(draft, report, veil, entries, shown)


def handed_over(reviewers: int, folders: Sequence[Path], to: Path, records: Path) -> Exported:
    config, _ = rules_of(reviewers)
    return export(folders, to, config=config, policy="", records=Records(records), cache=False)


@dataclass(frozen=True)
class Browser:
    """Asks the application as it stands, and follows nowhere. A fault of the application is raised here only where
    nothing stands before it: `guarded` makes a page of it."""

    app: ASGIApp
    headers: Headers
    address: str

    def get(self, path: str, headers: Headers = ()) -> httpx.Response:
        return self.ask("GET", path, headers)

    def post(self, path: str, headers: Headers = (), **body: Any) -> httpx.Response:
        return self.ask("POST", path, headers, **body)

    def ask(self, method: str, path: str, headers: Headers = (), **body: Any) -> httpx.Response:
        async def asked() -> httpx.Response:
            transport = httpx.ASGITransport(self.app, client=(self.address, 50000))
            async with httpx.AsyncClient(transport=transport, base_url=f"http://{HOST}", headers=[]) as client:
                return await client.request(method, path, headers=[*self.headers, *headers], **body)

        return asyncio.run(asked())


@dataclass
class Answer:
    status: int = 0
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""


def raw(
    app: ASGIApp, method: str, path: str, headers: Headers = (), chunks: Iterable[bytes] = (b"",), host: str = HOST
) -> Answer:
    """Without a client that mends anything: the path is as the server gives it, its escapes read already."""
    given = [("host", host), *headers] if host else list(headers)
    scope = {
        "type": "http", "method": method, "path": path, "raw_path": b"", "query_string": b"", "scheme": "http",
        "headers": [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in given],
        "client": ("127.0.0.1", 50000), "server": ("127.0.0.1", 8765), "root_path": "", "http_version": "1.1",
    }  # fmt: skip
    left, answer = list(chunks), Answer()

    async def receive() -> Message:
        if left:
            return {"type": "http.request", "body": left.pop(0), "more_body": bool(left)}
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in message["headers"]]
        else:
            answer.body += message.get("body", b"")

    async def called() -> None:
        await app(scope, receive, send)

    asyncio.run(called())
    return answer


class City:
    """A server, its drafts, and its people."""

    def __init__(self, base: Path, *, reviewers: int = 1, proxy: bool = False, upload_bytes: int = 2_000_000) -> None:
        self.base = base
        self.root = base / "posts"
        self.root.mkdir()
        self.reviewers = reviewers
        config, _ = rules_of(reviewers)
        self.records = Records(base)
        (base / ".postcheck").mkdir()
        self.accounts = Accounts(base, hasher=Counting())
        for name, roles in PEOPLE.items():
            self.accounts.add(name, roles, SECRET)
        checker = Inline(Rules(None, "", self.root))
        checker.reviewers = reviewers
        self.desk = Desk(
            base=base,
            config=config,
            records=self.records,
            shelf=Shelf(self.root, base, config),
            checker=checker,
            approving=Approving(self.records, config),
            accounts=self.accounts,
            identities=Identities(self.accounts, proxy=proxy, secure=False),
            upload_bytes=upload_bytes,
            platforms=("Facebook", "X"),
        )
        self.app: ASGIApp = application(self.desk, hosts=(HOST,), secure=False)
        self._tokens: dict[str, str] = {}
        self._lock = threading.Lock()

    def token(self, name: str) -> str:
        """Of a session that is open."""
        from datetime import UTC, datetime

        with self._lock:
            if name not in self._tokens:
                person = self.accounts.person(name, "local")
                assert person is not None
                self._tokens[name] = self.accounts.open_session(person, datetime.now(UTC))
            return self._tokens[name]

    def client(self, name: str = "", *, address: str = "127.0.0.1", headers: Headers = SAME) -> Browser:
        """A browser in which `name` is signed in; nobody where that is empty."""
        cookie = [("Cookie", f"postcheck={self.token(name)}")] if name else []
        return Browser(self.app, [*headers, *cookie], address)

    def write(self, name: str = "leaf-day", author: str = "casey", **keys: Any) -> str:
        """A draft on the disk; its name as the record has it."""
        folder = self.root / name
        folder.mkdir(parents=True)
        lines = {"title": "Leaf Day", "account": "parks", "author": author, "platforms": "[Facebook]", **keys}
        lines.setdefault("publish_at", f'"{WHEN}"')
        caption = lines.pop("caption", "Leaf Day is Saturday.")
        front = "".join(f"{key}: {value}\n" for key, value in lines.items())
        (folder / "post.md").write_text(f"---\n{front}---\n{caption}\n", encoding="utf-8")
        self.desk.shelf.forget()
        return f"posts/{name}"

    def file(self, name: str) -> Path:
        return self.base / name / "post.md"

    def change(self, name: str, words: str = "Leaf Day is on Sunday.") -> None:
        """As an editor does, past the page."""
        path = self.file(name)
        path.write_text(path.read_text(encoding="utf-8") + words + "\n", encoding="utf-8")

    def seen(self, name: str) -> str:
        return hashlib.sha256(self.file(name).read_bytes()).hexdigest()

    def form(self, name: str, **changed: Any) -> dict[str, Any]:
        """What the page sends where nothing else is typed."""
        return {
            "seen": self.seen(name), "title": "Leaf Day", "caption": "Leaf Day is Saturday.", "account": "parks",
            "category": "", "publish_date": "2027-11-12", "publish_time": "09:00", "platforms": "Facebook", **changed,
        }  # fmt: skip

    def save(self, name: str, who: str = "casey", **changed: Any) -> httpx.Response:
        return self.client(who).post(f"/drafts/edit/{name}", data=self.form(name, **changed))

    def submit(self, name: str, who: str = "casey") -> None:
        answer = self.save(name, who, do="submit")
        assert (answer.status_code, answer.headers["location"]) == (303, "/drafts?said=submitted"), answer.text

    def decision(self, name: str, who: str = "robin", **changed: str) -> dict[str, str]:
        """The fields of the page on which `who` decides."""
        page = self.client(who).get(f"/review/look/{name}").text
        fields = {key: _field(page, key) for key in ("shown", "seen", "key")}
        return {"decision": "approve", "comment": "Looked at.", **fields, **changed}

    def decide(self, name: str, who: str = "robin", **changed: str) -> httpx.Response:
        return self.client(who).post(f"/review/decide/{name}", data=self.decision(name, who, **changed))

    def approved(self, name: str = "leaf-day", **keys: Any) -> str:
        """A draft that is approved."""
        made = self.write(name, **keys)
        self.submit(made)
        assert self.decide(made).headers["location"] == "/review?said=approve"
        return made

    def kinds(self, name: str) -> list[str]:
        """What the record tells of a draft."""
        if not self.records.path.is_file():
            return []
        found = [entry for entry in self.records.list() if entry.body["draft"]["id"] == name]
        return [str(entry.body.get("decision") or entry.kind.value) for entry in found]

    def everything(self) -> dict[str, bytes]:
        """All that lies in the folder, byte for byte; the record and the accounts as what they hold."""
        found = {}
        for path in sorted(self.base.rglob("*")):
            if path.is_file() and not path.name.endswith(("-wal", "-shm")):
                found[str(path.relative_to(self.base))] = dump(path) if path.suffix == ".sqlite" else path.read_bytes()
        return found


def dump(path: Path) -> bytes:
    import sqlite3

    with sqlite3.connect(path) as base:
        lines = "\n".join(base.iterdump()).encode()
    base.close()
    return lines


def _field(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    return found[1] if found else ""


def png() -> bytes:
    return content("a.png", {})


def multipart(fields: Iterable[tuple[str, bytes]], files: Iterable[tuple[str, bytes, bytes]] = ()) -> bytes:
    """A body as a hostile program writes it: names and values as they are. Boundary `b`."""
    parts = [b'--b\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (n.encode(), v) for n, v in fields]
    parts += [
        b'--b\r\nContent-Disposition: form-data; name="%s"; filename="%s"\r\n\r\n%s\r\n' % (n.encode(), f, v)
        for n, f, v in files
    ]
    return b"".join(parts) + b"--b--\r\n"
