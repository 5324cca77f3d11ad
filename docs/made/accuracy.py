"""What was measured, when and by which command: docs/figures.yaml as tables."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from docs.made.markdown import code, plain, table

_FILE = Path(__file__).parent.parent / "figures.yaml"


@cache
def figures() -> Mapping[str, Mapping[str, Any]]:
    """By name; each has `command`, `day`, `material` and `rows` of what, figure, bar and whether it is
    reached."""
    read: Mapping[str, Mapping[str, Any]] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return read


def _measured(name: str) -> Callable[[], str]:
    def made() -> str:
        measured = figures()[name]
        rows = [[plain(row["what"]), plain(str(row["figure"])), _bar(row)] for row in measured["rows"]]
        if any("bar" in row for row in measured["rows"]):
            told = table(["What was measured", "Figure", "The bar"], rows)
        else:
            told = table(["What was measured", "Figure"], [row[:2] for row in rows])
        day = f"{measured['day']:%B} {measured['day'].day}, {measured['day'].year}"
        return f"{told}\nMeasured on {day}, by {code(measured['command'])}. {plain(measured['material'])}\n"

    return made


def _bar(row: Mapping[str, Any]) -> str:
    if "bar" not in row:
        return "no bar"
    return f"{plain(row['bar'])}: {'reached' if row['reached'] else '**not reached**'}"


def _benchmarks() -> str:
    """Every benchmark that is a command, by the first paragraph of what it says of itself."""
    rows = []
    for path in sorted((_FILE.parent.parent / "benchmarks").glob("*.py")):
        said = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        if f"python benchmarks/{path.name}" in said:
            rows.append([code(f"benchmarks/{path.name}"), plain(said.partition("\n\n")[0])])
    return table(["Program", "What it measures"], rows)


PARTS = {**{f"figures of {name}": _measured(name) for name in figures()}, "benchmarks": _benchmarks}
