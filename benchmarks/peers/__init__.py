"""The peers that are measured beside postcheck: each at one version, installed in a folder of their own."""

from __future__ import annotations

import filecmp
import json
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

FOLDER = Path.home() / ".cache" / "postcheck-benchmarks"
HERE = Path(__file__).parent
PROSELINT = "0.16.0"
NODE_PEERS: dict[str, str] = json.loads((HERE / "package.json").read_text(encoding="utf-8"))["dependencies"]


def proselint(folder: Path) -> str:
    """The path of the command, installed if it is not there yet."""
    home = folder / f"proselint-{PROSELINT}"
    programs = home / ("Scripts" if os.name == "nt" else "bin")
    command = shutil.which("proselint", path=str(programs))
    if command is None:
        venv.create(home, clear=True, with_pip=True)
        pip = [str(programs / "python"), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
        run([*pip, f"proselint=={PROSELINT}"])
        command = shutil.which("proselint", path=str(programs))
    assert command, f"{programs} has no proselint"
    return command


def node_peers(folder: Path) -> Path:
    """The folder with those of package.json, installed if they are not there yet."""
    home = folder / "node"
    home.mkdir(parents=True, exist_ok=True)
    shutil.copy(HERE / "run.mjs", home)
    installed = home / "installed.json"  # written last: it says that package.json was installed to the end
    if not installed.exists() or not filecmp.cmp(installed, HERE / "package.json", shallow=False):
        shutil.copy(HERE / "package.json", home)
        run([_program("npm"), "install", "--no-audit", "--no-fund", "--ignore-scripts", "--silent"], cwd=home)
        shutil.copy(HERE / "package.json", installed)
    return home


def ask_node_peer(folder: Path, name: str, posts: Sequence[str]) -> list[dict[str, Any]]:
    """What it says of each post: `post`, `start`, `end` (code points), `rule`, `message`."""
    said = run([_program("node"), "run.mjs", name], cwd=node_peers(folder), given=json.dumps(posts))
    findings: list[dict[str, Any]] = json.loads(said)
    return findings


def run(command: Iterable[str | Path], *, cwd: Path | None = None, given: str = "", codes: Sequence[int] = (0,)) -> str:
    """What the command prints. A command that ends with another exit code ends the benchmark, with its own words."""
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, input=given, capture_output=True, encoding="utf-8", check=False
    )
    if done.returncode not in codes:
        sys.exit(
            f"{' '.join(map(str, done.args))[:300]}: exit code {done.returncode}\n{done.stderr}{done.stdout[:2000]}"
        )
    return done.stdout


def _program(name: str) -> str:
    path = shutil.which(name)
    return path or sys.exit(f"{name} is not on this machine; Node.js brings it.")
