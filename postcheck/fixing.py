"""Write the safe fixes of a report into the drafts: only their spans, and none that would make a new finding.

Every step is tried in memory. The drafts are read and checked again as they would be, until no safe fix is left, so
that fixing twice is the same as fixing once. Nothing is written before all of that is done.
"""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import unified_diff
from pathlib import Path

from postcheck.config import Config
from postcheck.draft.find import Found
from postcheck.draft.read import read_drafts
from postcheck.engine import Plan, check_drafts
from postcheck.errors import UsageError
from postcheck.model import DraftReport
from postcheck.source import Edit

_MOST_PASSES = 10
"""A fix that overlaps another waits for the next pass; so many overlaps are not met."""


@dataclass(frozen=True, slots=True)
class Change:
    """A file as it was and as it is to be."""

    path: Path
    shown: str
    before: str
    after: str

    def diff(self) -> str:
        lines = unified_diff(_lines(self.before), _lines(self.after), self.shown, self.shown)
        return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)

    def write(self) -> None:
        """Replace the file in one step.

        Raises:
            UsageError: it cannot be written, or has been changed since it was read.
        """
        path = self.path.resolve()
        try:
            if _read(path) != self.before:
                raise UsageError(f"{self.shown}: has been changed meanwhile, and was left alone. Run postcheck again.")
            handle, name = tempfile.mkstemp(dir=path.parent, prefix=".postcheck-")
            try:
                with open(handle, "w", encoding="utf-8", newline="") as file:
                    file.write(self.after)
                shutil.copymode(path, name)
                Path(name).replace(path)
            except BaseException:
                Path(name).unlink()
                raise
        except OSError as error:
            raise UsageError(f"{self.shown}: the fixes cannot be written: {error.strerror}.") from None


@dataclass(slots=True)
class Fixing:
    """What came of the fixes: the drafts' reports as they are after them, and the files to write."""

    reports: list[DraftReport] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    made: int = 0
    overlapping: int = 0
    """Fixes that overlapped another and had to wait for it; they are made after it where they still apply."""
    refused: int = 0
    """Fixes left out since they would have made a new finding, such as a text too long for its platform."""
    in_zips: int = 0
    """Drafts with safe fixes that lie in a zip, which is never written."""

    def write(self) -> None:
        for change in self.changes:
            change.write()


@dataclass(frozen=True, slots=True)
class _Edit:
    path: Path
    start: int
    end: int
    text: str


def fix_drafts(found: Iterable[Found], config: Config, plan: Plan) -> Iterator[Fixing]:
    """For each folder, calendar or zip, in order. A captions file that several name is changed by the last of them, on
    top of what the others changed."""
    texts: dict[Path, str] = {}
    fixings: list[Fixing] = []
    for item in found:
        fixing = _Item(item, config, plan).fix(texts)
        texts |= {change.path: change.after for change in fixing.changes}
        for earlier in fixings:
            earlier.changes = [one for one in earlier.changes if one.path not in {now.path for now in fixing.changes}]
        fixings.append(fixing)
    yield from fixings


