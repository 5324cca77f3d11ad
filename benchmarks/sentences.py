"""`accuracy.py sentences`: the checks of prohibited/ and privacy/ on our own test sets.

benchmarks/sentence_sets/*.jsonl hold `text`, `flag` (should a careful officer be stopped or asked?) and `about`. They
were written apart from the checks, and no classifier learns from them. A part of each was shown to those who mended the
checks ("seen"); the other was not ("unseen"), and is what to believe. The second sets are harder: they were written
when the first were all but solved, a quarter of them between the lines. The third were written when the bars held on
both, by eight who knew the kinds and not the checks: their near misses are full of numbers, names and papers. A part
alone is too small for a bar: one sentence of a hundred is a point.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.ours import findings_in

FOLDER = Path(__file__).parent / "sentence_sets"
LEAST_RECALL, LEAST_PRECISION = 0.95, 0.97


Sentence = tuple[dict[str, Any], bool]
"""A line of a set, and whether a check flags it."""


def sentences() -> int:
    """Print recall and precision by set and part, misses and false alarms by kind, and then by area what the bars ask
    of: what was not seen, and all. 1 where a bar is not reached."""
    reached = []
    for area in ("prohibited", "privacy"):
        of_area: dict[str, list[Sentence]] = {"seen": [], "unseen": []}
        for name in (area, f"second-{area}", f"third-{area}"):
            lines = (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
            rows = [json.loads(line) for line in lines]
            flagged = {number for number, *_ in findings_in([row["text"] for row in rows], [area])}
            parts: dict[str, list[Sentence]] = {"seen": [], "unseen": []}
            for number, (row, line) in enumerate(zip(rows, lines, strict=True)):
                parts["seen" if row.get("seen", _odd(line)) else "unseen"].append((row, number in flagged))
            for part, its in parts.items():
                print(f"{name}, {part}: {_counted(its)[0]}")
                of_area[part] += its
            _print_kinds([*parts["seen"], *parts["unseen"]])
        for what, its in (("unseen", of_area["unseen"]), ("all", of_area["unseen"] + of_area["seen"])):
            text, recall, precision = _counted(its)
            reached.append(recall >= LEAST_RECALL and precision >= LEAST_PRECISION)
            bars = f"bars {LEAST_RECALL} and {LEAST_PRECISION}: {'reached' if reached[-1] else 'NOT REACHED'}"
            print(f"{area}, all three sets, {what}: {text}; {bars}")
    return int(not all(reached))


def _odd(line: str) -> bool:
    """The half of a first set that was shown."""
    return int(hashlib.sha256(line.encode()).hexdigest(), 16) % 2 == 1


def _counted(its: Sequence[Sentence]) -> tuple[str, float, float]:
    """What is said of them, their recall and their precision."""
    wanted = sum(row["flag"] for row, _ in its)
    flagged = sum(is_flagged for _, is_flagged in its)
    right = sum(row["flag"] and is_flagged for row, is_flagged in its)
    recall, precision = right / wanted, right / max(flagged, 1)
    counts = f"{wanted} to be flagged, {len(its) - wanted} near misses"
    return f"{counts}; recall {recall:.3f}, precision {precision:.3f}", recall, precision


def _print_kinds(its: Sequence[Sentence]) -> None:
    kinds: dict[str, Counter[str]] = defaultdict(Counter)
    for row, is_flagged in its:
        kinds[row["about"]]["missed"] += row["flag"] and not is_flagged
        kinds[row["about"]]["false alarms"] += is_flagged and not row["flag"]
        kinds[row["about"]]["to be flagged" if row["flag"] else "near misses"] += 1
    for kind, counts in sorted(kinds.items()):
        print(f"  {kind}: {', '.join(f'{what} {count}' for what, count in sorted(counts.items()))}")
