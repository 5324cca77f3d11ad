"""`postcheck serve` in a process of its own, on drafts and accounts that a test makes."""

from __future__ import annotations

import http.client
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from postcheck.serving.accounts import Accounts, Role
from tests.drafts import write_draft

ROOT = Path(__file__).parent.parent.parent
PEOPLE: Mapping[str, Collection[Role]] = {
    "casey": [Role.CREATOR],
    "kim": [Role.CREATOR],
    "robin": [Role.REVIEWER],
    "rowan": [Role.REVIEWER],
    "parker": [Role.PUBLISHER],
    "riley": [Role.RECORDS],
    "alex": [Role.ADMIN],
    "morgan": [Role.CREATOR, Role.REVIEWER, Role.PUBLISHER, Role.RECORDS, Role.ADMIN],
}
SETTINGS = """\
policy = "portland"
timezone = "America/Los_Angeles"

[facts]
city_names = ["City of Example", "Example"]
site_domains = ["example.gov"]
categories = ["announcement", "emergency"]
"""
_PATIENCE = 30.0
"""Seconds until the server answers, or has ended."""
_CUT_OFF = re.compile(
    r"^(?:ERROR: +)?(?:Exception in ASGI application\n)?Traceback \(most recent call last\):\n(?:[ |].*\n)*?"
    r"asyncio\.exceptions\.CancelledError: Task cancelled, timeout graceful shutdown exceeded\n",
    re.MULTILINE,
)
"""What uvicorn writes where a check was still under way when the server was ended."""
_BROKE = re.compile(r'^Traceback \(most recent call last\)|^  File "', re.MULTILINE)
"""In what the server writes: also where it answers with a page that says nothing of it."""


@dataclass
class Serving:
    """A server that a test may end and begin again, at the same address and on the same files."""

    base: Path
    """Of the settings, the record and the accounts."""
    port: int
    options: Collection[str] = ()
    passwords: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    @property
    def drafts(self) -> Path:
        return self.base / "posts"

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def errors(self) -> str:
        """What it wrote to stderr so far, in all its lives."""
        path = self.base / "stderr.txt"
        return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""

    def start(self) -> None:
        command = [sys.executable, "-m", "postcheck", "serve", "--drafts", str(self.drafts), "--port", str(self.port)]
        env = {**os.environ, "PYTHONPATH": str(ROOT)}
        with self._file("stdout.txt") as output, self._file("stderr.txt") as errors:
            self.process = subprocess.Popen(
                [*command, *self.options],
                cwd=self.base,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=errors,
            )
        end = time.monotonic() + _PATIENCE
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > end:
                self.stop()
                raise AssertionError(f"the server does not answer: {self.errors}")
            time.sleep(0.05)

    def stop(self) -> None:
        """As Ctrl-C or a service manager does; what does not end then is ended."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(_PATIENCE)
        self.process = None

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """`postcheck ...` in the same folder."""
        return subprocess.run(
            [sys.executable, "-m", "postcheck", *arguments],
            cwd=self.base, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
            timeout=120,
        )  # fmt: skip

    def _file(self, name: str) -> IO[bytes]:
        return (self.base / name).open("ab")

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
        try:
            connection.request("GET", "/sign-in")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()


@contextmanager
def running(
    folder: Path,
    drafts: Mapping[str, Mapping[str, Any] | str] | None = None,
    *,
    people: Mapping[str, Collection[Role]] = PEOPLE,
    settings: str = SETTINGS,
    options: Collection[str] = (),
) -> Iterator[Serving]:
    """A server on `folder`/posts that answers already. It is ended after the block, and the test fails if the server
    broke somewhere, even where a page hid it.

    Args:
        drafts: By the name of their folder: what `write_draft` takes, or the text of a post.md.
        people: Accounts with their roles; what they sign in with stands in `passwords`.
        settings: The text of postcheck.toml.
        options: Further ones of `postcheck serve`.
    """
    server = Serving(folder, _free_port(), options)
    server.drafts.mkdir(parents=True, exist_ok=True)
    (folder / "postcheck.toml").write_text(settings, encoding="utf-8")
    for name, draft in (drafts or {}).items():
        place = server.drafts / name
        if isinstance(draft, str):
            place.mkdir(parents=True, exist_ok=True)
            (place / "post.md").write_text(draft, encoding="utf-8")
        else:
            write_draft(place, draft)
    accounts = Accounts(folder)
    try:
        for name, roles in people.items():
            server.passwords[name] = f"{name} maple thistle owl"
            accounts.add(name, roles, server.passwords[name])
    finally:
        accounts.close()
    server.start()
    try:
        yield server
    finally:
        server.stop()
    assert not _BROKE.search(_CUT_OFF.sub("", server.errors)), server.errors


def _free_port() -> int:
    """The port is part of the address by which the server may be called, so it must be known before the start."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
