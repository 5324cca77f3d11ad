"""Work on files that may be hostile or very large, in a process of its own with limits of time and memory.

What a decoder of video does with a broken file is not ours to foresee: where it hangs, crashes or eats memory, only the
process that it runs in is lost, and the file is untested.
"""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from postcheck.errors import CannotTest

_TASKS = {
    "probe": "postcheck.analysis.video.probe",
    "watch": "postcheck.analysis.video.watch",
    "burned-in": "postcheck.analysis.video.burned_in",
    "poster": "postcheck.analysis.video.poster",
    "stills": "postcheck.analysis.video.stills",
}
"""The module whose function `work(path, **given)` does it, and gives plain JSON data."""

_MEMORY = 3 << 30
"""Bytes of data. What is measured needs some hundred megabytes."""
_START = 60.0
"""Seconds that any file may take, on a slow machine that does other things too."""
_BYTES_PER_SECOND = 20_000
"""A video of 160 kilobits a second, as of slides, may be looked at for as long as it lasts, a richer one longer."""
_LONGEST = 4 * 3600.0
_REFUSED = 3
"""The exit code that says why on the last line."""


def work(task: str, path: Path, given: dict[str, Any] | None = None, *, seconds: float | None = None) -> Any:
    """
    Args:
        given: what the task asks for beside the file: plain JSON data.
        seconds: that it may take; without, by the size of the file.

    Raises:
        OSError: the file cannot be opened.
        CannotTest: it took too long or too much memory, or broke off; or a library is missing.
    """
    size = path.stat().st_size
    limit = seconds or min(_START + size / _BYTES_PER_SECOND, _LONGEST)
    # -P: a file that lies where postcheck is called must not be imported in place of a library.
    command = [sys.executable, "-P", "-m", __name__, task, str(path)]
    try:
        done = subprocess.run(
            command,
            input=json.dumps(given or {}).encode(),
            capture_output=True,
            timeout=limit,
            env=_environment(),
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise CannotTest(f"{path.name} was looked at for {limit:.0f} seconds and still was not done.") from None
    except OSError as error:
        raise CannotTest(f"No process could be started to look at {path.name}: {error.strerror}.") from None
    last = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
    if done.returncode == 0:
        return json.loads(done.stdout)
    if done.returncode == _REFUSED:
        raise CannotTest(last)
    how = f"signal {-done.returncode}" if done.returncode < 0 else f"exit code {done.returncode}"
    raise CannotTest(f"Looking at {path.name} broke off ({how}). {last[:300]}".strip())


def _environment() -> dict[str, str]:
    """The same modules are found as here, also where a checkout is used without being installed."""
    root = str(Path(__file__).parents[3])
    paths = [root, *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(dict.fromkeys(paths)), "PYTHONIOENCODING": "utf-8"}


def _limit_memory() -> None:
    if sys.platform == "win32":
        return  # the limit of time holds there too
    import resource

    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_DATA, (_MEMORY, _MEMORY))


def _main(task: str, path: str) -> int:
    _limit_memory()
    try:
        found = importlib.import_module(_TASKS[task]).work(Path(path), **json.load(sys.stdin))
    except ImportError as error:
        refusal = f"The library {error.name} is not installed: install postcheck again."
    except OSError as error:
        refusal = f"{Path(path).name} cannot be read: {error.strerror}."
    except MemoryError:
        refusal = f"{Path(path).name} takes more memory than {_MEMORY >> 20} MB."
    except CannotTest as error:
        refusal = str(error)
    else:
        sys.stdout.write(json.dumps(found))
        return 0
    sys.stderr.write(refusal)
    return _REFUSED


if __name__ == "__main__":
    sys.exit(_main(*sys.argv[1:]))
