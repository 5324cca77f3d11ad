"""The commit hook, with the real pre-commit in a real repository."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from postcheck.draft.files import CAPTIONS_SUFFIXES, DRAFT_FILES, IMAGE_SUFFIXES, VIDEO_SUFFIXES
from tests.drafts import content, write_draft

HOOKS = Path(__file__).parent.parent / ".pre-commit-hooks.yaml"
GOOD = {
    "account": "parks", "author": "jo", "platforms": ["x"], "caption": "Leaf Day is Saturday.",
    "images": [{"file": "crew.png", "alt": "A crew rakes leaves from a storm drain."}],
}  # fmt: skip


class Repository:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.environment = {
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "PRE_COMMIT_HOME": str(path.parent / "pre-commit-home"),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_AUTHOR_NAME": "Test", "GIT_AUTHOR_EMAIL": "test@example.gov",
            "GIT_COMMITTER_NAME": "Test", "GIT_COMMITTER_EMAIL": "test@example.gov",
        }  # fmt: skip
        for name in [name for name in self.environment if name in ("GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE")]:
            del self.environment[name]  # set where the tests themselves run in a hook

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, cwd=self.path, env=self.environment, capture_output=True, text=True, check=False
        )  # fmt: skip

    def commit(self) -> tuple[bool, str]:
        assert self.run("git", "add", "-A").returncode == 0
        done = self.run("git", "commit", "-m", "a draft")
        return done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """With the hook as it is published, but run from here, so that nothing is fetched."""
    (tmp_path / "content").mkdir()
    repository = Repository(tmp_path / "content")
    (hook,) = yaml.safe_load(HOOKS.read_text(encoding="utf-8"))
    config = {"repos": [{"repo": "local", "hooks": [{**hook, "language": "system"}]}]}
    (repository.path / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
    assert repository.run("git", "init", "-q").returncode == 0
    installed = repository.run("pre-commit", "install")
    assert installed.returncode == 0, installed.stderr
    return repository


@pytest.mark.slow
def test_a_bad_draft_stops_the_commit_and_a_good_one_does_not(repository: Repository) -> None:
    folder = repository.path / "posts" / "leaf day"
    write_draft(folder, {**GOOD, "images": [{"file": "crew.png"}]})
    done, output = repository.commit()
    assert not done
    assert "crew.png has no alt text." in output
    assert "posts/leaf day: failed" in output
    write_draft(folder, GOOD)
    done, output = repository.commit()
    assert done, output
    assert "Passed" in output


@pytest.mark.slow
def test_a_changed_picture_stands_for_its_draft_and_other_files_do_not_matter(repository: Repository) -> None:
    folder = repository.path / "posts" / "leaf-day"
    write_draft(folder, GOOD)
    write_draft(repository.path / "posts" / "old", GOOD)
    (repository.path / "docs").mkdir()
    (repository.path / "docs" / "logo.png").write_bytes(b"not looked at")
    (repository.path / "docs" / "index.md").write_text("# A page\n", encoding="utf-8")
    done, output = repository.commit()
    assert done, output
    (folder / "crew.png").write_bytes(content("crew.png", {"keep": 0.5}))
    done, output = repository.commit()
    assert not done
    assert "crew.png breaks off" in output
    assert "posts/old" not in output


def test_the_manifest_is_valid_and_names_every_kind_of_file() -> None:
    validated = subprocess.run(["pre-commit", "validate-manifest", str(HOOKS)], capture_output=True, check=False)
    assert validated.returncode == 0, validated.stdout
    (hook,) = yaml.safe_load(HOOKS.read_text(encoding="utf-8"))
    assert hook["require_serial"] is True
    names = [*DRAFT_FILES, *(f"a{suffix}" for suffix in (*IMAGE_SUFFIXES, *VIDEO_SUFFIXES, *CAPTIONS_SUFFIXES))]
    for name in [*names, "form.PDF", "calendar.csv", "mailed.zip"]:
        assert re.search(hook["files"], f"posts/a/{name}"), name
    for name in ("compost.md", "readme.md", "posts/a/notes.txt", "reindex.md"):
        assert not re.search(hook["files"], name), name
