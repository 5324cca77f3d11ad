"""What the record says of a draft."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from postcheck.errors import Stale, UsageError
from postcheck.review.entries import Entry, Kind, NewEntry, sealed
from postcheck.review.records import Records
from postcheck.review.standing import Stage, Standing, Standings, following, is_same_person
from tests.review.made import START, tampered

EMPTY_DECISION: dict[str, Any] = {
    "comment": "", "author": None, "texts": [], "media": [], "assets": [], "people": [], "schedule": None, "tool": {},
    "policy": None, "report": {"long": "x" * 1000}, "questions": [], "waivers": [],
    "retention": {"class": None, "years": None, "legal_hold": False},
}  # fmt: skip


def made(
    what: str, by: str = "jo", draft: str = "posts/a", digest: str = "d1", revision: int = 1, **more: Any
) -> NewEntry:
    """`what` as `submitted`, `approve`, `voided`."""
    told = {"id": draft, "revision": revision, "digest": digest}
    if what in ("approve", "reject", "ask-for-changes"):
        reviewer = {"identity": by, "issuer": "local", "role": "reviewer"}
        body = {"draft": told, "decision": what, "reviewer": reviewer, **EMPTY_DECISION, **more}
        return NewEntry(Kind.DECISION, body)
    usual = {"of": 1, "reason": "", "messages": [], "check": ""}
    return NewEntry(Kind(what), {"draft": told, "by": by, **usual, **more})


def folded(*entries: NewEntry, needed: int = 1) -> Standing:
    standing = Standing("posts/a")
    for number, new in enumerate(entries, 1):
        standing = following(standing, sealed(new, number, START, "0" * 64), needed)
    return standing


@pytest.mark.parametrize(
    ("steps", "stage"),
    [
        ("", Stage.WRITING),
        ("submitted", Stage.SUBMITTED),
        ("submitted withdrawn", Stage.WRITING),
        ("submitted approve", Stage.APPROVED),
        ("submitted approve withdrawn", Stage.APPROVED),
        ("submitted approve voided", Stage.WRITING),
        ("submitted approve voided approve", Stage.WRITING),
        ("submitted approve voided submitted", Stage.SUBMITTED),
        ("submitted approve submitted", Stage.SUBMITTED),
        ("submitted approve reject", Stage.REJECTED),
        ("submitted approve ask-for-changes", Stage.CHANGES_ASKED),
        ("submitted reject approve", Stage.REJECTED),
        ("submitted ask-for-changes approve", Stage.CHANGES_ASKED),
        ("submitted ask-for-changes submitted approve", Stage.APPROVED),
        ("submitted approve published", Stage.PUBLISHED),
        ("submitted approve published reject", Stage.PUBLISHED),
        ("submitted published", Stage.SUBMITTED),
        ("published", Stage.WRITING),
        ("submitted approve waiver legal-hold legal-hold-lifted", Stage.APPROVED),
        ("approve", Stage.APPROVED),
        ("reject", Stage.REJECTED),
        ("reject approve", Stage.REJECTED),
        ("submitted withdrawn approve", Stage.WRITING),
    ],
)
def test_where_the_entries_lead(steps: str, stage: Stage) -> None:
    standing = folded(*(made(step) for step in steps.split()))
    assert standing.stage is stage
    assert bool(standing.approvals) == (stage in (Stage.APPROVED, Stage.PUBLISHED))
    assert standing.sequence == len(steps.split()) == len(standing.history)


def test_another_content_is_another_matter() -> None:
    standing = folded(made("submitted"), made("approve"))
    assert standing.stage_of("d1") is Stage.APPROVED
    assert standing.stage_of("d2") is standing.stage_of("") is Stage.WRITING
    assert folded(made("submitted", digest="d2"), made("approve")).stage is Stage.SUBMITTED
    assert folded(made("submitted", digest=""), made("approve", digest="")).stage_of("") is Stage.WRITING


def test_two_reviewers_are_two_people() -> None:
    one = folded(made("submitted"), made("approve", "Rae@example.gov"), needed=2)
    assert (one.stage, len(one.approvals)) == (Stage.SUBMITTED, 1)
    same = made("submitted"), made("approve", "Rae@example.gov"), made("approve", " rae@EXAMPLE.gov")
    assert folded(*same, needed=2).stage is Stage.SUBMITTED
    both = folded(made("submitted"), made("approve", "rae"), made("approve", "sam"), needed=2)
    assert (both.stage, len(both.approvals)) == (Stage.APPROVED, 2)
    ended = folded(made("submitted"), made("approve", "rae"), made("reject", "sam"), needed=2)
    assert (ended.stage, ended.approvals) == (Stage.REJECTED, ())
    anew = folded(made("submitted"), made("approve", "rae"), made("submitted"), made("approve", "sam"), needed=2)
    assert anew.stage is Stage.SUBMITTED, "the first approved another revision"


def test_what_was_approved_by_the_rule_of_its_time_stays_so() -> None:
    old = made("approve", "rae", approvals_needed=1)
    assert folded(made("submitted"), old, needed=2).stage is Stage.APPROVED
    new = made("approve", "rae", approvals_needed=2)
    assert folded(made("submitted"), new, needed=1).stage is Stage.SUBMITTED


def test_decisions_of_programs_on_what_was_never_handed_in() -> None:
    standing = folded(made("approve", revision=4))
    assert (standing.stage, standing.revision, standing.submitted) == (Stage.APPROVED, 4, None)
    assert folded(made("reject"), made("approve", digest="d2", revision=2)).stage_of("d2") is Stage.APPROVED
    assert folded(made("approve"), made("reject", digest="d2", revision=2)).stage is Stage.REJECTED
    assert folded(made("approve", revision=4), made("submitted")).revision == 5
    stray = folded(made("submitted"), made("approve", digest="d2", revision=9))
    assert (stray.stage, stray.digest) == (Stage.SUBMITTED, "d1")


def test_a_legal_hold() -> None:
    assert folded(made("submitted"), made("legal-hold")).is_on_hold
    assert not folded(made("legal-hold"), made("legal-hold-lifted")).is_on_hold
    held = made("approve", retention={"class": None, "years": None, "legal_hold": True})
    assert folded(made("submitted"), held, made("voided")).is_on_hold


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("jo", "JO ", True),
        ("jo", "jo@example.gov", True),
        ("@Jo", "jo", True),
        ("jo@example.gov", "jo@other.gov", False),
        ("jo", "joe", False),
        ("", "", False),
        ("\uff4a\uff4f", "jo", True),
    ],
)
def test_who_is_the_same_person(one: str, other: str, same: bool) -> None:
    assert is_same_person(one, other) is is_same_person(other, one) is same


def test_no_file_yet_is_no_entry(tmp_path: Path) -> None:
    standings = Standings(Records(tmp_path))
    assert standings.of("posts/a") == Standing("posts/a")
    assert standings.all() == {}
    assert not (tmp_path / ".postcheck").exists()
    (tmp_path / ".postcheck").mkdir()
    (tmp_path / ".postcheck" / "records.sqlite").touch()  # another process is beginning it
    assert standings.look("posts/a") == (Standing("posts/a"), 0)


def test_only_what_is_new_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    records = Records(tmp_path)
    standings = Standings(records)
    records.append(made("submitted"))
    assert standings.of("posts/a").stage is Stage.SUBMITTED
    asked: list[int | None] = []
    listed = Records.list

    def list_(self: Records, after: int | None = None) -> Iterator[Entry]:
        asked.append(after)
        return listed(self, after)

    monkeypatch.setattr(Records, "list", list_)
    assert standings.of("posts/a").sequence == 1
    assert asked == []
    Records(tmp_path).append(made("approve"))
    assert standings.look("posts/a")[1] == 2
    assert asked == [1]
    assert "report" not in standings.of("posts/a").approvals[0].body


def test_a_copy_that_was_put_back_is_read_anew(tmp_path: Path) -> None:
    records = Records(tmp_path / "one")
    (tmp_path / "one").mkdir()
    records = Records(tmp_path / "one")
    records.append(made("submitted"))
    shutil.copytree(tmp_path / "one", tmp_path / "copy")
    records.append(made("approve"))
    standings = Standings(records)
    assert standings.of("posts/a").stage is Stage.APPROVED
    shutil.rmtree(tmp_path / "one")
    assert standings.of("posts/a").stage is Stage.WRITING
    shutil.copytree(tmp_path / "copy", tmp_path / "one")
    assert standings.of("posts/a").stage is Stage.SUBMITTED
    for step in ("withdrawn", "submitted", "reject"):
        records.append(made(step))
    assert standings.of("posts/a").stage is Stage.REJECTED


@pytest.mark.parametrize("number", [1, 2])
def test_a_damaged_record_approves_nothing(number: int, tmp_path: Path) -> None:
    records = Records(tmp_path)
    standings = Standings(records)
    records.append(made("submitted"))
    records.append(made("reject"))
    content = records.get(number).content.replace(b'"jo"', b'"xy"')
    assert standings.of("posts/a").stage is Stage.REJECTED
    with tampered(records) as base:
        base.execute("UPDATE entries SET content = ? WHERE sequence = ?", (content, number))
    for _ in range(2):
        with pytest.raises(UsageError, match="is damaged"):
            Standings(records).of("posts/a")


def test_an_entry_after_what_was_seen_is_refused(tmp_path: Path) -> None:
    records = Records(tmp_path)
    records.append(made("submitted"), after=0)
    records.append(made("submitted", draft="posts/b"), after=0)
    records.append(made("submitted", draft="posts/posts/a"), after=0)
    with pytest.raises(Stale, match="jo handed it in"):
        records.append(made("approve", "rae"), after=0)
    records.append(made("approve", "rae"), after=1)
    with pytest.raises(Stale, match="rae approved it"):
        records.append(made("reject", "sam"), after=3)
    assert [entry.sequence for entry in records.list(after=2)] == [3, 4]


def test_a_repeated_request_is_no_race(tmp_path: Path) -> None:
    records = Records(tmp_path)
    first = NewEntry(made("submitted").kind, made("submitted").body, key="k")
    assert records.append(first, after=0) == records.append(first, after=0) == records.with_key("k")
    assert records.with_key("") is records.with_key("other") is None


STEPS = [
    "submitted",
    "withdrawn",
    "approve",
    "reject",
    "ask-for-changes",
    "voided",
    "published",
    "legal-hold",
    "waiver",
]


@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(STEPS),
            st.sampled_from(["rae", "Rae", "sam", "jo"]),
            st.sampled_from(["posts/a", "posts/b"]),
            st.sampled_from(["d1", "d2"]),
            st.integers(1, 3),
            st.booleans(),
        ),
        max_size=12,
    ),
    st.integers(1, 2),
)
def test_step_by_step_is_as_all_at_once(steps: list[Any], needed: int) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as name:
        records = Records(Path(name))
        walking = Standings(records, needed)
        for what, by, draft, digest, revision, looks in steps:
            records.append(made(what, by, draft, digest, revision), now=START)
            if looks:
                walking.all()
        anew = Standings(records, needed).all()
        assert walking.all() == anew
        for standing in anew.values():
            holds_what_must_hold(standing, needed)


def holds_what_must_hold(standing: Standing, needed: int) -> None:
    people = {entry.body["reviewer"]["identity"].casefold() for entry in standing.approvals}
    assert len(people) == len(standing.approvals)
    assert all(entry.body["draft"]["digest"] == standing.digest for entry in standing.approvals)
    if standing.stage in (Stage.APPROVED, Stage.PUBLISHED):
        assert len(people) >= needed
        last: Entry = standing.approvals[-1]
        later = {entry.kind for entry in standing.history if entry.sequence > last.sequence}
        assert not later & {Kind.VOIDED, Kind.SUBMITTED}
    else:
        assert len(people) < needed


def test_several_threads_may_ask_at_once(tmp_path: Path) -> None:
    records = Records(tmp_path)
    standings = Standings(records)
    seen: list[int] = []

    def ask() -> None:
        last = 0
        while last < 20:
            now = standings.of("posts/a").sequence
            assert now >= last
            last = now
        seen.append(last)

    threads = [Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for _ in range(20):
        records.append(made("submitted"))
    for thread in threads:
        thread.join(60)
    assert seen == [20, 20, 20]
