"""The hand-off, made in a process of its own: it looks at pictures and videos."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from postcheck.config import load_config
from postcheck.publishing.export import Exported, export
from postcheck.review.records import Records
from postcheck.serving.checking import Rules


def hand_over(rules: Rules, folders: Sequence[Path], to: Path, records: Path) -> Exported:
    return export(folders, to, config=load_config(rules.config), policy=rules.policy, records=Records(records))
