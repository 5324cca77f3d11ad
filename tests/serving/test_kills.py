"""The server is killed again and again while people write, hand in, decide and note. What it said was done is done, what
it did not answer is done once or not at all, and nothing is left in halves."""

from __future__ import annotations

import os
import random
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path

import pytest

from postcheck.config import load_config
from postcheck.draft import read_drafts
from postcheck.draft.find import drafts_below
from postcheck.draft.written import read_form
from postcheck.model import Draft
from postcheck.review.entries import Kind
from postcheck.review.records import Head, Records
from postcheck.review.verifying import verify
from postcheck.serving.accounts import Accounts, Role
from tests.serving.city import (
    Browser,
    City,
    Fields,
    Served,
    caption,
    decision_of,
    form_of,
    hidden,
    is_running,
)

KILLS = int(os.environ.get("POSTCHECK_KILLS", "20"))
"""Each takes some 3 seconds on two processors that have nothing else to do."""
SECONDS = float(os.environ.get("POSTCHECK_KILL_SECONDS", "90"))
"""After so long no further one is begun, on a computer that has much else to do."""
PEOPLE = {
    "casey": Role.CREATOR, "kim": Role.CREATOR, "lee": Role.CREATOR, "robin": Role.REVIEWER, "sasha": Role.REVIEWER,
    "parker": Role.PUBLISHER, "door": Role.RECORDS,
}  # fmt: skip
GONE = (OSError, HTTPException)


@dataclass
class Told:
    """What the server answered, and what is wrong with it."""

    decisions: dict[str, tuple[str, str]] = field(default_factory=dict)
    """By the key, the draft and the decision: the server said that it is recorded."""
    notes: set[str] = field(default_factory=set)
    keys: set[str] = field(default_factory=set)
    """Of all requests that were sent."""
    begun: list[str] = field(default_factory=list)
    """Names of drafts."""
    signed_out: list[str] = field(default_factory=list)
    """Cookies."""
    wrong: list[str] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)

    def expect(self, what: str, status: int, *good: int, page: str = "") -> bool:
        if status in good:
            self.done[what] += 1
        else:
            at = page.find('class="fault"')
            self.wrong.append(f"{what}: {status} {page[at : at + 300] if at > 0 else page[:300]}")
        return status in good


@dataclass
class Writing:
    """Somebody who saves, hands in and takes back."""

    browser: Browser
    draft: str
    told: Told
    sent: int = 0
    saved: int = 0
    """The number of the last text that the server said it has."""

    def step(self) -> None:
        status, page, _ = self.browser.ask(f"/drafts/edit/{self.draft}")
        if not self.told.expect("open", status, 200, page=page):
            return
        self.sent += 1
        number, do = self.sent, random.choice(("save", "save", "submit"))
        fields = form_of(self.draft, hidden(page, "seen"), caption(number), do=do)
        status, page, _ = self.browser.ask(f"/drafts/edit/{self.draft}", fields, is_multipart=True)
        if self.told.expect(do, status, 303, page=page):
            self.saved = number
            if do == "submit":
                status, page, _ = self.browser.ask(f"/drafts/withdraw/{self.draft}", [])
                self.told.expect("withdraw", status, 303, page=page)

    def judge(self, folder: Path) -> None:
        form, _ = read_form(folder / self.draft)
        good = [caption(number) for number in range(self.saved, self.sent + 1)]
        assert form.caption in good, f"{self.draft}: {form.caption!r} is none of {good}"


@dataclass
class Uploading:
    """Somebody who adds a picture and takes it out again."""

    browser: Browser
    draft: str
    told: Told
    picture: bytes
    broken_off: int = 0

    def step(self) -> None:
        status, page, _ = self.browser.ask(f"/drafts/edit/{self.draft}")
        if not self.told.expect("open", status, 200, page=page):
            return
        names = [name for at in range(page.count("-file")) if (name := _or_none(page, f"image-{at}-file"))]
        fields = form_of(self.draft, hidden(page, "seen"), caption(0), do=f"remove:{names[0]}" if names else "save")
        files = [] if names else [("add-picture", "crew.jpg", self.picture)]
        self.broken_off += 1
        status, page, _ = self.browser.ask(f"/drafts/edit/{self.draft}", fields, is_multipart=True, files=files)
        if self.told.expect("upload" if files else "remove", status, 303, page=page):
            self.broken_off -= 1

    def judge(self, folder: Path) -> None:
        form, _ = read_form(folder / self.draft)
        listed = {image.file for image in form.images}
        there = {path.name for path in (folder / self.draft).iterdir() if not path.name.startswith(".")}
        assert listed <= there, "a picture that the draft names is gone"
        assert len(there - listed - {"post.md"}) <= self.broken_off, f"{there} but {listed}"
        for name in there - {"post.md"}:
            assert (folder / self.draft / name).read_bytes() == self.picture, f"{name} is not whole"


def _or_none(page: str, name: str) -> str | None:
    return hidden(page, name) if f'name="{name}" value=' in page else None


