"""Appending: what is confirmed stays, once, whatever happens."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from multiprocessing import get_context
from pathlib import Path

import pytest

from postcheck.errors import UsageError
from postcheck.review.records import Head, Records
from postcheck.review.verifying import verify
from tests.review.made import START, faults, filled, new, tampered, with_asset

ROOT = Path(__file__).parent.parent.parent


def test_entries_come_back_as_they_were_appended(tmp_path: Path) -> None:
    records = filled(tmp_path)
    assert records.path == tmp_path / ".postcheck" / "records.sqlite"
    listed = list(records.list())
    assert [entry.sequence for entry in listed] == [1, 2, 3, 4, 5]
    assert [entry.previous for entry in listed[1:]] == [entry.hash for entry in listed[:-1]]
    assert records.get(3) == listed[2]
    assert records.head() == Head(5, listed[-1].hash)
    assert faults(records) == []


def test_a_file_of_its_own_may_be_named(tmp_path: Path) -> None:
    records = Records(tmp_path / "city.sqlite")
    picture = tmp_path / "a.png"
    picture.write_bytes(b"picture")
    records.append(with_asset(picture))
    assert {path.name for path in tmp_path.iterdir()} >= {"city.sqlite", "city.assets"}


def test_a_repeated_request_gives_the_same_entry(tmp_path: Path) -> None:
    records = Records(tmp_path)
    first = records.append(new(key="k"))
    assert records.append(new(key="k")) == first
    assert len(list(records.list())) == 1
    with pytest.raises(UsageError, match="`k` belongs to entry 1, which says something else"):
        records.append(new(2, key="k"))


@pytest.mark.parametrize("recursive", ["ON", "OFF"])
@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE entries SET hash = 'x' WHERE sequence = 2", "never changed"),
        ("UPDATE OR REPLACE entries SET sequence = 3 WHERE sequence = 2", "never changed"),
        ("DELETE FROM entries WHERE sequence = 5", "never deleted"),
        ("REPLACE INTO entries VALUES (2, x'00', 'x', NULL)", "never (?:replaced|deleted)"),
        ("INSERT OR REPLACE INTO entries VALUES (9, x'00', 'x', 'request-2')", "never (?:replaced|deleted)"),
        ("INSERT OR REPLACE INTO entries SELECT 9, content, hash, 'new' FROM entries WHERE sequence = 1", "never"),
    ],
)
def test_the_file_refuses_changes_by_itself(statement: str, said: str, recursive: str, tmp_path: Path) -> None:
    records = filled(tmp_path)
    base = sqlite3.connect(records.path)
    base.execute(f"PRAGMA recursive_triggers = {recursive}")
    with pytest.raises(sqlite3.IntegrityError, match=said):
        base.execute(statement)
    base.close()
    assert faults(records) == []


def test_how_the_file_is_opened(tmp_path: Path) -> None:
    records = filled(tmp_path, 1)
    with records._writable() as base:
        told = {name: base.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")}
        assert told == {"journal_mode": "wal", "synchronous": 2}
        assert base.execute("PRAGMA recursive_triggers").fetchone()[0] == 1


def test_assets_are_kept_by_their_hash_and_once(tmp_path: Path) -> None:
    records, picture = Records(tmp_path), tmp_path / "a.png"
    picture.write_bytes(b"picture")
    made = with_asset(picture)
    records.append(made)
    records.append(with_asset(picture, 2))
    (sha256,) = made.files
    assert records.assets.path(sha256).read_bytes() == b"picture"
    kept = [path for path in records.assets.folder.rglob("*") if path.is_file()]
    assert kept == [records.assets.path(sha256)]


def test_an_asset_that_changed_since_is_refused_and_nothing_is_recorded(tmp_path: Path) -> None:
    records, picture = Records(tmp_path), tmp_path / "a.png"
    picture.write_bytes(b"picture")
    made = with_asset(picture)
    picture.write_bytes(b"another")
    with pytest.raises(UsageError, match=r"a\.png has changed since it was checked, so nothing is recorded"):
        records.append(made)
    assert not records.path.exists()
    assert not [path for path in records.assets.folder.rglob("*") if path.is_file()]
    with pytest.raises(UsageError, match=r"a\.png is to be kept, and nobody says where it lies"):
        records.append(type(made)(made.kind, made.body))
    picture.unlink()
    with pytest.raises(UsageError, match="an asset cannot be kept: No such file"):
        records.append(made)


def test_nothing_is_appended_to_a_damaged_entry(tmp_path: Path) -> None:
    records = filled(tmp_path)
    with tampered(records) as base:
        base.execute("UPDATE entries SET hash = ? WHERE sequence = 5", ("0" * 64,))
    with pytest.raises(UsageError, match="entry 5 is damaged"):
        records.append(new(6))


def test_what_is_wrong_is_told_with_the_file(tmp_path: Path) -> None:
    records = Records(tmp_path)
    with pytest.raises(UsageError, match=r"records\.sqlite: there is no record"):
        list(records.list())
    filled(tmp_path, 2)
    with pytest.raises(UsageError, match="there is no entry 3; the last is 2"):
        records.get(3)
    (tmp_path / "no.sqlite").write_bytes(b"this is no database, and long enough to tell" * 9)
    with pytest.raises(UsageError, match=r"no\.sqlite: the record cannot be written, so nothing is recorded"):
        Records(tmp_path / "no.sqlite").append(new())


def test_no_record_is_begun_in_a_file_of_another_program(tmp_path: Path) -> None:
    base = sqlite3.connect(tmp_path / "other.sqlite")
    base.execute("CREATE TABLE posts (id)")
    base.close()
    with pytest.raises(UsageError, match="belongs to another program"):
        Records(tmp_path / "other.sqlite").append(new())
    assert (tmp_path / "other.sqlite").read_bytes()[18:20] == b"\1\1", "not even its journal was changed"


def append_some(folder: str, name: str) -> None:
    for number in range(10):
        Records(Path(folder)).append(new(number, key=f"{name}-{number}"))
        Records(Path(folder)).append(new(number, key=f"all-{number}"), now=START)


def test_several_processes_append_at_once(tmp_path: Path) -> None:
    """Each has ten requests of its own and ten that all of them make."""
    context = get_context("spawn")
    workers = [context.Process(target=append_some, args=(str(tmp_path), str(name))) for name in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(120)
        assert worker.exitcode == 0
    records = Records(tmp_path)
    keys = [entry.key for entry in records.list()]
    assert len(keys) == len(set(keys)) == 40
    assert faults(records) == []


WRITER = """
import sys
from pathlib import Path
from postcheck.review.records import Records
from tests.review.made import new, with_asset
records, start = Records(Path(sys.argv[1])), int(sys.argv[2])
picture = Path(sys.argv[1]) / "picture"
for number in range(start, start + 10_000):
    if number % 3 == 0:
        picture.write_bytes(b"%d" % number)
        made = with_asset(picture, number)
    else:
        made = new(number)
    entry = records.append(type(made)(made.kind, made.body, made.files, f"k{number}"))
    print(number, entry.sequence, entry.hash, flush=True)
