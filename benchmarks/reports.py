"""How long each format takes to write, beside JSON, all in one run.

    python benchmarks/reports.py [--rows 1000] [--runs 5]

A calendar is made on the spot, of captions with faults and without. Prints the median of whole `postcheck check` runs,
the formats taking turns, in seconds of the processor (a machine that does other things too would be measured by the
clock), and of writing the report alone. The bar: a whole run at most 1.3 times that of JSON. Exit
code 1 where it is not reached.
"""

from __future__ import annotations

import argparse
import csv
import gc
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import postcheck
from postcheck.reporters import REPORTERS, reporter

ROOT = Path(__file__).parent.parent
BAR = 1.3
CAPTIONS = (
    "Leaf Day is Saturday, Nov. 14. Move your car by 8 a.m. so that our crews can clear the drains of street {row}.",
    "Leaf Day {row}!!! Come at 10AM - 12PM, rain or shine 🍁🍁🍁🍁🍁 #leafday #portlandleaves",
    "The council meets on Tuesday at 6PM in room {row}. Firemen & policemen tell of the new web site. Click here.",
    "Bring a rake. 🍂 Volunteers get a T-shirt, gloves and hot chocolate at corner {row}.",
    "VERY IMPORTANT NEWS FOR EVERYONE: street {row} is closed from 8:00am-12:00pm tomorrow.",
    "El Día de las Hojas es el sábado 14 de noviembre, calle {row}.",
    "Take our survey {row} before the end of the day: https://www.portland.gov/survey it takes 5 minutes.",
    "The library at {row} Main Street opens its doors again on Monday, January 5th, at 12:00 p.m. sharp.",
)


def made_calendar(path: Path, rows: int) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        written = csv.writer(file)
        written.writerow(("caption", "account", "author", "platforms"))
        for row in range(rows):
            written.writerow((CAPTIONS[row % len(CAPTIONS)].format(row=row), "example-parks", "jrivera", "facebook"))


def whole_runs(calendar: Path, runs: int) -> dict[str, float]:
    """Seconds, by format."""
    times: dict[str, list[float]] = {name: [] for name in REPORTERS}
    for round_ in range(runs + 1):
        for name, taken in times.items():
            command = [sys.executable, "-m", "postcheck", "check", str(calendar), "--policy", "portland"]
            output = ["--format", name, "--output", str(calendar.with_suffix(f".{name}"))]
            started = _processor_time()
            done = subprocess.run([*command, *output], env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False)
            assert done.returncode in (0, 1), done.returncode
            if round_:  # the first round warms the caches
                taken.append(_processor_time() - started)
    return {name: statistics.median(taken) for name, taken in times.items()}


def _processor_time() -> float:
    """Of all programs that were started and have ended, in seconds."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def writing_alone(calendar: Path, runs: int) -> dict[str, float]:
    report = postcheck.check(calendar, policy="portland")
    times: dict[str, list[float]] = {name: [] for name in REPORTERS}
    for round_ in range(runs + 1):
        for name, taken in times.items():
            render = reporter(name)
            gc.collect()
            started = time.process_time()
            render(report)
            if round_:
                taken.append(time.process_time() - started)
    return {name: statistics.median(taken) for name, taken in times.items()}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=5)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        calendar = Path(folder) / "plan.csv"
        made_calendar(calendar, given.rows)
        whole, alone = whole_runs(calendar, given.runs), writing_alone(calendar, given.runs)
        sizes = {name: calendar.with_suffix(f".{name}").stat().st_size for name in REPORTERS}
    worst = 0.0
    for name in REPORTERS:
        ratio = whole[name] / whole["json"]
        worst = max(worst, ratio)
        print(
            f"{name:9} run {whole[name]:6.2f} s  {ratio:4.2f} times JSON  "
            f"writing {alone[name] * 1000:7.1f} ms  {alone[name] / alone['json']:5.2f} times  {sizes[name]:>12,} bytes"
        )
    print(f"bar {BAR}: {'reached' if worst <= BAR else 'NOT REACHED'}")
    return int(worst > BAR)


if __name__ == "__main__":
    sys.exit(main())
