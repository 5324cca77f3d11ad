"""How long a start takes, beside that of click alone, all in one run.

    python benchmarks/startup.py [--runs 20]

Prints the medians and their ratio to `python -c "import click"`. The bars: `postcheck --version` at most 2.5 times,
a draft that is only a caption at most 5 times. Exit code 1 where a bar is not reached.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

DRAFT = """---
account: example-parks
platforms: [facebook, x, instagram]
author: jrivera
---
Leaf Day is Saturday, Nov. 14. Move your car by 8 a.m. so that our crews can clear the storm drains before the rain.

Find your district: https://www.portland.gov/leaf-day
"""
BARS = {"postcheck --version": 2.5, "a caption": 5.0}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=20)
    runs = parser.parse_args().runs
    postcheck = str(Path(sys.executable).with_name("postcheck"))
    with tempfile.TemporaryDirectory() as name:
        (Path(name) / "post.md").write_text(DRAFT, encoding="utf-8")
        commands = {
            "import click": [sys.executable, "-c", "import click"],
            "postcheck --version": [postcheck, "--version"],
            "a caption": [postcheck, "check", name],
        }
        times: dict[str, list[float]] = {label: [] for label in commands}
        for round_ in range(runs + 1):
            for label, command in commands.items():
                started = time.perf_counter()
                subprocess.run(command, check=True, capture_output=True)
                if round_:  # the first round warms the caches of the file system
                    times[label].append(time.perf_counter() - started)
    medians = {label: statistics.median(values) for label, values in times.items()}
    worst = 0
    for label, median in medians.items():
        ratio = median / medians["import click"]
        bar = BARS.get(label)
        verdict = "" if bar is None else f"  bar {bar}: {'reached' if ratio <= bar else 'NOT REACHED'}"
        worst |= bar is not None and ratio > bar
        print(f"{label:20} {median * 1000:7.1f} ms  {ratio:5.2f} times{verdict}")
    return worst


if __name__ == "__main__":
    sys.exit(main())
