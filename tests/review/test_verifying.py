"""Whatever is changed in a record is found, and told of the entry it was done to."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from postcheck.errors import UsageError
from postcheck.review.entries import hash_of, sealed
from postcheck.review.records import SCHEMA, Head, Records, Row, rows
from postcheck.review.verifying import Chain, verify
from tests.review.made import START, faults, filled, new, tampered, with_asset


def _rows(records: Records) -> list[Row]:
    with records.reading() as base:
        return list(rows(base))


def _found(changed: list[Row]) -> set[str]:
    chain = Chain()
    return {fault.where for row in changed for fault in chain.faults(row)} | {one.where for one in chain.at_the_end()}


def _flipped(value: bytes) -> Iterator[bytes]:
    """The value with each byte changed: in its lowest bit, in the bit of capitals, and to nothing."""
    for at, byte in enumerate(value):
        for other in {byte ^ 1, byte ^ 0x20, 0} - {byte}:
            yield value[:at] + bytes([other]) + value[at + 1 :]


def test_every_change_of_one_byte_is_found_and_told_of_its_entry(tmp_path: Path) -> None:
    kept = _rows(filled(tmp_path))
    assert _found(kept) == set()
    tried = 0
    for at, row in enumerate(kept):
        changed = [Row(row.sequence, one, row.hash, row.key, row.kinds) for one in _flipped(row.content)]
        changed += [Row(row.sequence, row.content, one, row.key, row.kinds) for one in _flipped(row.hash)]
        changed += [Row(row.sequence, row.content, row.hash, one, row.kinds) for one in _flipped(row.key or b"")]
        for one in changed:
            assert _found([*kept[:at], one, *kept[at + 1 :]]) == {f"entry {row.sequence}"}, one
        tried += len(changed)
    assert tried > 4_500


def test_every_byte_of_the_entries_in_the_file_itself(tmp_path: Path) -> None:
    """Changed where it lies on the disk, past SQLite, as a fault of the disk would."""
    records = filled(tmp_path)
    content = b"".join(row.content + row.hash + (row.key or b"") for row in _rows(records))
    whole = bytearray(records.path.read_bytes())
    assert records.path.with_name("records.sqlite-wal").stat().st_size == 0, "all is in the file itself"
    tried = 0
    with records.path.open("r+b", buffering=0) as file:
        for row in _rows(records):
            part = row.content + row.hash + (row.key or b"")
            start = whole.index(part)
            for at in range(start, start + len(part)):
                file.seek(at)
                file.write(bytes([whole[at] ^ 1]))
                assert faults(records), at
                file.seek(at)
                file.write(bytes([whole[at]]))
                tried += 1
    assert tried == len(content) > 1_500
    assert faults(records) == []


def test_an_entry_that_is_removed_swapped_or_put_in(tmp_path: Path) -> None:
    kept = _rows(filled(tmp_path))
    for at in range(4):
        assert f"entry {at + 1}" in _found(kept[:at] + kept[at + 1 :])
    for one in range(5):
        for other in range(one + 1, 5):
            swapped = list(kept)
            swapped[one] = Row(kept[one].sequence, *_told(kept[other]))
            swapped[other] = Row(kept[other].sequence, *_told(kept[one]))
            assert {f"entry {one + 1}", f"entry {other + 1}"} <= _found(swapped)
    for at in range(1, 5):
        put_in = sealed(new(99), at + 1, START, kept[at - 1].hash.decode())
        forged = Row(at + 1, put_in.content, put_in.hash.encode(), None, (*kept[0].kinds[:3], b"null"))
        later = [Row(row.sequence + 1, *_told(row)) for row in kept[at:]]
        assert _found([*kept[:at], forged, *later])


def _told(row: Row) -> tuple[bytes, bytes, bytes | None, tuple[bytes, ...]]:
    return row.content, row.hash, row.key, row.kinds


def test_several_removed_in_the_middle_are_told_by_their_numbers(tmp_path: Path) -> None:
    records = filled(tmp_path)
    with tampered(records) as base:
        base.execute("DELETE FROM entries WHERE sequence IN (2, 3)")
    assert faults(records) == ["entries 2 to 3: they are missing"]


@pytest.mark.parametrize("left", [0, 1, 4])
def test_what_is_cut_off_at_the_end_is_seen_by_the_head(left: int, tmp_path: Path) -> None:
    records = filled(tmp_path)
    head = records.head()
    with tampered(records) as base:
        base.execute("DELETE FROM entries WHERE sequence > ?", (left,))
    assert verify(records).faults == ()
    assert not verify(records).is_held_against_a_head
    (fault,) = verify(records, head).faults
    assert "cut off at the end" in fault.message
    assert fault.where == ("entry 5" if left == 4 else f"entries {left + 1} to 5")


def test_a_tail_that_was_written_anew_is_seen_by_the_head(tmp_path: Path) -> None:
    records = filled(tmp_path)
    head = records.head()
    with tampered(records) as base:
        base.execute("DELETE FROM entries WHERE sequence = 5")
    records.append(new(99))
    assert verify(records).faults == ()
    (fault,) = verify(records, head).faults
    assert (fault.where, "not the one that the head names" in fault.message) == ("entry 5", True)


def test_an_older_head_holds_when_more_was_appended(tmp_path: Path) -> None:
    records = filled(tmp_path)
    head = records.head()
    records.append(new(6))
    assert verify(records, head).faults == ()
    assert verify(records, Head(0, "0" * 64)).faults == ()


def test_a_record_that_is_gone(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no record"):
        verify(Records(tmp_path))
    (fault,) = verify(Records(tmp_path), Head(5, "1" * 64)).faults
    assert "it is missing; the head tells of 5 entries" in fault.message


def test_assets_that_changed_or_are_missing_are_told_with_their_entry(tmp_path: Path) -> None:
    records, picture = filled(tmp_path, 2), tmp_path / "a.png"
    picture.write_bytes(b"picture")
    made = with_asset(picture, 3)
    records.append(made)
    (sha256,) = made.files
    kept = records.assets.path(sha256)
    for at in range(len(b"picture")):
        content = bytearray(b"picture")
        content[at] ^= 1
        kept.write_bytes(content)
        (fault,) = faults(records)
        assert fault.startswith("entry 3, asset a.png: it has changed")
    kept.unlink()
    (fault,) = faults(records)
    assert fault.startswith("entry 3, asset a.png: it is missing")
    records.append(with_asset(picture, 4))  # who has the picture yet can put it back
    assert faults(records) == []


def test_triggers_that_were_taken_away_are_missed(tmp_path: Path) -> None:
    records = filled(tmp_path)
    base = sqlite3.connect(records.path)
    base.execute("DROP TRIGGER no_delete")
    base.close()
    records.append(new(6))
    (fault,) = faults(records)
    assert fault.startswith("the file: it is not made as postcheck makes it")
    assert fault.endswith("no_delete")
    assert "no_delete" in SCHEMA


def test_a_file_that_is_no_record_any_more(tmp_path: Path) -> None:
    records = filled(tmp_path)
    records.path.write_bytes(b"\0" * 9000)
    assert faults(records)


def test_other_kinds_of_values_are_found(tmp_path: Path) -> None:
    records = filled(tmp_path)
    with tampered(records) as base:
        base.execute("UPDATE entries SET hash = CAST(hash AS BLOB) WHERE sequence = 2")
        base.execute("UPDATE entries SET content = 7 WHERE sequence = 4")
    found = faults(records)
    assert found[0].startswith("entry 2: its columns are not of the kinds")
    assert found[1].startswith("entry 4: it is no entry")


def test_a_changed_entry_whose_hash_was_mended_breaks_the_chain(tmp_path: Path) -> None:
    records = filled(tmp_path)
    content = records.get(3).content.replace(b"posts/leaf-day", b"posts/leaf-dax")
    with tampered(records) as base:
        base.execute("UPDATE entries SET content = ?, hash = ? WHERE sequence = 3", (content, hash_of(content)))
    (fault,) = faults(records)
    assert fault.startswith("entry 4: it does not follow the entry before it")
