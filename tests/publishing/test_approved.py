"""Only what the record says is approved is handed over."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from postcheck.cli import main
from postcheck.config import Config, load_config
from postcheck.errors import UsageError
from postcheck.publishing.approved import find_records
from postcheck.publishing.export import export
from postcheck.review.decisions import Decision
from postcheck.review.records import Records
from tests.review.approvals import JO, PAT, RAE, SAM, Desk, yes_to_all

AT = "2027-01-01T09:00-08:00"


def run(*arguments: object) -> Result:
    given = [str(argument) for argument in arguments]
    return CliRunner().invoke(main, ["export", *given, "--policy", "none", "--at", AT], catch_exceptions=False)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    (tmp_path / "postcheck.toml").write_text('timezone = "America/Los_Angeles"\n', encoding="utf-8")
    return Desk(tmp_path)


def approve(desk: Desk, name: str, **changed: Any) -> None:
    checked = desk.write(name, **changed)
    desk.submit(checked)
    desk.decide(checked)


def test_who_approved_it_stands_on_the_sheet(desk: Desk) -> None:
    approve(desk, "good")
    result = run(desk.folder / "posts", "--to", desk.folder / "out")
    assert result.exit_code == 0, result.output
    assert "Not approved" not in result.output
    assert "posts/good: Approved by rae@example.gov, " in result.output
    for name in ("hand-off.txt", "hand-off.html"):
        sheet = (desk.folder / "out" / name).read_text(encoding="utf-8")
        assert "Not approved" not in sheet
        assert "Approved: each post tells by whom, and when." in sheet
        assert "Approved by rae@example.gov, " in sheet
        assert "(PST)" in sheet or "(PDT)" in sheet


def test_what_is_not_approved_is_left_out_and_says_why(desk: Desk) -> None:
    approve(desk, "good")
    approve(desk, "changed")
    approve(desk, "changed-and-back")
    desk.write("changed", caption="Leaf Day is on Sunday.")
    desk.approving.void_if_changed("posts/changed-and-back", "sha256:other")
    desk.write("never")
    desk.submit(desk.write("waiting"))
    for name, decision in (("rejected", Decision.REJECT), ("asked", Decision.ASK_FOR_CHANGES)):
        checked = desk.write(name)
        desk.submit(checked)
        desk.decide(checked, decision=decision)
    desk.submit(desk.write("other"))
    desk.write("other", caption="Leaf Day is on Sunday.")
    result = run(desk.folder / "posts", "--to", desk.folder / "out")
    assert result.exit_code == 1
    assert [path.name for path in (desk.folder / "out/posts").iterdir()] == ["001-good"]
    for name, reason in (
        ("changed", "It was changed after it was approved"),
        ("changed-and-back", "It is approved no longer"),
        ("never", "it was never handed in"),
        ("waiting", "It waits for approval."),
        ("rejected", "It was rejected."),
        ("asked", "Changes were asked for."),
        ("other", "It was changed after it was handed in"),
    ):
        assert any(f"posts/{name}. " in line and reason in line for line in result.output.splitlines()), name


def test_two_people(desk: Desk) -> None:
    (desk.folder / "postcheck.toml").write_text("[review]\nreviewers = 2\n", encoding="utf-8")
    desk = Desk(desk.folder, reviewers=2)
    approve(desk, "good")
    out = desk.folder / "out"
    assert "the approval of one more person" in run(desk.folder / "posts", "--to", out).output
    assert not out.exists()
    desk.decide(desk.check("good"), SAM)
    assert run(desk.folder / "posts", "--to", out).exit_code == 0
    sheet = (out / "hand-off.txt").read_text(encoding="utf-8")
    assert [name in sheet for name in (RAE.identity, SAM.identity)] == [True, True]
    assert "(UTC)" in sheet


def test_what_is_published_says_so(desk: Desk) -> None:
    approve(desk, "good")
    digest = desk.check("good").draft.digest
    desk.approving.published("posts/good", digest, PAT, [{"platform": "facebook"}])
    result = run(desk.folder / "posts", "--to", desk.folder / "out")
    assert result.exit_code == 0
    assert "Published already, as pat@example.gov noted on" in result.output


def test_an_approved_draft_is_checked_once_more(desk: Desk) -> None:
    approve(desk, "good")
    later = datetime(2028, 1, 1, tzinfo=UTC)
    done = export([desk.folder / "posts"], desk.folder / "out", config=desk.config, policy="", now=later)
    assert (done.handed, done.has_record) == ([], True)
    assert "The check holds it back" in done.held[0][1], "its time is past"


def test_answers_stand_on_the_sheet(tmp_path: Path) -> None:
    desk = Desk(tmp_path, policy="portland")
    checked = desk.write(category="announcement")
    desk.submit(checked)
    answers = yes_to_all(checked)
    first = replace(answers[0], answer="no", comment="The director allowed it.")
    desk.decide(checked, answers=[first, *answers[1:]])
    done = export([tmp_path / "posts"], tmp_path / "out", config=desk.config, policy="portland", records=desk.records)
    assert done.handed, done.held
    sheet = (tmp_path / "out/hand-off.txt").read_text(encoding="utf-8")
    assert f"{answers[0].question} no (rae@example.gov): The director allowed it." in sheet
    assert f"{answers[1].question} yes (rae@example.gov)" in sheet
    assert "Questions that nobody has answered" not in sheet
    assert "What a person must answer of every post" not in sheet
    page = (tmp_path / "out/hand-off.html").read_text(encoding="utf-8")
    assert "Questions and answers" in page
    assert "The director allowed it." in page


def test_without_a_record_nobody_is_said_to_have_approved(desk: Desk) -> None:
    desk.write("good")
    result = run(desk.folder / "posts", "--to", desk.folder / "out")
    assert (result.exit_code, "Not approved: there is no record" in result.output) == (0, True)
    refused = run(desk.folder / "posts", "--to", desk.folder / "other", "--approved-only")
    assert (refused.exit_code, "There is no record of approvals" in refused.stderr) == (2, True)
    named = run(desk.folder / "posts", "--to", desk.folder / "other", "--records", desk.folder)
    assert (named.exit_code, "there is no record" in named.stderr) == (2, True)
    assert not (desk.folder / "other").exists()


def test_a_record_that_cannot_be_read_lets_nothing_pass(desk: Desk) -> None:
    desk.write("good")
    (desk.folder / ".postcheck").mkdir()
    (desk.folder / ".postcheck/records.sqlite").write_bytes(b"this is no database, and long enough to tell" * 9)
    result = run(desk.folder / "posts", "--to", desk.folder / "out")
    assert (result.exit_code, "the record cannot be read" in result.stderr) == (2, True)
    assert not (desk.folder / "out").exists()


def test_which_record_is_in_force(tmp_path: Path) -> None:
    for name in ("city", "city/posts/parks", "elsewhere"):
        (tmp_path / name).mkdir(parents=True)
    drafts = [tmp_path / "city/posts/parks"]
    settings = Config(path=tmp_path / "elsewhere" / "postcheck.toml")
    for folder in ("city", "city/posts", "elsewhere"):
        (tmp_path / folder / ".postcheck").mkdir()
    assert find_records(drafts, settings) is None
    (tmp_path / "city/.postcheck/records.sqlite").touch()
    found = find_records(drafts, settings)
    assert found is not None
    assert found.folder == (tmp_path / "city").resolve()
    (tmp_path / "elsewhere/.postcheck/records.sqlite").touch()
    found = find_records(drafts, settings)
    assert found is not None
    assert found.folder == tmp_path / "elsewhere"
    found = find_records(drafts, settings, tmp_path / "city")
    assert found is not None
    assert found.folder == tmp_path / "city"
    with pytest.raises(UsageError, match="there is no record"):
        find_records(drafts, settings, tmp_path / "city/posts")


def test_a_program_hands_over_what_it_chose(desk: Desk) -> None:
    for name in ("one", "two", "three"):
        approve(desk, name)
    done = export(
        [desk.folder / "posts" / name for name in ("one", "three")],
        desk.folder / "out",
        config=load_config(desk.folder / "postcheck.toml"),
        policy="",
        now=datetime(2027, 1, 1, tzinfo=UTC),
        standings=desk.approving.standings,
    )
    assert (len(done.handed), done.held, done.has_record) == (2, [], True)
    assert [who for _, who in done.approvals if JO.identity in who] == []


def test_a_row_of_a_calendar_and_a_zip_have_names_too(tmp_path: Path) -> None:
    desk = Desk(tmp_path, calendar={"caption": "caption", "author": "author", "platforms": "platforms"})
    (tmp_path / "calendar.csv").write_text(
        "caption,author,platforms\nLeaf Day is Saturday.,jo,facebook\nIt rains.,jo,facebook\n", encoding="utf-8"
    )
    from zipfile import ZipFile

    import postcheck
    from postcheck.model import Draft
    from postcheck.review.decisions import Checked

    with ZipFile(tmp_path / "one.zip", "w") as archive:
        archive.writestr("post.md", "---\nauthor: jo\nplatforms: [facebook]\n---\nLeaf Day.\n")

    def looked(draft: Any, veil: Any, report: Any) -> None:
        assert isinstance(draft, Draft)
        if "rains" not in draft.caption.value:
            checked = Checked(draft, report, veil)
            desk.submit(checked)
            desk.decide(checked)

    paths = [tmp_path / "calendar.csv", tmp_path / "one.zip"]
    postcheck.check(paths, config=desk.config, policy="", select=["governance/author-missing"], looked=looked)
    config = replace(desk.config, select=("governance/author-missing",))
    done = export(paths, tmp_path / "out", config=config, policy="", records=Records(tmp_path))
    assert len(done.handed) == 2
    (left,) = done.held
    assert "never handed in" in left[1]
