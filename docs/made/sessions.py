"""The commands that a page shows, run for real.

    python -m docs.made.sessions [--write] [PAGE]...

In a temporary folder with a copy of fixtures/, the blocks of a page are followed from top to bottom: a `console` block
is run line by line, and a block whose caption is a path below posts/ is written there. What a command prints must be
what the page shows; a line `...` stands for any lines. `--write` puts what is printed into the pages where it differs.
Exit code 1 where something did.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
SKIPPED = ("pip ", "git ", "pre-commit ", "python3 -m venv ", "sphinx-build ")
"""Commands that are shown and not run: they install, or change what is not in the temporary folder."""
_BLOCK = re.compile(
    r"^```console\n(?P<console>.*?)^```$|^```\{code-block\} \w+\n:caption: (?P<path>posts/\S+)\n\n(?P<file>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)


def pages() -> list[Path]:
    """Those that a person reads in order: written by hand, with commands in them."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def followed(page: str) -> str:
    """The page with what its commands really print."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        shutil.copytree(ROOT / "fixtures", folder / "fixtures")
        return _BLOCK.sub(lambda block: _follow(block, folder), page)


def _follow(block: re.Match[str], folder: Path) -> str:
    if block["path"]:
        path = folder / block["path"]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block["file"], encoding="utf-8")
        return block[0]
    return f"```console\n{''.join(_run(command, shown, folder) for command, shown in commands(block['console']))}```"


def commands(console: str) -> Iterator[tuple[str, str]]:
    """Each command of a console block, and what is shown below it."""
    for part in re.split(r"^\$ ", console, flags=re.MULTILINE)[1:]:
        command, _, shown = part.partition("\n")
        yield command, shown


def _run(command: str, shown: str, folder: Path) -> str:
    if command.startswith(SKIPPED):
        return f"$ {command}\n{shown}"
    here = {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        command,
        shell=True,
        cwd=folder,
        env={**os.environ, **here},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    if done.returncode not in (0, 1):  # 1 tells that there are findings
        raise RuntimeError(f"{command}: exit code {done.returncode}\n{done.stdout}")
    return f"$ {command}\n{shown if _is(done.stdout, shown) else done.stdout}"


def _is(printed: str, shown: str) -> bool:
    parts = [re.escape(part) for part in re.split(r"^\.\.\.\n", shown, flags=re.MULTILINE)]
    return re.fullmatch("(?:.*\n)*".join(parts), printed) is not None


def main() -> int:
    wanted = [Path(name).resolve() for name in sys.argv[1:] if name != "--write"] or pages()
    different = 0
    for path in wanted:
        page = path.read_text(encoding="utf-8")
        new = followed(page)
        if new != page:
            different = 1
            sys.stderr.write(f"{path}: shows what is not printed\n")
            if "--write" in sys.argv:
                path.write_text(new, encoding="utf-8")
    return different


if __name__ == "__main__":
    raise SystemExit(main())
