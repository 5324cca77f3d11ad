"""Many people at once: what is looked at once for all, and what waits for whom."""

from __future__ import annotations

import asyncio
import shutil
import threading
from concurrent.futures import Future
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from starlette.datastructures import FormData, QueryParams

from postcheck.serving import keeper
from postcheck.serving.accounts import Accounts, Person, Role
from postcheck.serving.app import application
from postcheck.serving.checking import Checker, Looked, Rules, state_of
from postcheck.serving.desk import Ask, Desk
from postcheck.serving.server import desk_for
from tests.review.made import filled
from tests.serving.city import City, caption
from tests.serving.made import SECRET, Counting

RILEY = Person("riley", frozenset({Role.RECORDS}), "local")


def city(folder: Path) -> City:
    made = City(folder / "city")
    made.begin({}, Accounts(folder / "city"))
    return made


def desk_of(made: City, accounts: Accounts | None = None) -> Desk:
    settings = made.folder / "postcheck.toml"
    return desk_for(made.posts, settings, None, accounts, proxy=False, secure=False, upload_mb=1)


# ------------------------------------------------------------------------------------------------ checks


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[str | None]:
    """The texts that are checked, by nobody."""
    texts: list[str | None] = []

    def submit(checker: Checker, function: Any, *arguments: Any) -> Future[Looked]:
        texts.append(arguments[-1])
        done: Future[Any] = Future()
        done.set_result(object())
        return done

    monkeypatch.setattr(Checker, "_submit", submit)
    return texts


def test_what_is_saved_as_it_was_typed_is_not_checked_again(tmp_path: Path, counted: list[str | None]) -> None:
    made = city(tmp_path)
    name = made.add("leaf-day", "jo", has_picture=True)
    folder = made.folder / name
    checker = Checker(Rules(None, None, made.posts))
    before = (folder / "post.md").read_text(encoding="utf-8")
    typed = before.replace(caption(0), caption(1))
    first = checker.begin(name, folder).result()
    second = checker.begin(name, folder, typed).result()
    assert first is not second
    (folder / "post.md").write_text(typed, encoding="utf-8")
    assert checker.begin(name, folder).result() is second
    (folder / "post.md").write_text(before, encoding="utf-8")
    assert checker.begin(name, folder).result() is first
    assert counted == [before, typed]


def test_another_picture_is_checked_again(tmp_path: Path, counted: list[str | None]) -> None:
    made = city(tmp_path)
    name = made.add("leaf-day", "jo", has_picture=True)
    checker = Checker(Rules(None, None, made.posts))
    for change in (b"", b"", b"changed"):
        with (made.folder / name / "crew.jpg").open("ab") as picture:
            picture.write(change)
        checker.begin(name, made.folder / name)
    assert len(counted) == 2


@pytest.mark.parametrize("other", ["post.yaml", ""])
def test_what_is_not_one_file_is_checked_from_the_disk(tmp_path: Path, counted: list[str | None], other: str) -> None:
    made = city(tmp_path)
    name = made.add("leaf-day", "jo")
    folder = made.folder / name
    if other:
        (folder / other).write_text("title: Another\n", encoding="utf-8")
    else:
        (folder / "post.md").write_bytes(b"caf\xe9")
    checker = Checker(Rules(None, None, made.posts))
    checker.begin(name, folder)
    (folder / "post.md").write_bytes(b"na\xefve")
    checker.begin(name, folder)
    assert counted == [None, None]


def test_the_state_of_a_draft_is_that_of_all_its_files(tmp_path: Path) -> None:
    (tmp_path / "releases").mkdir()
    (tmp_path / "releases" / "signed.pdf").write_bytes(b"12345")
    (tmp_path / "post.md").write_bytes(b"1")
    assert [state[:2] for state in state_of(tmp_path)] == [("post.md", 1), ("releases/signed.pdf", 5)]
    (tmp_path / "releases" / "signed.pdf").unlink()
    assert [state[0] for state in state_of(tmp_path)] == ["post.md"]
    assert state_of(tmp_path / "gone") == ()


# ------------------------------------------------------------------------------------------------- lists


def test_lists_tell_of_each_draft_what_is_told_of_it_alone(tmp_path: Path) -> None:
    made = city(tmp_path)
    for name in ("a", "b"):
        made.add(name, "jo")
    desk = desk_of(made)
    assert [(card.id, *desk.standing(card)) for card, _, _ in desk.placed()] == [
        (card.id, standing, stage) for card, standing, stage in desk.placed()
    ]
    shutil.rmtree(made.posts / "a")
    assert [card.id for card, _, _ in desk.placed()] == ["posts/b"]


@pytest.mark.parametrize(
    ("page", "first", "last"), [("1", 250, 151), ("2", 150, 51), ("3", 50, 1), ("9", 50, 1), ("x", 250, 151)]
)
def test_a_page_of_the_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, page: str, first: int, last: int
) -> None:
    made = city(tmp_path)
    filled(made.folder, 250)
    shown: dict[str, Any] = {}
    monkeypatch.setattr(keeper, "page", lambda *_, **values: shown.update(values))
    keeper.entries(desk_of(made), Ask(RILEY, "", QueryParams({"page": page}), FormData(), datetime.now(UTC)))
    numbers = [entry.sequence for entry, _, _ in shown["rows"]]
    assert numbers == list(range(first, last - 1, -1))
    assert (shown["total"], shown["pages"]) == (250, 3)


def test_a_record_that_is_not_there_yet(tmp_path: Path) -> None:
    asked = Ask(RILEY, "", QueryParams(), FormData(), datetime.now(UTC))
    assert keeper.entries(desk_of(city(tmp_path)), asked).status_code == 200


# --------------------------------------------------------------------------------------- who waits for whom


def test_lists_come_while_everybody_else_waits_for_a_check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = city(tmp_path)
    name = made.add("a", "jo")
    accounts = Accounts(made.folder, hasher=Counting())
    accounts.add("jo", {Role.CREATOR}, SECRET)
    token = accounts.open_session(replace(accounts.person("jo", "local") or RILEY), datetime.now(UTC))
    checked = threading.Event()

    def look(*_: Any, **__: Any) -> None:
        checked.wait(20)
        raise OSError

    monkeypatch.setattr(Checker, "look", look)
    monkeypatch.setattr(Desk, "make_ready", lambda _: None)
    app = application(desk_of(made, accounts), hosts=["localhost"], secure=False)

    async def ask(path: str) -> int:
        status: list[int] = []

        async def receive() -> Any:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Any) -> None:
            if message["type"] == "http.response.start":
                status.append(message["status"])

        headers = [(b"host", b"localhost"), (b"cookie", f"postcheck={token}".encode())]
        scope = {
            "type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "query_string": b"",
            "headers": headers, "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 2), "scheme": "http",
        }  # fmt: skip
        await app(scope, receive, send)
        return status[0]

    async def crowd() -> int:
        waiting = [asyncio.create_task(ask(f"/drafts/edit/{name}")) for _ in range(60)]
        await asyncio.sleep(0.5)
        try:
            return await asyncio.wait_for(ask("/drafts"), 15)
        finally:
            checked.set()
            await asyncio.gather(*waiting)

    assert asyncio.run(crowd()) == 200
    accounts.close()