@dataclass
class Deciding:
    """One hands in, two decide at the same moment, one notes what became of it; each sends again what was not answered,
    with the same key."""

    author: Browser
    reviewers: Sequence[Browser]
    publisher: Browser
    draft: str
    told: Told
    number: int = 0
    pending: list[tuple[Browser, Fields]] = field(default_factory=list)
    heard: list[int] = field(default_factory=list)
    noting: Fields = ()

    def step(self) -> None:
        if self.noting:
            self._note()
        if not self.pending:
            self._hand_in()
            pages = [one.ask(f"/review/look/{self.draft}") for one in self.reviewers]
            if not all(self.told.expect("look", status, 200, 503, page=page) for status, page, _ in pages):
                return
            if any('name="shown"' not in page for _, page, _ in pages):
                return  # it is still being checked
            decisions = random.sample(("approve", "reject"), 2)
            self.heard = []
            self.pending = [
                (one, decision_of(page, decision))
                for one, (_, page, _), decision in zip(self.reviewers, pages, decisions, strict=True)
            ]
        self._decide()

    def _hand_in(self) -> None:
        status, page, _ = self.author.ask(f"/drafts/edit/{self.draft}")
        if not self.told.expect("open", status, 200, page=page) or "/drafts/withdraw/" in page:
            return  # it is handed in already
        self.number += 1
        fields = form_of(self.draft, hidden(page, "seen"), caption(self.number), do="submit")
        status, page, _ = self.author.ask(f"/drafts/edit/{self.draft}", fields, is_multipart=True)
        self.told.expect("submit", status, 303, page=page)

    def _decide(self) -> None:
        asked, self.pending = self.pending, []
        self.told.done["decision sent again"] += sum(key in self.told.keys for key in _keys(asked))
        self.told.keys |= {dict(fields)["key"] for _, fields in asked}
        with ThreadPoolExecutor(2) as both:
            answers = list(both.map(self._answer, asked))
        for (browser, fields), status in zip(asked, answers, strict=True):
            if status is None:
                self.pending.append((browser, fields))
                continue
            self.heard.append(status)
            if status == 303:
                self.told.decisions[dict(fields)["key"]] = (self.draft, dict(fields)["decision"])
        if self.pending:
            raise ConnectionError
        self.told.expect(f"two decide {self.heard}", self.heard.count(303), 1)
        self.told.expect("the other", next((one for one in self.heard if one != 303), 0), 409)
        if "approve" in [self.told.decisions[key][1] for key in _keys(asked) if key in self.told.decisions]:
            self._begin_note()

    def _answer(self, asked: tuple[Browser, Fields]) -> int | None:
        browser, fields = asked
        try:
            return browser.ask(f"/review/decide/{self.draft}", fields)[0]
        except GONE:
            return None

    def _begin_note(self) -> None:
        status, page, _ = self.publisher.ask("/publish")
        place = page.find(f'action="/publish/note/{self.draft}"')
        if self.told.expect("publish", status, 200, page=page) and place > 0:
            key = hidden(page[place:], "key")
            self.noting = [("key", key), ("platform", "Facebook"), ("address", "https://example.com/1"), ("id", "")]
            self.told.keys.add(key)
            self._note()

    def _note(self) -> None:
        status, page, _ = self.publisher.ask(f"/publish/note/{self.draft}", self.noting)
        if self.told.expect("note", status, 303, page=page):
            self.told.notes.add(dict(self.noting)["key"])
        self.noting = ()


def _keys(asked: Sequence[tuple[Browser, Fields]]) -> list[str]:
    return [dict(fields)["key"] for _, fields in asked]


@dataclass
class Beginning:
    """Somebody who begins drafts."""

    browser: Browser
    told: Told

    def step(self) -> None:
        if len(self.told.begun) > 50:
            time.sleep(0.5)
            return
        status, page, leads_to = self.browser.ask("/drafts/new", [("title", "Notice"), ("platforms", "Facebook")])
        if self.told.expect("begin", status, 303, page=page):
            self.told.begun.append(leads_to.removeprefix("/drafts/edit/").partition("?")[0])
        time.sleep(0.5)


@dataclass
class AtTheDoor:
    """Somebody who signs in and out."""

    told: Told
    port: int

    def step(self) -> None:
        browser = Browser(self.port)
        status, page, _ = browser.ask("/sign-in", [("name", "door"), ("password", "larch kettle omnibus vane")])
        if self.told.expect("sign in", status, 303, 429, page=page) and status == 303:
            self.told.expect("records", browser.ask("/records")[0], 200)
            cookie = browser.cookie
            status, page, _ = browser.ask("/sign-out", [])
            if self.told.expect("sign out", status, 303, page=page):
                self.told.signed_out.append(cookie)
        time.sleep(0.5)


