"""Fifty people at once on the pages of one `postcheck serve`, beside a file that it hands out as it is.

    python benchmarks/serving.py [--seconds 60] [--runs 3] [--no-pause] [--drafts 150]

A city is made on the spot. In each run one server on the loopback, with a pause of 1 to 5 seconds between two pages as
a person has it (`--no-pause`: none), is asked by

- 24 writers: their list, a draft, what they typed checked, saved, handed in, taken back, each on drafts of their own;
- 16 readers: what waits, a draft with its findings, what is approved, the record;
- 2 groups of three: one writes and hands in, two reviewers decide on the same draft at the same moment;
- 4 who ask for the style sheet.

Prints for each kind of page how often it was asked, the times until its last byte came, and its 95th percentile beside
that of the style sheet in the same run. The bars: no error and no lost connection; what the server last said was saved
is on the disk; of two decisions one is heard, the other gets a 409; the record verifies; every kind of page at most 20
times the style sheet. Exit code 1 where one is not reached.

The crowd is a process of its own on the same computer: how long its own event loop was late is printed as well.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import re
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from postcheck.draft.written import read_form
from postcheck.review.entries import Kind
from postcheck.review.records import Records
from postcheck.review.verifying import verify
from postcheck.serving.accounts import Role
from tests.serving.city import (
    PASSWORD,
    City,
    Fields,
    Served,
    caption,
    decision_of,
    encoded,
    form_of,
    headers_for,
    hidden,
)

WRITERS, READERS, GROUPS, STATIC = 24, 16, 2, 4
BAR = 20.0
STYLE = "style sheet"
PAUSE = (1.0, 5.0)
"""Seconds."""
_PATIENCE = 120.0
"""Seconds for an answer; longer is an error."""


@dataclass
class Crowd:
    """What all of them saw."""

    served: Served
    has_pause: bool
    end: float = 0.0
    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: list[str] = field(default_factory=list)
    saved: dict[str, str] = field(default_factory=dict)
    """The last text of each draft that the server said it has."""
    races: int = 0
    late: list[float] = field(default_factory=list)
    """Seconds by which the crowd's own loop was late."""

    @property
    def goes_on(self) -> bool:
        return time.perf_counter() < self.end

    async def pause(self) -> None:
        if self.has_pause:
            await asyncio.sleep(random.uniform(*PAUSE))

    def blame(self, what: str) -> None:
        self.errors.append(what)


@dataclass
class Browser:
    """One person's, with one connection that it keeps."""

    crowd: Crowd
    cookie: str = ""
    _reader: asyncio.StreamReader | None = None
    _writer: asyncio.StreamWriter | None = None

    async def ask(
        self,
        what: str,
        path: str,
        fields: Fields | None = None,
        *,
        is_multipart: bool = False,
        expect: Sequence[int] = (200,),
    ) -> tuple[int, str]:
        """Status and page. `what` is the kind of page that it is counted as; "" for none."""
        port = self.crowd.served.port
        kind, body = encoded(fields, is_multipart=is_multipart) if fields is not None else ("", b"")
        lines = [f"{name}: {value}\r\n" for name, value in headers_for(port, self.cookie, kind, len(body))]
        request = f"{'GET' if fields is None else 'POST'} {path} HTTP/1.1\r\n{''.join(lines)}\r\n".encode() + body
        begun = time.perf_counter()
        try:
            status, headers, page = await asyncio.wait_for(self._exchange(request), _PATIENCE)
        except (OSError, EOFError, TimeoutError, asyncio.IncompleteReadError) as error:
            self.crowd.blame(f"{what}: {type(error).__name__}")
            self.close()
            await asyncio.sleep(0.1)
            return 0, ""
        if what:
            self.crowd.times[what].append(time.perf_counter() - begun)
            if status not in expect:
                self.crowd.blame(f"{what}: {status} {_fault(page)}")
        cookie = re.search(rb"set-cookie: ([^;\r]*)", headers)
        if cookie:
            self.cookie = cookie[1].decode()
        return status, page.decode()

    async def _exchange(self, request: bytes) -> tuple[int, bytes, bytes]:
        if self._writer is None or self._reader is None or self._reader.at_eof():
            self.close()  # the server ends a connection that is not used for a while, as it may
            port = self.crowd.served.port
            self._reader, self._writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 24)
        self._writer.write(request)
        headers = await self._reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", headers)
        page = await self._reader.readexactly(int(length[1])) if length else b""
        return int(headers[9:12]), headers, page

    def close(self) -> None:
        if self._writer:
            self._writer.close()
        self._reader = self._writer = None

    async def sign_in(self, name: str) -> None:
        status, _ = await self.ask("", "/sign-in", [("name", name), ("password", PASSWORD)])
        assert status == 303, f"{name} cannot sign in: {status}"


