"""The command line: exit codes, formats, and what a person sees."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from postcheck.catalog import load_catalog, matching
from postcheck.cli import main
from postcheck.policy import load_policy
from postcheck.version import __version__
from tests.drafts import write_draft

GOOD = {"account": "parks", "author": "jo", "platforms": ["x"], "caption": "Leaf Day is Saturday."}
WARNED = {**GOOD, "images": [{"file": "a.png", "alt": "Image of a crew.", "source": "city"}]}
BAD = {**GOOD, "images": [{"file": "a.png", "source": "city"}]}


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments], catch_exceptions=False)


@pytest.fixture
def drafts(tmp_path: Path) -> Path:
    for name, draft in (("good", GOOD), ("warned", WARNED), ("bad", BAD)):
        write_draft(tmp_path / name, draft)
    return tmp_path


def test_exit_codes(drafts: Path) -> None:
    assert run("check", drafts / "good").exit_code == 0
    assert run("check", drafts / "warned").exit_code == 0
    assert run("check", drafts / "warned", "--fail-on", "warning").exit_code == 1
    assert run("check", drafts / "bad").exit_code == 1
    (drafts / "good" / "post.yaml").write_text("platfroms: [x]\n", encoding="utf-8")
    assert run("check", drafts / "good").exit_code == 2
    assert run("check", drafts / "nowhere").exit_code == 2
    assert run("check").exit_code == 2
    assert run("check", drafts, "--fail-on", "never").exit_code == 2


def test_a_fault_of_ours_is_3_and_is_owned_up_to(drafts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("out of leaves")

    monkeypatch.setattr("postcheck.api.check", broken)
    result = run("check", drafts / "good")
    assert result.exit_code == 3
    assert "fault of postcheck" in result.stderr
    assert "out of leaves" in result.stderr


def test_the_text_report(drafts: Path) -> None:
    output = run("check", drafts / "bad").output
    assert "bad: failed" in output
    assert "  post.yaml:7:9  error  alt-text/missing\n    a.png has no alt text." in output
    assert "    -> Write under the picture's `alt`" in output
    assert output.endswith("1 draft checked by no city's policy: 1 error\n")


def test_json_and_output_file(drafts: Path) -> None:
    result = run("check", drafts / "bad", "--format", "json", "--output", drafts / "report.json")
    assert (result.exit_code, result.output) == (1, "")
    report = json.loads((drafts / "report.json").read_text(encoding="utf-8"))
    assert report["summary"]["error"] == 1
    assert run("check", drafts / "bad", "--output", drafts / "no" / "report.json").exit_code == 2


def test_every_format_is_offered_and_written(drafts: Path) -> None:
    from postcheck.cli import _FORMATS
    from postcheck.reporters import REPORTERS

    assert list(_FORMATS) == [*REPORTERS, "html"]  # which is written by `pages`, into files
    for name in REPORTERS:
        result = run("check", drafts / "bad", "--format", name)
        assert result.exit_code == 1
        assert "a.png has no alt text." in result.output


def test_short_reports(drafts: Path) -> None:
    result = run("check", drafts, "--summary")
    assert result.exit_code == 1
    assert [line.partition(": ")[2] for line in result.output.splitlines()[:3]] == [
        "failed: 1 error", "passed", "failed: 1 warning",
    ]  # fmt: skip
    assert run("check", drafts / "good", "--quiet").output == ""
    result = run("check", drafts, "-q")
    assert result.exit_code == 1
    assert "alt-text/missing" in result.output
    assert "alt-text/image-of" not in result.output
    assert "alt-text/image-of" in run("check", drafts, "-q", "--fail-on", "warning").output
    assert result.output.endswith("\n1 of 3 drafts is held back.\n")
    assert run("check", drafts / "good", "--quiet", "--fix").output == ""
    for senseless in (("--format", "json"), ("--diff",)):
        for short in ("--summary", "--quiet"):
            assert run("check", drafts, short, *senseless).exit_code == 2


@pytest.mark.slow
def test_the_report_is_the_same_every_time(drafts: Path) -> None:
    command = [sys.executable, "-m", "postcheck", "check", str(drafts), "--format", "json"]
    outputs = {
        subprocess.run(command, capture_output=True, env={**os.environ, "PYTHONHASHSEED": seed}, check=False).stdout
        for seed in ("1", "2", "3")
    }
    assert len(outputs) == 1
    assert json.loads(outputs.pop())["summary"]["drafts"] == 3


def test_a_waiver_is_shown_to_a_person(tmp_path: Path) -> None:
    reason = "The map is described street by street in the caption, as readers asked."
    waive = [{"check": "alt-text/missing", "reason": reason, "by": "R. Reviewer"}]
    write_draft(tmp_path, {**BAD, "waive": waive})
    output = run("check", tmp_path).output
    assert "waived  alt-text/missing\n    R. Reviewer: The map is described" in output
    assert output.endswith("nothing found; 1 waived\n")


def test_control_and_direction_characters_are_made_visible(tmp_path: Path) -> None:
    name = "a\u202egnp.exe.png"
    write_draft(tmp_path / "d\x1b[2J", {**GOOD, "images": [{"file": name, "alt": "photo of \u202ea crew"}]})
    output = run("check", tmp_path).output
    assert "\x1b" not in output
    assert "\u202e" not in output
    assert "\\x1b[2J" in output
    result = run("check", "--changed", tmp_path, "no\x1bwhere")
    assert "\x1b" not in result.stderr


def test_a_name_cannot_forge_a_line(tmp_path: Path) -> None:
    write_draft(tmp_path / "a\n1 draft checked: nothing found", {**BAD, "caption": "x"})
    lines = run("check", tmp_path).output.splitlines()
    assert not any(line.startswith("1 draft checked: nothing found") for line in lines)


def test_nothing_to_check_is_no_pass(tmp_path: Path) -> None:
    (tmp_path / "calendar.csv").write_text("caption\n", encoding="utf-8")
    assert run("check", tmp_path).exit_code == 2


def test_what_was_not_checked_is_said(drafts: Path) -> None:
    output = run("check", drafts / "good", "--policy", "portland", "--ignore", "alt-text").output
    clauses = load_policy("portland", load_catalog()).clauses
    asked = [clause for clause in clauses if clause.ask and not clause.when]
    left_out = matching("alt-text", load_catalog().checks)
    assert f"A person must answer for {len(asked)} clauses of the policy: postcheck policies portland" in output
    assert f"{len(left_out)} checks not run" in output
    report = json.loads(run("check", drafts / "good", "--policy", "portland", "--format", "json").output)
    assert len(report["policy"]["questions"]) == len(asked) > 1
    assert report["policy"]["questions"][0]["clause"] == f"portland:{asked[0].id}"


def test_a_pipe_gets_utf8_whatever_the_system_writes(drafts: Path) -> None:
    (drafts / "good" / "post.yaml").write_text("caption: TODO 🍁\n", encoding="utf-8")
    command = [sys.executable, "-m", "postcheck", "check", str(drafts / "good"), "--format", "json"]
    done = subprocess.run(
        command, capture_output=True, env={**os.environ, "PYTHONIOENCODING": "cp1252"}, check=False
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    json.loads(done.stdout.decode("utf-8"))


def test_options_reach_the_engine(drafts: Path) -> None:
    assert "1 error" not in run("check", drafts / "bad", "--ignore", "alt-text").output
    assert run("check", drafts / "bad", "--select", "alt-text/emoji").exit_code == 0
    assert run("check", drafts / "bad", "--select", "alt-text/emojy").exit_code == 2
    assert "by the policy of City of Portland" in run("check", drafts / "good", "--policy", "portland").output
    assert run("check", drafts / "good", "--policy", "prtland").exit_code == 2


def test_settings_beside_the_drafts(drafts: Path) -> None:
    (drafts / "postcheck.toml").write_text('fail_on = "warning"\npolicy = "portland"\n', encoding="utf-8")
    assert run("check", drafts / "warned").exit_code == 1
    assert run("check", drafts / "warned", "--fail-on", "error").exit_code == 0
    assert "no city's policy" in run("check", drafts / "warned", "--policy", "none").output
    (drafts / "postcheck.toml").write_text("fail = 1\n", encoding="utf-8")
    result = run("check", drafts / "warned")
    assert result.exit_code == 2
    assert "postcheck.toml:1: Unknown key `fail`" in result.stderr


def test_judged_as_of_another_moment(tmp_path: Path) -> None:
    write_draft(tmp_path, {**GOOD, "publish_at": "2026-11-12T09:00:00-08:00"})
    assert run("check", tmp_path, "--at", "2026-11-12T08:59-08:00").exit_code == 0
    assert run("check", tmp_path, "--at", "2026-11-12T09:01-08:00").exit_code == 1
    assert run("check", tmp_path, "--at", "2026-11-12").exit_code == 2


def test_files_that_a_commit_changed(drafts: Path) -> None:
    (drafts / "logo.png").write_bytes(b"x")
    assert run("check", drafts / "logo.png").exit_code == 2
    result = run("check", "--changed", drafts / "logo.png")
    assert result.exit_code == 0
    assert "not checked" in result.stderr
    assert run("check", "--changed", drafts / "logo.png", drafts / "bad" / "a.png").exit_code == 1


def on_a_terminal(*arguments: str, **environment: str) -> str:
    """What postcheck writes to a terminal 90 columns wide."""
    pty = pytest.importorskip("pty", reason="no terminals to pretend here")
    master, slave = pty.openpty()
    clean = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "TERM", "COLUMNS")}
    process = subprocess.Popen(
        [sys.executable, "-m", "postcheck", *arguments],
        stdout=slave,
        stderr=slave,
        env={**clean, "TERM": "xterm", "COLUMNS": "90", **environment},
    )
    os.close(slave)
    output = b""
    while True:
        try:
            chunk = os.read(master, 65536)
        except OSError:  # Linux says so at the end of a terminal's output
            break
        if not chunk:
            break
        output += chunk
    process.wait()
    os.close(master)
    return output.decode()


def test_colour_only_on_a_terminal_that_wants_it(drafts: Path) -> None:
    path = str(drafts / "bad")
    assert "\x1b[31m" in on_a_terminal("check", path)
    assert "\x1b" not in on_a_terminal("check", path, NO_COLOR="1")
    assert "\x1b" not in on_a_terminal("check", path, TERM="dumb")
    assert "\x1b" not in run("check", path).output


def test_a_reader_that_goes_away_is_no_fault(drafts: Path) -> None:
    command = f"{sys.executable} -m postcheck check {drafts} | true"
    result = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert "Traceback" not in result.stderr
    assert "fault of postcheck" not in result.stderr


@pytest.mark.parametrize("check_id", load_catalog().checks)
def test_explain(check_id: str) -> None:
    result = run("explain", check_id)
    assert result.exit_code == 0
    for part in ("Why", "Mend", "Examples"):
        assert f"\n{part}\n" in result.output


def test_unknown_names_are_met_with_the_nearest() -> None:
    result = run("explain", "alt-text/mising")
    assert result.exit_code == 2
    assert "Did you mean `alt-text/missing`?" in result.stderr
    assert "Did you mean" in run("checks", "alt-text/emojy").stderr
    assert "Did you mean `portland`?" in run("policies", "portlandd").stderr


def test_lists() -> None:
    assert len(run("checks").output.splitlines()) == len(load_catalog().checks)
    assert run("checks", "alt-text/emoji").output.startswith("alt-text/emoji  warning  An alt text holds an emoji")
    assert "portland" in run("policies").output
    assert run("policies", "--compare").output.startswith(" ")
    assert run("policies", "oakland", "--format", "markdown").output.startswith("## City of Oakland")
    assert run("policies", "oakland", "--compare").exit_code == 2
    assert f"{len(load_policy('portland', load_catalog()).clauses)} clauses" in run("policies", "portland").output
    assert json.loads(run("schema").output)["title"] == "A report of postcheck"
    assert run("--version").output == f"postcheck, version {__version__}\n"


def test_every_command_has_help() -> None:
    for name in main.commands:
        assert run(name, "--help").exit_code == 0
        assert main.commands[name].help