@contextmanager
def at_work(steps: Sequence[Callable[[], None]], wrong: list[str]) -> Iterator[None]:
    """All of them, each in a thread, until the server is gone."""
    over = threading.Event()

    def go_on(step: Callable[[], None]) -> None:
        while not over.is_set():
            try:
                step()
            except GONE:
                if not over.is_set():
                    over.wait(0.05)
            except Exception as error:
                wrong.append(f"{type(error).__name__}: {error}")
                return

    threads = [threading.Thread(target=go_on, args=(step,)) for step in steps]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join()


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks for its processes in /proc")
def test_what_was_confirmed_outlives_kills(tmp_path: Path) -> None:
    random.seed(7)
    city = City(tmp_path / "city")
    city.begin(PEOPLE)
    served, told = Served(city), Told()
    starts = [served.start()]
    people = {name: Browser(served.port) for name in PEOPLE}
    for name, browser in people.items():
        browser.sign_in(name)
    writers = [Writing(people[who], city.add(f"of-{who}-{at}", who), told) for who in ("casey", "kim") for at in (0, 1)]
    picture = (Path(__file__).parents[2] / "postcheck/serving/sample/posts/leaf-day/crew.jpg").read_bytes()
    uploading = Uploading(people["lee"], city.add("with-pictures", "lee"), told, picture)
    deciding = [
        Deciding(
            people["kim"], (people["robin"], people["sasha"]), people["parker"], city.add(f"raced-{at}", "kim"), told
        )
        for at in (0, 1)
    ]
    begins = Beginning(people["lee"], told)
    judged: list[Writing | Uploading] = [*writers, uploading]
    steps = [one.step for one in judged] + [one.step for one in deciding]
    steps += [begins.step, AtTheDoor(told, served.port).step]
    over = time.monotonic() + SECONDS
    records, heads, left = Records(city.folder), [Head(0, "")], 0
    try:
        for number in range(KILLS):
            if time.monotonic() > over:
                break
            with at_work(steps, told.wrong):
                if number % 3:  # else it is killed while its processes are still starting
                    people["casey"].ask(f"/drafts/edit/{writers[0].draft}")
                time.sleep(random.uniform(0.0, 0.7))
                children = served.children
                served.kill()
            left += sum(not _ends(one) for one in children)
            if (
                number % 2 and records.path.is_file()
            ):  # else the next server is the first to open what the killed one left
                heads.append(records.head())
                recorded = {entry.key for entry in records.list()}
                unanswered = [key for one in deciding for key in (*_keys(one.pending), dict(one.noting).get("key", ""))]
                told.done["done and not answered"] += sum(key in recorded for key in unanswered if key)
                for one in judged:
                    one.judge(city.folder)
            if number % 25 == 24 and records.path.is_file():
                assert not verify(records, heads[-1]).faults
            starts.append(served.start())
            for browser in people.values():
                told.expect("session", browser.ask("/")[0], 303)
            for cookie in told.signed_out[-3:]:
                leads_to = Browser(served.port, cookie).ask("/")[2]
                told.expect("signed out", int(leads_to.startswith("/sign-in")), 1)
        with at_work(steps, told.wrong):
            time.sleep(5)  # what was not answered is sent again
    finally:
        served.end()
    sys.stdout.write(  # for `pytest -s`
        f"{len(starts) - 1} kills; start {sorted(starts)[len(starts) // 2]:.2f} s (median), {max(starts):.2f} s at most\n"
        f"{len(told.decisions)} decisions and {len(told.notes)} notes confirmed; {dict(sorted(told.done.items()))}\n"
    )
    assert not told.wrong[:3]
    assert not left, f"{left} processes outlived the server"
    assert "broke" not in served.said.read_text(encoding="utf-8", errors="replace")
    _judge_record(records, told, heads)
    _judge_drafts(city, told)
    for one in judged:
        one.judge(city.folder)


def _ends(process: int) -> bool:
    until = time.monotonic() + 10
    while is_running(process):
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def _judge_record(records: Records, told: Told, heads: Sequence[Head]) -> None:
    assert not verify(records, heads[-1]).faults
    entries = list(records.list())
    hashes = {entry.sequence: entry.hash for entry in entries}
    assert [head for head in heads[1:] if head.sequence and hashes.get(head.sequence) != head.hash] == []
    by_key = Counter(entry.key for entry in entries if entry.key)
    assert [key for key, count in by_key.items() if count > 1] == []
    found = {
        entry.key: (entry.body["draft"]["id"], entry.body["decision"])
        for entry in entries
        if entry.kind is Kind.DECISION
    }
    assert told.decisions.items() <= found.items()
    revisions = Counter(
        (entry.body["draft"]["id"], entry.body["draft"]["revision"]) for entry in entries if entry.kind is Kind.DECISION
    )
    assert [one for one, count in revisions.items() if count > 1] == []
    assert told.notes <= {entry.key for entry in entries if entry.kind is Kind.PUBLISHED}


def _judge_drafts(city: City, told: Told) -> None:
    config = load_config(city.folder / "postcheck.toml")
    found = list(read_drafts(drafts_below(city.posts, config, []), config))
    assert [draft.path for draft in found if not isinstance(draft, Draft)] == []
    assert [name for name in told.begun if not (city.folder / name / "post.md").is_file()] == []
    accounts = Accounts(city.folder)
    assert {account.name for account in accounts.list()} == PEOPLE.keys()
    accounts.close()