def _fault(page: bytes) -> str:
    found = re.search(rb'class="fault"[^>]*>([^<]*)|<main[^>]*>(.{0,200})', page, re.DOTALL)
    return (found[1] or found[2] or b"").decode(errors="replace").strip() if found else ""


# ------------------------------------------------------------------------------------------------- the people


async def writes(crowd: Crowd, browser: Browser, own: Sequence[tuple[str, bool]]) -> None:
    number = 0
    await crowd.pause()
    while crowd.goes_on:
        draft, has_picture = random.choice(own)
        await browser.ask("my drafts", "/drafts")
        await crowd.pause()
        _, page = await browser.ask("a draft to write on", f"/drafts/edit/{draft}")
        if not page:
            continue
        for _ in range(2):  # a pause in typing
            number += 1
            await crowd.pause()
            typed = form_of(draft, hidden(page, "seen"), caption(number), has_picture=has_picture)
            await browser.ask("check as typed", f"/drafts/check/{draft}", typed, is_multipart=True)
        await crowd.pause()
        do = random.choice(("save", "save", "submit"))
        fields = form_of(draft, hidden(page, "seen"), caption(number), has_picture=has_picture, do=do)
        what = "save" if do == "save" else "hand in"
        status, _ = await browser.ask(what, f"/drafts/edit/{draft}", fields, is_multipart=True, expect=(303,))
        if status == 303:
            crowd.saved[draft] = caption(number)
        if status == 303 and do == "submit":
            await crowd.pause()
            await browser.ask("take back", f"/drafts/withdraw/{draft}", [], expect=(303,))


def reads(pages: Sequence[tuple[str, Sequence[str]]]) -> Callable[[Crowd, Browser], Awaitable[None]]:
    async def reading(crowd: Crowd, browser: Browser) -> None:
        await crowd.pause()
        while crowd.goes_on:
            for what, addresses in pages:
                await browser.ask(what, random.choice(addresses))
                await crowd.pause()

    return reading


async def races(crowd: Crowd, author: Browser, reviewers: Sequence[Browser], draft: str) -> None:
    """One hands it in, again and again, and both reviewers decide at once on what they were shown."""
    number = 0
    while crowd.goes_on:
        number += 1
        await crowd.pause()
        _, page = await author.ask("a draft to write on", f"/drafts/edit/{draft}")
        fields = form_of(draft, hidden(page, "seen"), caption(number), do="submit")
        status, _ = await author.ask("hand in", f"/drafts/edit/{draft}", fields, is_multipart=True, expect=(303,))
        if status != 303:
            continue
        crowd.saved[draft] = caption(number)
        shown = await asyncio.gather(*(one.ask("a draft to decide on", f"/review/look/{draft}") for one in reviewers))
        await crowd.pause()
        decisions = ("approve", "reject") if number % 2 else ("reject", "approve")
        answers = await asyncio.gather(
            *(
                one.ask("decide", f"/review/decide/{draft}", decision_of(page, decision), expect=(303, 409))
                for one, (_, page), decision in zip(reviewers, shown, decisions, strict=True)
            )
        )
        crowd.races += 1
        if sorted(status for status, _ in answers) != [303, 409]:
            crowd.blame(f"two decisions at once: {[status for status, _ in answers]}")


