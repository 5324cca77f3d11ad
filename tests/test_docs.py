"""What the README and CONTRIBUTING show is what happens."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from postcheck.catalog import load_catalog, read_check
from postcheck.cli import main
from postcheck.detectors import DETECTORS
from postcheck.model import Outcome
from postcheck.occasions import OCCASIONS
from postcheck.policy import load_policy
from tests.draft.helpers import read
from tests.drafts import content

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_report_in_the_readme_is_real(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    shown = re.search(r"\$ postcheck (check fixtures/leaf-day)\n(.*?)```", README, re.DOTALL)
    assert shown is not None
    assert CliRunner().invoke(main, shown[1].split()).output == shown[2]


def test_the_draft_in_the_readme_is_one(tmp_path: Path) -> None:
    shown = re.search(r"```markdown\n(.*?)```", README, re.DOTALL)
    assert shown is not None
    (tmp_path / "post.md").write_text(shown[1], encoding="utf-8")
    for name in ("leaf-day.png", "leaf-day.mp4"):
        (tmp_path / name).write_bytes(content(name, {}))
    (tmp_path / "leaf-day.en.vtt").write_text("WEBVTT\n", encoding="utf-8")
    assert read(tmp_path).account is not None


def test_every_command_in_the_readme_is_there() -> None:
    named = set(
        re.findall(
            r"`?postcheck (check|init|export|explain|checks|policies|schema|records|accounts|hootsuite|serve)\b", README
        )
    )
    assert named == set(main.commands)


def test_the_hook_in_the_readme_is_published() -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert f"- id: {hooks[0]['id']}" in README


def test_links_to_files_lead_somewhere() -> None:
    for page in (README, (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")):
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", page):
            assert (ROOT / target).exists(), target


def test_the_check_in_contributing_is_one_file_that_works(tmp_path: Path) -> None:
    """The suite runs every check that lies in checks/; this holds that the page's file may lie there."""
    shown = re.search(r"```yaml\n(title: .*?)```", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), re.DOTALL)
    assert shown is not None
    path = tmp_path / "alt-text" / "shouting.yaml"
    path.parent.mkdir()
    path.write_text(shown[1], encoding="utf-8")
    check = read_check(path, tmp_path)
    assert check.detector in DETECTORS
    assert {example.outcome for example in check.examples} == {Outcome.FAILED, Outcome.PASSED}
    for example in check.examples:
        found = re.search(check.options["failed"][0], example.draft["images"][0]["alt"], re.IGNORECASE)
        assert bool(found) == (example.outcome is Outcome.FAILED)


def test_the_policy_in_contributing_is_one(tmp_path: Path) -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    shown = re.search(r"```yaml\n(title: Our city's social.*?)```", text, re.DOTALL)
    assert shown is not None
    path = tmp_path / "ours.yaml"
    path.write_text(shown[1], encoding="utf-8")
    policy = load_policy(str(path), load_catalog())
    assert policy.clauses[-1].id == "pets-1"
    assert set(OCCASIONS) <= set(re.findall(r"[\w-]+", text))