class _Item:
    """One folder, calendar or zip, with the texts that its files are to hold."""

    def __init__(self, item: Found, config: Config, plan: Plan) -> None:
        self.item = item
        self.config = config
        self.plan = plan
        self.originals: dict[Path, str] = {}

    def fix(self, given: Mapping[Path, str]) -> Fixing:
        """`given` are texts that other items have changed."""
        texts = dict(given)
        reports = self._check(texts)
        fixing = Fixing(list(reports.values()))
        if self.item.kind == "zip":
            fixing.in_zips = sum(next(_safe(report), None) is not None for report in reports.values())
            return fixing
        refused: set[tuple[str, _Edit]] = set()
        for _ in range(_MOST_PASSES):
            chosen, overlapping = self._choose(reports)
            if not any(chosen.values()):
                break
            fixing.overlapping += overlapping
            accepted, texts_after, reports_after = self._accept(chosen, texts, reports)
            made = sum(map(len, accepted.values()))
            refused = {(name, edit) for name, edits in chosen.items() for edit in edits if edit not in accepted[name]}
            if not made:
                break
            fixing.made += made
            texts, reports = texts_after, reports_after
        fixing.refused = len(refused)
        fixing.reports = list(reports.values())
        fixing.changes = [
            Change(path, self._shown(path), self.originals[path], text)
            for path, text in sorted(texts.items())
            if path in self.originals and text != self.originals[path]
        ]
        return fixing

    def _check(self, texts: Mapping[Path, str]) -> dict[str, DraftReport]:
        plan = replace(self.plan, context=replace(self.plan.context, texts=texts))
        reports = check_drafts(read_drafts([self.item], self.config, texts), plan)
        return {report.path: report for report in reports}

    def _choose(self, reports: Mapping[str, DraftReport]) -> tuple[dict[str, list[_Edit]], int]:
        """The safe edits by draft, and how many had to be left for later since they overlap one before them."""
        chosen: dict[str, list[_Edit]] = {}
        ends: dict[Path, int] = {}
        overlapping = 0
        edits = {
            _Edit(edit.path.resolve(), *edit.span, edit.text): name
            for name, report in reports.items()
            for edit in _safe(report)
            if edit.path is not None
        }
        for edit in sorted(edits, key=lambda edit: (edit.path, edit.start, -edit.end)):
            if edit.start < ends.get(edit.path, 0):
                overlapping += 1
            else:
                ends[edit.path] = edit.end
                chosen.setdefault(edits[edit], []).append(edit)
        return chosen, overlapping

    def _accept(
        self, chosen: Mapping[str, Sequence[_Edit]], texts: Mapping[Path, str], before: Mapping[str, DraftReport]
    ) -> tuple[dict[str, list[_Edit]], dict[Path, str], dict[str, DraftReport]]:
        """The edits that make no new finding. All are tried at once; where a draft is the worse for its edits, they are
        tried by halves, for all such drafts together."""
        accepted = {name: list(edits) for name, edits in chosen.items()}
        texts_after, after = self._tried(accepted, texts)
        worse = _worse(before, after)
        if not worse:
            return accepted, texts_after, after
        # Where a draft without edits is the worse, such as another row of the calendar, any of the edits may be why.
        suspects = worse if worse <= accepted.keys() else set(accepted)
        accepted |= {name: [] for name in suspects}
        # By halves: what makes it worse is mostly one edit of many.
        waiting = {name: [list(chosen[name])] for name in suspects}
        while any(waiting.values()):
            tried = {name: parts.pop() for name, parts in waiting.items() if parts}
            for name, edits in tried.items():
                accepted[name] += edits
            worse = _worse(before, self._tried(accepted, texts)[1])
            for name, edits in tried.items():
                if name in worse or not worse <= accepted.keys():
                    accepted[name] = [edit for edit in accepted[name] if edit not in edits]
                    if len(edits) > 1:
                        middle = len(edits) // 2
                        waiting[name] += [edits[middle:], edits[:middle]]
        return accepted, *self._tried(accepted, texts)

    def _tried(
        self, accepted: Mapping[str, Iterable[_Edit]], texts: Mapping[Path, str]
    ) -> tuple[dict[Path, str], dict[str, DraftReport]]:
        after = dict(texts)
        edits = [edit for edits in accepted.values() for edit in edits]
        for path in {edit.path for edit in edits}:
            original = self._original(path)
            pieces, position, text = [], 0, after.get(path, original)
            for edit in sorted((edit for edit in edits if edit.path == path), key=lambda edit: edit.start):
                pieces += [text[position : edit.start], edit.text]
                position = edit.end
            after[path] = "".join((*pieces, text[position:]))
        return after, self._check(after)

    def _original(self, path: Path) -> str:
        if path not in self.originals:
            self.originals[path] = _read(path)
        return self.originals[path]

    def _shown(self, path: Path) -> str:
        """As the item was named, for a person."""
        home = self.item.path.resolve()
        if path == home:
            return self.item.shown
        base = home if self.item.kind == "folder" else home.parent
        inside = path.relative_to(base).as_posix() if path.is_relative_to(base) else path.name
        return f"{self.item.shown}/{inside}" if self.item.kind == "folder" else inside


def _lines(text: str) -> list[str]:
    """Cut at line feeds only, as `patch` does."""
    return [f"{line}\n" for line in text.split("\n")[:-1]] + [last for last in [text.rpartition("\n")[2]] if last]


def _read(path: Path) -> str:
    return path.read_bytes().decode("utf-8")


def _safe(report: DraftReport) -> Iterator[Edit]:
    """The edits of the findings that may be mended without asking."""
    for result in report.results:
        if not result.waived:
            yield from (edit for finding in result.findings if (edit := finding.safe_edit))


def _worse(before: Mapping[str, DraftReport], after: Mapping[str, DraftReport]) -> set[str]:
    """The drafts in which a check finds more than before, or that cannot be read any more."""
    return {
        name
        for name in before.keys() | after.keys()
        if name not in after
        or name not in before
        or bool(after[name].problems) > bool(before[name].problems)
        or _counts(after[name]) - _counts(before[name])
    }


def _counts(report: DraftReport) -> Counter[str]:
    return Counter({result.check: len(result.findings) for result in report.results})