async def stands_by(crowd: Crowd) -> None:
    """How late the crowd's own loop is: what it measures of the server is too long by as much."""
    while crowd.goes_on:
        begun = time.perf_counter()
        await asyncio.sleep(0.05)
        crowd.late.append(time.perf_counter() - begun - 0.05)


# --------------------------------------------------------------------------------------------------- one run


def people() -> dict[str, Role]:
    names = {f"writer-{at}": Role.CREATOR for at in range(WRITERS)}
    for group in range(GROUPS):
        names[f"author-{group}"] = Role.CREATOR
        names |= {f"judge-{group}-{at}": Role.REVIEWER for at in range(2)}
    roles = (Role.REVIEWER, Role.REVIEWER, Role.PUBLISHER, Role.RECORDS)
    names |= {f"reader-{at}": roles[at % len(roles)] for at in range(READERS)}
    return names | {f"style-{at}": Role.CREATOR for at in range(STATIC)}


async def crowded(crowd: Crowd, own: dict[str, list[tuple[str, bool]]], seconds: float) -> None:
    browsers = {}
    for name in people():
        browsers[name] = Browser(crowd)
        await browsers[name].sign_in(name)
    for group in range(GROUPS):  # what readers look at must have been handed in
        draft = f"posts/raced-{group}"
        _, page = await browsers[f"author-{group}"].ask("", f"/drafts/edit/{draft}")
        fields = form_of(draft, hidden(page, "seen"), caption(1_000), do="submit")
        status, _ = await browsers[f"author-{group}"].ask("", f"/drafts/edit/{draft}", fields, is_multipart=True)
        assert status == 303, status
    handed_in = []
    for name, drafts in own.items():
        draft, has_picture = drafts[-1]
        _, page = await browsers[name].ask("", f"/drafts/edit/{draft}")
        fields = form_of(draft, hidden(page, "seen"), caption(0), has_picture=has_picture, do="submit")
        status, text = await browsers[name].ask("", f"/drafts/edit/{draft}", fields, is_multipart=True)
        assert status == 303, f"{status} {_fault(text.encode())}"
        handed_in.append(f"/review/look/{draft}")
    queue = [("what waits", ["/review"]), ("a draft to decide on", handed_in)]
    pages: dict[Role, list[tuple[str, Sequence[str]]]] = {
        Role.REVIEWER: [*queue, *queue, ("what is approved", ["/publish"])],
        Role.PUBLISHER: [("what is approved", ["/publish"])],
        Role.RECORDS: [("the record", ["/records"]), ("an entry", [f"/records/entry/{at}" for at in range(1, 20)])],
    }
    crowd.end = time.perf_counter() + seconds
    tasks: list[Awaitable[None]] = [stands_by(crowd)]
    for name, role in people().items():
        if name in own:
            tasks.append(writes(crowd, browsers[name], own[name][:-1]))
        elif name.startswith("reader"):
            tasks.append(reads(pages[role])(crowd, browsers[name]))
        elif name.startswith("style"):
            tasks.append(reads([(STYLE, ["/static/page.css"])])(crowd, browsers[name]))
    for group in range(GROUPS):
        judges = [browsers[f"judge-{group}-{at}"] for at in range(2)]
        tasks.append(races(crowd, browsers[f"author-{group}"], judges, f"posts/raced-{group}"))
    await asyncio.gather(*tasks)
    for browser in browsers.values():
        browser.close()


