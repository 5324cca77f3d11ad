"""A city made for tests and benchmarks, `postcheck serve` in a process of its own, and what browsers send it."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from html import unescape
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

from postcheck.serving.accounts import Accounts, Role

ROOT = Path(__file__).parent.parent.parent
PASSWORD = "larch kettle omnibus vane"
ALT = "A city worker in an orange vest rakes maple leaves away from a storm drain."
_SAMPLE = ROOT / "postcheck" / "serving" / "sample"
_DRAFT = """---
title: Notice of {name}
account: example-bes
platforms: [Facebook, X]
author: {author}
category: announcement
{images}---
{caption}
"""
_IMAGES = f"""images:
  - file: crew.jpg
    alt: {ALT}
    source: city
    people:
      - who: city worker
        minor: false
        prominent: false
"""
Fields = Sequence[tuple[str, str]]
Files = Sequence[tuple[str, str, bytes]]
"""Of each the field, its name and its bytes."""


def caption(number: int) -> str:
    """One that nothing holds back, another for each number."""
    return f"Crews sweep the streets of District {number} on Saturday, Nov. 14."


@dataclass
class City:
    """Its folder, with settings, accounts and drafts."""

    folder: Path

    @property
    def posts(self) -> Path:
        return self.folder / "posts"

    def begin(self, people: Mapping[str, Role], accounts: Accounts | None = None) -> None:
        self.posts.mkdir(parents=True)
        shutil.copy(_SAMPLE / "postcheck.toml", self.folder)
        accounts = accounts or Accounts(self.folder)
        for name, role in people.items():
            accounts.add(name, {role}, PASSWORD)
        accounts.close()

    def add(self, name: str, author: str, *, number: int = 0, has_picture: bool = False) -> str:
        """Write a draft; its name in the record."""
        folder = self.posts / name
        folder.mkdir()
        if has_picture:
            shutil.copy(_SAMPLE / "posts" / "leaf-day" / "crew.jpg", folder)
        images = _IMAGES if has_picture else ""
        text = _DRAFT.format(name=name, author=author, images=images, caption=caption(number))
        (folder / "post.md").write_text(text, encoding="utf-8", newline="\n")
        return f"posts/{name}"


def form_of(name: str, seen: str, text: str, *, has_picture: bool = False, do: str = "save") -> Fields:
    """What a browser sends of the form of a draft that `City.add` made, where `text` was typed."""
    fields = [
        ("seen", seen), ("do", do), ("title", f"Notice of {name.rpartition('/')[2]}"), ("caption", text),
        ("platforms", "Facebook"), ("platforms", "X"), ("account", "example-bes"), ("category", "announcement"),
        ("publish_date", ""), ("publish_time", ""),
    ]  # fmt: skip
    if has_picture:
        fields += [
            ("image-0-file", "crew.jpg"), ("image-0-alt", ALT), ("image-0-source", "city"), ("image-0-credit", ""),
            ("image-0-people", "listed"), ("image-0-person-0-who", "city worker"), ("image-0-person-0-minor", "no"),
            ("image-0-person-0-police", ""), ("image-0-person-0-release", ""), ("image-0-person-0-release_by", ""),
        ]  # fmt: skip
    return fields


def hidden(page: str, name: str) -> str:
    """The value of a hidden field.

    Raises:
        AssertionError: the page has none of this name.
    """
    found = re.search(rf'<input type="hidden" name="{re.escape(name)}" value="([^"]*)"', page)
    assert found, f"no {name} in {page[:400]}"
    return unescape(found[1])


def decision_of(page: str, decision: str) -> Fields:
    """What a browser sends where every question of the page is answered with yes."""
    fields = [(name, hidden(page, name)) for name in ("shown", "seen", "key")]
    for at in re.findall(r'name="about-(\d+)"', page):
        fields += [(f"about-{at}", hidden(page, f"about-{at}")), (f"question-{at}", hidden(page, f"question-{at}"))]
        fields += [(f"answer-{at}", "yes"), (f"comment-{at}", "")]
    return [*fields, ("comment", "Looked at."), ("decision", decision)]


def encoded(fields: Fields, *, is_multipart: bool, files: Files = ()) -> tuple[str, bytes]:
    """The kind and the bytes of a body."""
    if not is_multipart:
        return "application/x-www-form-urlencoded", urlencode(fields).encode()
    edge = secrets.token_hex(12)
    made = b""
    for name, value in fields:
        typed = value.replace("\n", "\r\n")
        made += f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{typed}\r\n'.encode()
    for name, file, content in files:
        place = f'name="{name}"; filename="{file}"'
        made += f"--{edge}\r\nContent-Disposition: form-data; {place}\r\n\r\n".encode() + content + b"\r\n"
    return f"multipart/form-data; boundary={edge}", made + f"--{edge}--\r\n".encode()


@dataclass
class Browser:
    """One person's. A connection for each request: the server may be another one by then."""

    port: int
    cookie: str = ""

    def ask(
        self, path: str, fields: Fields | None = None, *, is_multipart: bool = False, files: Files = ()
    ) -> tuple[int, str, str]:
        """Status, page, and where it leads to.

        Raises:
            OSError, HTTPException: the server is gone, and nobody knows what it did.
        """
        kind, body = encoded(fields, is_multipart=is_multipart, files=files) if fields is not None else ("", b"")
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.putrequest("GET" if fields is None else "POST", path, skip_host=True)
            for name, value in headers_for(self.port, self.cookie, kind, len(body)):
                connection.putheader(name, value)
            connection.endheaders(body)
            answer = connection.getresponse()
            page = answer.read().decode()
        finally:
            connection.close()
        cookie = answer.getheader("Set-Cookie")
        if cookie:
            self.cookie = cookie.partition(";")[0]
        return answer.status, page, answer.getheader("Location", "")

    def sign_in(self, name: str) -> None:
        status, page, _ = self.ask("/sign-in", [("name", name), ("password", PASSWORD)])
        assert status == 303, f"{name} cannot sign in: {status} {page}"


