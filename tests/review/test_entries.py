"""What an entry must tell, and the bytes its hash is over."""

from __future__ import annotations

import hashlib
import json

import pytest

from postcheck.errors import UsageError
from postcheck.review.entries import FIRST, BrokenEntry, Kind, NewEntry, judge, read, sealed
from tests.review.made import START, new


def test_number_time_and_the_hash_before_are_under_the_hash() -> None:
    entry = sealed(new(), 7, START, FIRST)
    assert entry.hash == hashlib.sha256(entry.content).hexdigest()
    assert read(entry.content) == entry
    told = json.loads(entry.content)
    assert (told["sequence"], told["time"], told["previous"]) == (7, "2026-11-12T17:00:00.000000+00:00", FIRST)
    assert len({entry.hash, sealed(new(), 8, START, FIRST).hash, sealed(new(), 7, START, "1" * 64).hash}) == 3


def test_names_of_files_that_are_no_utf_8_are_written_as_escapes() -> None:
    assert sealed(new(note="a\udcff.png"), 1, START, FIRST).body["note"] == "a\\udcff.png"


@pytest.mark.parametrize("value", [float("nan"), 2**60, 1e20, {1}, b"bytes"])
def test_what_is_no_plain_data_is_refused(value: object) -> None:
    with pytest.raises(UsageError, match="cannot be recorded"):
        sealed(new(note=value), 1, START, FIRST)


@pytest.mark.parametrize(
    ("kind", "body", "said"),
    [
        (Kind.SUBMITTED, {"by": "r"}, "`id` and `revision`"),
        (Kind.SUBMITTED, {"draft": {"id": "a"}, "by": "r"}, "`id` and `revision`"),
        (Kind.PUBLISHED, {"draft": {"id": "a", "revision": 1}, "by": "r"}, "must tell `of`, `messages`"),
        (
            Kind.PUBLISHED,
            {"draft": {"id": "a", "revision": 1}, "by": "r", "of": 1, "messages": ["x"]},
            "`messages` of an entry must be a list of tables",
        ),
        (
            Kind.SUBMITTED,
            {"draft": {"id": "a", "revision": 1}, "by": "r", "assets": [{"name": "a", "kept": True, "sha256": "../x"}]},
            "64 hexadecimal digits",
        ),
    ],
)
def test_what_an_entry_must_tell(kind: Kind, body: dict[str, object], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        judge(NewEntry(kind, body))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff", "not JSON"),
        (b"[]", "not the keys"),
        (b'{"sequence": 1}', "not the keys"),
        (json.dumps(json.loads(sealed(new(), 1, START, FIRST).content)).encode(), "not written as canonical JSON"),
        (sealed(new(), 1, START, FIRST).content.replace(b'"submitted"', b'"forgotten"'), "cannot be read"),
    ],
)
def test_bytes_that_are_no_entry(content: bytes, said: str) -> None:
    with pytest.raises(BrokenEntry, match=said):
        read(content)
