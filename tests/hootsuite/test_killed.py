"""postcheck killed for real while it approves, again and again, against the double behind a port."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from postcheck.hootsuite.approval import Ending, sent
from postcheck.hootsuite.client import Client
from postcheck.hootsuite.http import Access
from postcheck.hootsuite.store import Store
from postcheck.hootsuite.tokens import Tokens
from tests.hootsuite.double import REDIRECT, Double, serve

ROOT = Path(__file__).parent.parent.parent
MESSAGES = 30
MOST_KILLS = 20
APPROVE = f"""
import sys
from pathlib import Path
from postcheck.hootsuite.approval import Decision, resume, send
from postcheck.hootsuite.client import Client
from postcheck.hootsuite.http import Access
from postcheck.hootsuite.store import Store
from postcheck.hootsuite.tokens import Tokens
api, folder = sys.argv[1:]
store = Store(Path(folder))
client = Client(Tokens(store, Access(api, "client", "secret")))
resume(client, store)
for number in range({MESSAGES}):
    message = client.message(str(number))
    digest = sys.stdin.readline().strip()
    ending = send(client, store, Decision(number + 1, "d", str(number), True, "", 1, digest), "EXTERNAL").ending
    assert ending == "done", ending
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="a kill of POSIX")
def test_thirty_messages_are_approved_once_each_whenever_it_is_killed(tmp_path: Path) -> None:
    dice = random.Random(7)
    double = Double(time.time)
    for number in range(MESSAGES):
        double.add(str(number))
    faults = ("", "", "", "", "cut-after", "500-after", "500-before")
    with serve(double) as api:
        store = Store(tmp_path)
        tokens = Tokens(store, Access(api, "client", "secret"))
        tokens.finish(double.sign_in_page(tokens.begin(REDIRECT)))
        client = Client(tokens)
        digests = ""
        for number in range(MESSAGES):
            message = client.message(str(number))
            assert message is not None
            digests += f"{message.digest}\n"
        double.fault = lambda request: dice.choice(faults) if request.method == "POST" else ""
        kills = 0
        for run in range(MOST_KILLS + 5):
            command = [sys.executable, "-c", APPROVE, api, str(tmp_path)]
            process = subprocess.Popen(command, stdin=subprocess.PIPE, cwd=ROOT)
            try:
                process.communicate(digests.encode(), timeout=60 if run >= MOST_KILLS else dice.uniform(0.5, 2.5))
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                process.communicate()
                kills += 1
                continue
            assert process.returncode == 0
            break
        assert kills >= 3, "too fast to be killed"
        assert double.decided == {str(number): ["APPROVE"] for number in range(MESSAGES)}
        assert double.superfluous == 0
        assert [one.ending for one in sent(store)] == [Ending.DONE] * MESSAGES