def run(seconds: float, drafts: int, has_pause: bool) -> bool:
    with tempfile.TemporaryDirectory() as name:
        city = City(Path(name) / "city")
        city.begin(people())
        own: dict[str, list[tuple[str, bool]]] = defaultdict(list)
        for at in range(drafts):
            who, has_picture = f"writer-{at % WRITERS}", at // WRITERS % 2 == 0
            draft = city.add(f"notice-{at:03}", who, has_picture=has_picture)
            own[who].append((draft, has_picture))
        for group in range(GROUPS):
            city.add(f"raced-{group}", f"author-{group}")
        served = Served(city)
        started = served.start()
        crowd = Crowd(served, has_pause)
        try:
            asyncio.run(crowded(crowd, own, seconds))
            assert served.process
            memory = [_memory(one) for one in (served.process.pid, *served.children)]
        finally:
            served.end()
        is_good = _told(crowd, seconds)
        lost = [draft for draft, text in crowd.saved.items() if read_form(city.folder / draft)[0].caption != text]
        records = Records(city.folder)
        decisions = Counter(
            (entry.body["draft"]["id"], entry.body["draft"]["revision"])
            for entry in records.list()
            if entry.kind is Kind.DECISION
        )
        twice = [one for one, count in decisions.items() if count > 1]
        faults = verify(records).faults
        print(f"drafts saved: {len(crowd.saved)}, with another text on the disk: {len(lost)} {lost[:3] or ''}")
        print(f"decisions at the same moment: {crowd.races}, both recorded: {len(twice)}")
        print(f"the record: {records.head().sequence} entries, {len(faults)} faults")
        held = ", ".join(f"{value:.0f} MB" for value in memory)
        print(f"first page {started:.1f} s after the start; memory of the server, then of its processes: {held}")
        return is_good and not (crowd.errors or lost or twice or faults)


def _memory(process: int) -> float:
    """Megabytes that it holds (Linux)."""
    found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{process}/status").read_text())
    return int(found[1]) / 1000 if found else 0.0


def _told(crowd: Crowd, seconds: float) -> bool:
    """The table. Is every kind of page within the bar?"""
    style = _part(crowd.times[STYLE], 0.95)
    asked = sum(map(len, crowd.times.values()))
    print(f"{asked} pages, {asked / seconds:.0f} a second")
    print(f"{'':22}   asked      p50      p95      max   p95 / style sheet")
    is_good = True
    for what, times in sorted(crowd.times.items(), key=lambda pair: _part(pair[1], 0.95)):
        ratio = _part(times, 0.95) / style
        is_good &= ratio <= BAR
        figures = " ".join(f"{1000 * value:5.0f} ms" for value in (_part(times, 0.5), _part(times, 0.95), max(times)))
        print(f"{what:22} {len(times):7} {figures}   {ratio:5.1f}{'' if ratio <= BAR else '  NOT REACHED'}")
    late = f"{1000 * _part(crowd.late, 0.5):.0f} ms (p50), {1000 * _part(crowd.late, 0.95):.0f} ms (p95)"
    print(f"the crowd's own loop was late by {late}; load of the computer {os.getloadavg()[0]:.1f}")
    print(f"errors: {len(crowd.errors)} {Counter(crowd.errors).most_common(5) if crowd.errors else ''}")
    return is_good


def _part(times: Sequence[float], part: float) -> float:
    if not times:
        return 0.0
    return sorted(times)[min(len(times) - 1, int(part * len(times)))]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--drafts", type=int, default=150)
    parser.add_argument("--no-pause", action="store_true", help="nobody thinks between two pages")
    given = parser.parse_args()
    pauses = "no pauses" if given.no_pause else f"pauses of {PAUSE[0]:.0f} to {PAUSE[1]:.0f} s"
    results = []
    for at in range(given.runs):
        print(f"\nrun {at + 1} of {given.runs}, {given.seconds:.0f} s, {given.drafts} drafts, {pauses}", flush=True)
        results.append(run(given.seconds, given.drafts, not given.no_pause))
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
