"""`accuracy.py sentences`: the checks of prohibited/ and privacy/ on our own test set.

benchmarks/sentence_sets/*.jsonl hold `text`, `flag` (should a careful officer be stopped or asked?) and `about`. They
were written apart from the checks, and no classifier learns from them. Half of each file was shown to those who mended
the checks ("seen"); the other half was not ("unseen"), and is what to believe.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from pathlib import Path

from benchmarks.ours import findings_in

FOLDER = Path(__file__).parent / "sentence_sets"
LEAST_RECALL, LEAST_PRECISION = 0.95, 0.97


def sentences() -> int:
    """Print recall and precision by area and half, misses and false alarms by kind; 1 where a bar is not reached."""
    missed = False
    for area in ("prohibited", "privacy"):
        lines = (FOLDER / f"{area}.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
        rows = [json.loads(line) for line in lines]
        flagged = {number for number, *_ in findings_in([row["text"] for row in rows], [area])}
        halves = [int(hashlib.sha256(line.encode()).hexdigest(), 16) % 2 for line in lines]
        for name, half in (("seen", 1), ("unseen", 0)):
            chosen = [number for number, its in enumerate(halves) if its == half]
            missed |= _print(
                f"{area}, {name}", [rows[number] for number in chosen], [number in flagged for number in chosen]
            )
        kinds: dict[str, Counter[str]] = defaultdict(Counter)
        for number, row in enumerate(rows):
            kinds[row["about"]]["missed"] += row["flag"] and number not in flagged
            kinds[row["about"]]["false alarms"] += number in flagged and not row["flag"]
            kinds[row["about"]]["to be flagged" if row["flag"] else "near misses"] += 1
        for kind, counts in sorted(kinds.items()):
            print(f"  {kind}: {', '.join(f'{what} {count}' for what, count in sorted(counts.items()))}")
    return int(missed)


def _print(name: str, rows: list[dict[str, object]], flagged: list[bool]) -> bool:
    wanted = [bool(row["flag"]) for row in rows]
    right = sum(want and got for want, got in zip(wanted, flagged, strict=True))
    recall, precision = right / sum(wanted), right / max(sum(flagged), 1)
    reached = recall >= LEAST_RECALL and precision >= LEAST_PRECISION
    print(
        f"{name}: {sum(wanted)} to be flagged, {len(rows) - sum(wanted)} near misses; recall {recall:.3f} (bar "
        f"{LEAST_RECALL}), precision {precision:.3f} (bar {LEAST_PRECISION}): {'reached' if reached else 'NOT REACHED'}"
    )
    return not reached
