"""Who may approve what, and when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest

from postcheck.draft import find_drafts, read_drafts
from postcheck.errors import NotAllowed, NotReady, Stale, UsageError
from postcheck.model import Draft, Finding, Outcome, Result, Severity, Waiver
from postcheck.review.approving import POSTCHECK, draft_id, id_of
from postcheck.review.changes import Change, changes
from postcheck.review.decisions import Answer, Checked, Decision, Question, Retention, Reviewer, entry_for, questions
from postcheck.review.entries import Entry, Kind
from postcheck.review.standing import Stage
from tests.review.approvals import GOOD, JO, KIM, PAT, RAE, SAM, Desk, yes_to_all
from tests.review.made import faults

NAME = "posts/leaf-day"
ENDS = (Decision.REJECT, Decision.ASK_FOR_CHANGES)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def stage(desk: Desk, name: str = NAME) -> Stage:
    return desk.approving.standings.of(name).stage


def test_from_the_first_word_to_the_post(desk: Desk) -> None:
    checked = desk.write()
    submitted = desk.submit(checked, comment="For Saturday.")
    assert submitted.body["draft"] == {"id": NAME, "revision": 1, "digest": checked.draft.digest}
    assert (submitted.body["by"], submitted.body["role"], submitted.body["comment"]) == (
        "jo@example.gov", "creator", "For Saturday.",
    )  # fmt: skip
    approved = desk.decide(checked)
    assert approved.body["approvals_needed"] == 1
    for what in ("texts", "media", "people", "schedule", "author", "waivers"):
        assert submitted.body[what] == approved.body[what]
    (before,), (after,) = submitted.body["assets"], approved.body["assets"]
    assert (before["sha256"], before["kept"], after["kept"]) == (after["sha256"], False, True)
    messages = [{"platform": "facebook", "id": "17", "address": "https://facebook.example/17"}]
    published = desk.approving.published(NAME, checked.draft.digest, PAT, messages)
    assert (published.body["of"], published.body["draft"]["revision"]) == (approved.sequence, 1)
    standing = desk.approving.standings.of(NAME)
    assert standing.stage_of(checked.draft.digest) is Stage.PUBLISHED
    assert [entry.kind for entry in standing.history] == [Kind.SUBMITTED, Kind.DECISION, Kind.PUBLISHED]
    assert faults(desk.records) == []


def test_what_is_held_back_is_not_handed_in(desk: Desk) -> None:
    bad = desk.write(images=[{"file": "a.png", "source": "city"}])
    with pytest.raises(NotReady, match="a finding holds it back"):
        desk.submit(bad)
    assert not desk.records.path.exists()
    reason = "It is said in the caption, " * 3
    waived = desk.write(
        images=[{"file": "a.png", "source": "city"}],
        waive=[{"check": "alt-text/missing", "reason": reason, "by": "R. R."}],
    )
    assert desk.submit(waived).body["waivers"][0]["by"] == "R. R."
    assert desk.decide(waived).body["waivers"][0]["check"] == "alt-text/missing"


def test_an_emergency_is_held_back_by_errors_only(tmp_path: Path) -> None:
    desk = Desk(tmp_path, fail_on=Severity.WARNING)
    long = [{**GOOD["images"][0], "alt": "A crew rakes many leaves of many trees. " * 60}]
    usual = desk.write(images=long)
    assert desk.check().report.holds_back(usual.told)
    with pytest.raises(NotReady):
        desk.submit(usual)
    urgent = desk.write(images=long, category="emergency")
    desk.submit(urgent)
    assert desk.decide(urgent).body["category"] == "emergency"


def test_the_same_is_not_handed_in_twice(desk: Desk) -> None:
    checked = desk.write()
    desk.submit(checked)
    with pytest.raises(NotReady, match="handed in already"):
        desk.submit(checked, KIM)
    desk.decide(checked, decision=Decision.ASK_FOR_CHANGES)
    assert desk.submit(checked).body["draft"]["revision"] == 2, "what was asked for may lie outside of the draft"
    desk.decide(checked, decision=Decision.REJECT)
    with pytest.raises(NotReady, match="rejected as it is"):
        desk.submit(checked)
    other = desk.write(caption="Leaf Day is on Sunday.")
    assert desk.submit(other).body["draft"]["revision"] == 3
    desk.decide(other)
    with pytest.raises(NotReady, match="approved already"):
        desk.submit(other)


@pytest.mark.parametrize(
    "reviewer",
    [
        replace(RAE, identity="jo@example.gov"),
        replace(RAE, identity=" Jo@Example.gov "),
        replace(RAE, identity="JO"),
        replace(RAE, identity="kim@example.gov"),
        replace(RAE, identity="KIM@EXAMPLE.GOV"),
    ],
)
@pytest.mark.parametrize("decision", list(Decision))
def test_nobody_decides_on_their_own_draft(decision: Decision, reviewer: Reviewer, desk: Desk) -> None:
    """Jo wrote it, and Kim handed it in."""
    checked = desk.write()
    desk.submit(checked, KIM)
    with pytest.raises(NotAllowed, match="somebody else must decide"):
        desk.decide(checked, reviewer, decision)
    assert stage(desk) is Stage.SUBMITTED


def test_nor_on_one_that_was_theirs_in_an_earlier_revision(desk: Desk) -> None:
    desk.submit(desk.write(author="rae"), SAM)
    checked = desk.write(author="jo")
    desk.submit(checked, KIM)
    for reviewer in (RAE, SAM):
        with pytest.raises(NotAllowed):
            desk.decide(checked, reviewer)
    desk.decide(checked, replace(RAE, identity="lee@example.gov"))
    assert stage(desk) is Stage.APPROVED


@pytest.mark.parametrize("role", ["creator", "publisher", "admin", ""])
def test_only_reviewers_decide(role: str, desk: Desk) -> None:
    checked = desk.write()
    desk.submit(checked)
    with pytest.raises(NotAllowed, match="Only reviewers"):
        desk.decide(checked, replace(RAE, role=role))


def test_two_reviewers(tmp_path: Path) -> None:
    desk = Desk(tmp_path, reviewers=2)
    checked = desk.write()
    desk.submit(checked)
    desk.decide(checked)
    assert stage(desk) is Stage.SUBMITTED
    with pytest.raises(NotAllowed, match="approved it already"):
        desk.decide(checked, replace(RAE, identity="RAE@example.gov"))
    desk.decide(checked, SAM)
    standing = desk.approving.standings.of(NAME)
    assert standing.stage is Stage.APPROVED
    assert [entry.body["reviewer"]["identity"] for entry in standing.approvals] == [RAE.identity, SAM.identity]
    desk.decide(checked, RAE, Decision.REJECT)
    assert stage(desk) is Stage.REJECTED


@pytest.mark.parametrize("decision", ENDS)
def test_who_sends_back_says_why(decision: Decision, desk: Desk) -> None:
    checked = desk.write()
    desk.submit(checked)
    with pytest.raises(NotReady, match="Write what is wrong"):
        desk.decide(checked, decision=decision, comment=" \n")
    desk.decide(checked, decision=decision, comment="The date is wrong.")
    with pytest.raises(NotReady, match="handed in again"):
        desk.decide(checked, SAM)


def test_what_was_never_handed_in_is_not_decided(desk: Desk) -> None:
    checked = desk.write()
    with pytest.raises(NotReady, match="never handed in"):
        desk.decide(checked)
    desk.submit(checked)
    desk.approving.withdraw(NAME, JO)
    with pytest.raises(NotReady, match="must be handed in again"):
        desk.decide(checked)


def test_what_is_approved_or_published(desk: Desk) -> None:
    checked = desk.write()
    desk.submit(checked)
    desk.decide(checked)
    with pytest.raises(NotReady, match="approved already"):
        desk.decide(checked, SAM)
    desk.approving.published(NAME, checked.draft.digest, PAT, [{"platform": "facebook"}])
    for decision in Decision:
        with pytest.raises(NotReady, match="published already"):
            desk.decide(checked, SAM, decision)


# ------------------------------------------------------------------------------------------------ questions


def test_every_question_is_answered(tmp_path: Path) -> None:
    desk = Desk(tmp_path, policy="portland")
    facts = {"accounts": ["parks"], "categories": ["announcement"], "tools": []}
    desk.config = replace(desk.config, facts={key: value for key, value in facts.items() if value})
    checked = desk.write(category="announcement", caption="Leaf Day is Saturday, Nov. 13, 2027.")
    asked = questions(checked.report)
    assert len(asked) == len(set(asked)) > 3
    blocking = [finding.message for finding in checked.told.findings() if finding.severity is Severity.ERROR]
    assert not blocking
    desk.submit(checked)
    answers = yes_to_all(checked)
    with pytest.raises(NotReady, match="Answer every question"):
        desk.decide(checked)
    with pytest.raises(NotReady) as refused:
        desk.decide(checked, answers=answers[1:])
    assert asked[0].question in str(refused.value)
    with pytest.raises(NotReady, match="Still open"):
        desk.decide(checked, answers=[replace(answers[0], answer="perhaps"), *answers[1:]])
    of_clause = next(number for number, answer in enumerate(answers) if ":" in answer.about)
    no = replace(answers[of_clause], answer="no")
    with pytest.raises(NotReady, match="Write why it may be published all the same"):
        desk.decide(checked, answers=[*answers[:of_clause], no, *answers[of_clause + 1 :]])
    with pytest.raises(UsageError, match="asked no such question"):
        desk.decide(checked, answers=[*answers, Answer("portland:moon-1", "yes")])
    assert stage(desk) is Stage.SUBMITTED
    no = replace(no, comment="The director allowed it.")
    made = desk.decide(checked, answers=[*answers[:of_clause], no, *answers[of_clause + 1 :]])
    assert [told["answer"] for told in made.body["questions"]].count("no") == 1
    assert len(made.body["questions"]) == len(asked)


def test_who_sends_back_need_not_answer(tmp_path: Path) -> None:
    desk = Desk(tmp_path, policy="portland")
    checked = desk.write()
    desk.submit(checked)
    assert desk.decide(checked, decision=Decision.REJECT).body["questions"][0]["answer"] is None


def asking(checked: Checked, waiver: Waiver | None = None) -> Checked:
    """As if a check had asked the same of two places."""
    finding = Finding(Outcome.CANT_TELL, Severity.NOTE, "Is this a dash?", "", None, {})
    result = Result("alt-text/too-long", Outcome.CANT_TELL, Severity.NOTE, (), (finding, finding), waiver)
    told = replace(checked.told, results=(result,), passed=())
    return replace(checked, report=replace(checked.report, drafts=(told,)))


def test_the_same_question_is_asked_once(desk: Desk) -> None:
    checked = asking(desk.write())
    assert questions(checked.report) == [Question("alt-text/too-long", "Is this a dash?")]
    desk.submit(checked)
    with pytest.raises(NotReady, match="Still open: Is this a dash"):
        desk.decide(checked)
    made = desk.decide(checked, answers=[Answer("alt-text/too-long", "no")])
    assert [told["answer"] for told in made.body["questions"]] == ["no"], "a check's question goes either way"


def test_a_waived_question_needs_no_answer(desk: Desk) -> None:
    checked = desk.write()
    text = checked.draft.caption
    waived = asking(checked, Waiver(text, "It is said in the caption, and nobody minds it at all.", "R. R."))
    desk.submit(waived)
    assert desk.decide(waived).body["questions"][0]["answer"] is None


# ------------------------------------------------------------------------------------------- what changed


def test_what_was_shown_is_what_is_decided(desk: Desk) -> None:
    first = desk.write()
    second = desk.write(caption="Leaf Day is on Sunday.")
    with pytest.raises(Stale, match="changed since you were shown it"):
        desk.approving.submit(second, JO, shown=first.draft.digest)
    desk.submit(second)
    with pytest.raises(Stale, match="changed since you were shown it"):
        desk.decide(second, shown=first.draft.digest)
    third = desk.write(caption="Leaf Day is on Monday.")
    with pytest.raises(Stale, match="changed since it was handed in"):
        desk.decide(third)
    with pytest.raises(Stale, match="changed since it was checked"):
        desk.decide(second)  # it lies on the disk no more
    assert stage(desk) is Stage.SUBMITTED


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "a.png").write_bytes(b"another"),
        lambda folder: (folder / "a.png").unlink(),
        lambda folder: (folder / "post.yaml").write_text("caption: Other words.\n", encoding="utf-8"),
        lambda folder: (folder / "post.yaml").unlink(),
    ],
)
def test_files_that_changed_since_the_check(change: Callable[[Path], Any], desk: Desk) -> None:
    checked = desk.write()
    other = desk.write("other")
    desk.submit(checked)
    change(desk.folder / NAME)
    change(desk.folder / "posts/other")
    with pytest.raises(Stale):
        desk.decide(checked)
    with pytest.raises(Stale):
        desk.submit(other)
    assert len(list(desk.records.list())) == 1


def test_who_was_overtaken_is_told_by_whom(desk: Desk) -> None:
    checked = desk.write()
    seen = desk.submit(checked).sequence
    desk.decide(checked, RAE, Decision.REJECT)
    with pytest.raises(Stale, match="rejected it"):
        desk.decide(checked, SAM, seen=seen)
    with pytest.raises(Stale, match="another one"):
        desk.decide(checked, SAM, seen=99)


def test_an_approval_ends_with_the_content(desk: Desk) -> None:
    checked = desk.write()
    desk.submit(checked)
    assert desk.approving.void_if_changed(NAME, checked.draft.digest) is None
    assert desk.approving.void_if_changed(NAME, "") is None
    approved = desk.decide(checked)
    other = desk.write(caption="Leaf Day is on Sunday.")
    assert desk.approving.standings.of(NAME).stage_of(other.draft.digest) is Stage.WRITING
    voided = desk.approving.void_if_changed(NAME, other.draft.digest)
    assert voided is not None
    assert (voided.body["of"], voided.body["by"], voided.body["found"]) == (
        approved.sequence, POSTCHECK.identity, other.draft.digest,
    )  # fmt: skip
    assert desk.approving.void_if_changed(NAME, other.draft.digest) is None
    back = desk.write()
    assert back.draft.digest == checked.draft.digest
    with pytest.raises(NotReady, match="handed in again"):
        desk.decide(back)
    assert stage(desk) is Stage.WRITING
    desk.submit(other := desk.write(caption="Leaf Day is on Sunday."))
    assert desk.approving.void_if_changed(NAME, back.draft.digest) is not None
    assert stage(desk) is Stage.WRITING
    assert other.draft.digest == voided.body["found"]


def test_a_digest_of_before_it_was_handed_in_ends_nothing(desk: Desk) -> None:
    first = desk.write()
    seen = desk.approving.standings.of(NAME).sequence
    desk.submit(desk.write(caption="Leaf Day is on Sunday."))
    assert desk.approving.void_if_changed(NAME, first.draft.digest, seen=seen) is None
    assert stage(desk) is Stage.SUBMITTED
    assert desk.approving.void_if_changed(NAME, first.draft.digest, seen=seen + 1) is not None


def test_an_approval_is_ended_by_a_person(desk: Desk) -> None:
    checked = desk.write()
    desk.submit(checked)
    with pytest.raises(NotReady, match="not approved"):
        desk.approving.void(NAME, RAE, "The date moved.")
    desk.decide(checked)
    with pytest.raises(NotReady, match="Write the reason"):
        desk.approving.void(NAME, RAE, " ")
    with pytest.raises(Stale):
        desk.approving.void(NAME, RAE, "The date moved.", seen=1)
    desk.approving.void(NAME, RAE, "The date moved.")
    assert stage(desk) is Stage.WRITING


def test_taking_it_back(desk: Desk) -> None:
    checked = desk.write()
    with pytest.raises(NotAllowed):
        desk.approving.withdraw(NAME, JO)
    desk.submit(checked, KIM)
    with pytest.raises(NotAllowed, match="Only who wrote it"):
        desk.approving.withdraw(NAME, RAE)
    desk.approving.withdraw(NAME, JO)  # the author, as the entry tells
    with pytest.raises(NotReady, match="not under review"):
        desk.approving.withdraw(NAME, KIM)
    desk.submit(checked)
    desk.decide(checked)
    with pytest.raises(NotReady):
        desk.approving.withdraw(NAME, JO)


def test_what_is_out_is_noted_also_when_it_was_changed_since(desk: Desk) -> None:
    checked = desk.write()
    desk.submit(checked)
    messages = [{"platform": "facebook", "id": "17"}]
    with pytest.raises(NotReady, match="Nobody has approved"):
        desk.approving.published(NAME, checked.draft.digest, PAT, messages)
    approved = desk.decide(checked)
    with pytest.raises(NotReady, match="on which platform"):
        desk.approving.published(NAME, checked.draft.digest, PAT, [])
    other = desk.write(caption="Leaf Day is on Sunday.")
    desk.approving.void_if_changed(NAME, other.draft.digest)
    desk.submit(other)
    made = desk.approving.published(NAME, checked.draft.digest, PAT, messages)
    assert (made.body["of"], made.body["draft"]["digest"]) == (approved.sequence, checked.draft.digest)
    assert made.body["draft"]["revision"] == 1
    assert stage(desk) is Stage.SUBMITTED, "the other revision is still under review"
    with pytest.raises(NotReady):
        desk.approving.published(NAME, other.draft.digest, PAT, messages)


def test_a_legal_hold_is_told_by_what_comes_after(desk: Desk) -> None:
    with pytest.raises(NotReady, match="knows no such draft"):
        desk.approving.hold(NAME, PAT, "A request for records.")
    checked = desk.write()
    desk.submit(checked)
    with pytest.raises(NotReady, match="under no legal hold"):
        desk.approving.lift_hold(NAME, PAT, "It is over.")
    desk.approving.hold(NAME, PAT, "A request for records.")
    with pytest.raises(NotReady, match="already"):
        desk.approving.hold(NAME, PAT, "Another request.")
    made = desk.decide(checked, kept_for=Retention("approval", 2))
    assert made.body["retention"] == {"class": "approval", "years": 2, "legal_hold": True}
    desk.approving.lift_hold(NAME, PAT, "It is over.")
    standing = desk.approving.standings.of(NAME)
    assert (standing.is_on_hold, standing.stage) == (False, Stage.APPROVED)


# --------------------------------------------------------------------------------------- repeated, at once


def test_a_repeated_request_gives_the_entry_that_there_is(desk: Desk) -> None:
    checked = desk.write()
    assert desk.submit(checked, key="a") == desk.submit(checked, key="a")
    assert desk.decide(checked, key="b", seen=1) == desk.decide(checked, key="b", seen=1)
    messages = [{"platform": "facebook"}]
    once = [desk.approving.published(NAME, checked.draft.digest, PAT, messages, key="c") for _ in range(2)]
    assert once[0] == once[1]
    with pytest.raises(UsageError, match="which says something else"):
        desk.decide(checked, SAM, key="b", seen=1)
    with pytest.raises(UsageError, match="which says something else"):
        desk.decide(checked, RAE, Decision.REJECT, key="b", seen=1)
    with pytest.raises(UsageError, match="which says something else"):
        desk.submit(checked, key="b")
    assert len(list(desk.records.list())) == 3


def race(*actions: Callable[[], Entry]) -> list[Entry | Exception]:
    start, found = Barrier(len(actions)), list[Entry | Exception]()

    def act(action: Callable[[], Entry]) -> None:
        start.wait(30)
        try:
            found.append(action())
        except UsageError as error:
            found.append(error)

    threads = [Thread(target=act, args=(action,)) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return found


@pytest.mark.parametrize("decision", ENDS)
def test_of_two_threads_that_decide_at_once_one_wins(decision: Decision, desk: Desk) -> None:
    for number in range(5):
        checked = desk.write(f"draft-{number}")
        seen = desk.submit(checked).sequence
        found = race(
            lambda checked=checked, seen=seen: desk.decide(checked, RAE, seen=seen),  # type: ignore[misc]
            lambda checked=checked, seen=seen: desk.decide(checked, SAM, decision, seen=seen),  # type: ignore[misc]
        )
        assert sorted(type(one).__name__ for one in found) == ["Entry", "Stale"]
    assert len(list(desk.records.list())) == 10


def test_of_the_same_request_at_once_there_is_one_entry(desk: Desk) -> None:
    checked = desk.write()
    seen = desk.submit(checked).sequence
    found = race(*[lambda: desk.decide(checked, RAE, seen=seen, key="k")] * 4)
    assert {one.sequence if isinstance(one, Entry) else one for one in found} == {2}


def decide_as(folder: str, identity: str, decision: str, at: float) -> None:
    import time

    desk = Desk(Path(folder))
    checked = desk.check()
    while time.time() < at:
        time.sleep(0.001)
    try:
        desk.decide(checked, replace(RAE, identity=identity), Decision(decision), seen=1)
    except Stale:
        raise SystemExit(9) from None


@pytest.mark.slow
def test_of_two_processes_that_decide_at_once_one_wins(desk: Desk) -> None:
    desk.submit(desk.write())
    context = get_context("spawn")
    at = datetime.now(UTC).timestamp() + 2
    given = (("rae@example.gov", "approve"), ("sam@example.gov", "reject"))
    workers = [context.Process(target=decide_as, args=(str(desk.folder), *one, at)) for one in given]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(120)
    assert sorted(worker.exitcode or 0 for worker in workers) == [0, 9]
    assert len(list(desk.records.list())) == 2
    assert faults(desk.records) == []


# ----------------------------------------------------------------------------------------------- names, changes


def test_what_the_record_calls_a_draft(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "posts" / "a").mkdir(parents=True)
    assert draft_id(tmp_path / "posts" / "a", tmp_path) == "posts/a"
    assert draft_id(tmp_path / "posts" / "a" / ".." / "a", tmp_path / "city") == "../posts/a"
    desk = Desk(tmp_path)
    checked = desk.write("a")
    assert id_of(checked.draft, desk.records.folder) == "posts/a"
    for where, named in ((tmp_path / "posts" / "a", "."), (tmp_path / "posts", "a"), (tmp_path, "posts/a")):
        monkeypatch.chdir(where)
        (draft,) = read_drafts(find_drafts([Path(named)], desk.config)[0], desk.config)
        assert isinstance(draft, Draft)
        assert id_of(draft, tmp_path) == "posts/a", where
    assert Desk(tmp_path / "posts").records.folder == tmp_path / "posts"


def test_a_folder_that_is_named_after_a_minor_is_not_handed_in(desk: Desk) -> None:
    child = {
        "file": "b.png", "alt": "A student rakes leaves.", "source": "city",
        "people": [{"who": "Ava Lee", "minor": True, "release": "r.pdf", "release_by": "guardian"}],
    }  # fmt: skip
    checked = desk.write("ava-lee-rakes", images=[child], files={"r.pdf": {}})
    with pytest.raises(NotReady, match="give the folder another one"):
        desk.submit(checked)
    assert not desk.records.path.exists()


def test_what_changed_since_the_last_look(desk: Desk) -> None:
    first = desk.submit(desk.write(variants={"x": "Leaf Day!"}, platforms=["facebook", "x"]))
    unchanged = desk.check()
    assert changes(first, unchanged) == []
    image = {**GOOD["images"][0], "alt": "Two crews rake leaves."}
    second = desk.write(
        caption="Leaf Day is on Sunday.", platforms=["facebook", "x"], variants={"x": "Leaf Day!"}, images=[image],
        publish_at="2027-11-13T09:00:00-08:00", files={"a.png": {"bytes": 5000}},
    )  # fmt: skip
    found = {(change.what, change.name): (change.before, change.after) for change in changes(first, second)}
    assert set(found) == {("text", "facebook"), ("alt", "a.png"), ("schedule", ""), ("file", "a.png")}
    assert found["text", "facebook"] == ("Leaf Day is Saturday.", "Leaf Day is on Sunday.")
    third = desk.write(title="Leaf Day")
    desk.submit(third)
    again = changes(desk.decide(third), desk.write(title="Leaf Day 2"))
    assert again == [Change("other", "", None, None)]
    (desk.folder / NAME / "a.png").unlink()
    dropped = {change.what for change in changes(desk.records.get(1), desk.write(images=[], platforms=["facebook"]))}
    assert {"text", "alt", "file"} <= dropped


def test_a_decision_of_a_program_on_what_was_never_handed_in(desk: Desk) -> None:
    checked = desk.write()
    desk.records.append(
        entry_for(
            checked.draft, checked.report, checked.veil, decision=Decision.APPROVE, reviewer=RAE, revision=3,
            draft_id=NAME,
        )
    )  # fmt: skip
    standing = desk.approving.standings.of(NAME)
    assert (standing.stage_of(checked.draft.digest), standing.submitted) == (Stage.APPROVED, None)
    other = desk.write(caption="Leaf Day is on Sunday.")
    assert desk.approving.void_if_changed(NAME, other.draft.digest) is not None
    assert desk.submit(other).body["draft"]["revision"] == 4
