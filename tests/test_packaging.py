"""The wheel: it holds only postcheck, with its data, and works where there is no checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.drafts import write_draft

ROOT = Path(__file__).parent.parent
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel and the sdist, built by hatchling as installed here."""
    folder = tmp_path_factory.mktemp("dist")
    code = "import hatchling.build as build, sys\nprint(build.build_wheel(sys.argv[1]), build.build_sdist(sys.argv[1]))"
    subprocess.run([sys.executable, "-c", code, str(folder)], cwd=ROOT, check=True, capture_output=True)
    return folder


def test_only_postcheck_is_in_the_wheel(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0].split("-")[0] for name in names} == {"postcheck"}
    for name in (
        "postcheck/checks/alt-text/missing.yaml", "postcheck/checks/platforms.yaml", "postcheck/py.typed",
        "postcheck/checks/policies/portland.yaml", "postcheck/reporters/report.schema.json",
        "postcheck/locales/postcheck.pot",
    ):  # fmt: skip
        assert name in names
    assert not [name for name in names if name.startswith("postcheck/locales/") and name.endswith(".py")]


def test_the_sdist_builds_the_same(built: Path) -> None:
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {
        "pyproject.toml",
        "postcheck/cli/__init__.py",
        "checks/alt-text/missing.yaml",
        "LICENSE",
        "README.md",
    } <= names


def test_the_wheel_runs_elsewhere(built: Path, tmp_path: Path) -> None:
    (wheel,) = built.glob("*.whl")
    site = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(site)
    write_draft(tmp_path / "draft", {"images": [{"file": "a.png"}]})
    code = "import postcheck, sys; assert sys.argv[1] in postcheck.__file__; from postcheck.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code.replace("main()", "main(sys.argv[2:])"), str(site), "check", "draft"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert "a.png has no alt text." in done.stdout