def headers_for(port: int, cookie: str, kind: str = "", length: int = 0) -> Iterable[tuple[str, str]]:
    """Those of a browser on one of the server's own pages."""
    yield "Host", f"127.0.0.1:{port}"
    yield "Sec-Fetch-Site", "same-origin"
    yield "Origin", f"http://127.0.0.1:{port}"
    if cookie:
        yield "Cookie", cookie
    if kind:
        yield "Content-Type", kind
        yield "Content-Length", str(length)


@dataclass
class Served:
    """`postcheck serve` in a process of its own, on the loopback."""

    city: City
    port: int = 0
    process: subprocess.Popen[bytes] | None = None
    said: Path = field(init=False)
    """What it wrote, of all its runs."""
    _bytecode: Path = field(init=False)

    def __post_init__(self) -> None:
        self.said = self.city.folder / "said.txt"
        self._bytecode = self.city.folder.parent / "bytecode"
        self.port = self.port or _free_port()

    def start(self, *, patience: float = 60.0) -> float:
        """Seconds until the first page came."""
        begun = time.perf_counter()
        command = [sys.executable, "-m", "postcheck", "serve", "--drafts", str(self.city.posts)]
        command += ["--config", str(self.city.folder / "postcheck.toml"), "--port", str(self.port)]
        with self.said.open("ab") as said:
            environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": str(self._bytecode)}
            environment["XDG_CACHE_HOME"] = str(self.city.folder.parent / "cache")
            environment.pop("PYTHONDONTWRITEBYTECODE", None)  # as where it is installed
            self.process = subprocess.Popen(
                command, stdout=said, stderr=said, cwd=self.city.folder, env=environment, start_new_session=True
            )
        while time.perf_counter() - begun < patience:
            if self.process.poll() is not None:
                break
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=10) as asked:
                    asked.sendall(f"GET /sign-in HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n\r\n".encode())
                    if asked.recv(64).startswith(b"HTTP/1.1 200"):
                        return time.perf_counter() - begun
            except OSError:
                time.sleep(0.01)
        raise AssertionError(self.said.read_text(encoding="utf-8", errors="replace")[-2000:])

    def kill(self) -> None:
        """As a loss of power does it: the server alone, and at once."""
        assert self.process
        self.process.kill()
        self.process.wait()

    def end(self) -> None:
        """As Ctrl-C does it."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(20)

    @property
    def children(self) -> list[int]:
        """The processes that it started (Linux)."""
        assert self.process
        found = []  # each belongs to the thread that made it
        for thread in Path(f"/proc/{self.process.pid}/task").iterdir():
            with suppress(OSError):
                found += [int(one) for one in (thread / "children").read_text().split()]
        return found


def is_running(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