"""


@pytest.mark.slow
def test_kills_lose_nothing_that_was_confirmed_and_double_nothing(tmp_path: Path) -> None:
    """After each kill the writer repeats the request of which it heard no answer."""
    confirmed: dict[int, tuple[int, str]] = {}
    chance, started = random.Random(9), 0
    for _ in range(300):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path), str(started)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert writer.stdout is not None
        wanted = chance.randrange(1, 6)
        lines = [writer.stdout.readline() for _ in range(wanted)]
        if chance.random() < 0.8:
            time.sleep(chance.random() * 0.02)  # to somewhere in the next appends, of some milliseconds each
        writer.send_signal(signal.SIGKILL)
        lines += writer.communicate()[0].splitlines(keepends=True)
        for line in lines:
            if line.endswith("\n"):
                number, sequence, digest = line.split()
                confirmed[int(number)] = (int(sequence), digest)
        started = max(confirmed) + 1
    records = Records(tmp_path)
    there = {int(entry.key[1:]): (entry.sequence, entry.hash) for entry in records.list()}
    assert confirmed.items() <= there.items()
    assert sorted(there) == list(range(len(there))), "each number once"
    assert len(there) <= len(confirmed) + 1
    assert len(list(records.list())) == len(there)
    verified = verify(records, records.head())
    assert verified.faults == ()
    assert verified.assets > 50
