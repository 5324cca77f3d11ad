"""`accuracy.py sentences`: the checks of prohibited/ and privacy/ on our own test sets.

benchmarks/sentence_sets/*.jsonl hold `text`, `flag` (should a careful officer be stopped or asked?) and `about`. They
were written apart from the checks, and no classifier learns from them. A part of each was shown to those who mended the
checks ("seen"); the other was not ("unseen"), and is what to believe. The second sets are harder: they were written
when the first were all but solved, a quarter of them between the lines.
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
    """Print recall and precision by set and part, misses and false alarms by kind; 1 where a bar is not reached."""
    missed = False
    for area in ("prohibited", "privacy"):
        for name in (area, f"second-{area}"):
            lines = (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
            rows = [json.loads(line) for line in lines]
            flagged = {number for number, *_ in findings_in([row["text"] for row in rows], [area])}
            seen = [row.get("seen", _odd(line)) for row, line in zip(rows, lines, strict=True)]
            for part, its in (("seen", True), ("unseen", False)):
                chosen = [number for number in range(len(rows)) if seen[number] is its]
                missed |= _print(
                    f"{name}, {part}", [rows[number] for number in chosen], [number in flagged for number in chosen]
                )
            kinds: dict[str, Counter[str]] = defaultdict(Counter)
            for number, row in enumerate(rows):
                kinds[row["about"]]["missed"] += row["flag"] and number not in flagged
                kinds[row["about"]]["false alarms"] += number in flagged and not row["flag"]
                kinds[row["about"]]["to be flagged" if row["flag"] else "near misses"] += 1
            for kind, counts in sorted(kinds.items()):
                print(f"  {kind}: {', '.join(f'{what} {count}' for what, count in sorted(counts.items()))}")
    return int(missed)


def _odd(line: str) -> bool:
    """The half of a first set that was shown."""
    return int(hashlib.sha256(line.encode()).hexdigest(), 16) % 2 == 1


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
