"""Every request as a mock server finds it that knows nothing but a description, and refuses what does not fit it.

By default the description is our own; POSTCHECK_HOOTSUITE_DESCRIPTION names another file, such as Hootsuite's.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from postcheck.errors import UsageError
from postcheck.hootsuite.client import Client
from postcheck.hootsuite.http import Access, Refused
from postcheck.hootsuite.store import Store
from postcheck.hootsuite.tokens import Tokens
from tests.hootsuite.described import DESCRIPTION
from tests.hootsuite.double import REDIRECT

_MUST = os.environ.get("CI") == "true"
_SECONDS = 180
"""That fetching and starting the mock server may take."""


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("prism")
    npx = shutil.which("npx")
    if npx is None:
        assert not _MUST, "npx is missing"
        pytest.skip("npx is missing")
    given = os.environ.get("POSTCHECK_HOOTSUITE_DESCRIPTION")
    described = Path(given) if given else folder / "described.json"
    if not given:
        described.write_text(json.dumps(DESCRIPTION), encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [npx, "--yes", "@stoplight/prism-cli", "mock", str(described), "-h", "127.0.0.1", "-p", str(port)]
    log = folder / "log.txt"
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=folder, stdout=output, stderr=output, start_new_session=True)
    try:
        until = time.monotonic() + _SECONDS
        while process.poll() is None and time.monotonic() < until and b"Prism is listening" not in log.read_bytes():
            time.sleep(0.2)
        if b"Prism is listening" not in log.read_bytes():
            assert not _MUST, log.read_text(encoding="utf-8", errors="replace")[-2000:]
            pytest.skip("Prism did not start: is the npm registry within reach?")
        yield f"http://127.0.0.1:{port}"
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
        process.wait()


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="process groups of POSIX")
def test_every_request_fits_the_description(api: str, tmp_path: Path) -> None:
    tokens = Tokens(Store(tmp_path), Access(api, "client", "secret"))
    state = httpx.URL(tokens.begin(REDIRECT)).params["state"]
    tokens.finish(f"{REDIRECT}?code=c&state={state}")
    client = Client(tokens)
    assert client.me()
    try:
        list(client.waiting())
    except UsageError as error:  # an example with a cursor is the same on every page
        assert "has no end" in str(error)
    assert client.profiles()
    message = client.message("4138476039")
    assert message is not None
    assert client.history(message.id)
    assert client.member_name("15240789")
    assert client.media_url("bWVkaWE=")
    for reviewer in ("EXTERNAL", "MEMBER"):
        client.approve(message.id, 1, reviewer)
        client.reject(message.id, 1, reviewer, "Alt text is missing.")
    with pytest.raises(Refused):  # the mock does refuse what does not fit
        client.approve(message.id, 1, "NOBODY")
