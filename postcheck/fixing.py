"""Write the safe fixes of a report into the drafts: only their spans, and none that would make a new finding.

Every step is tried in memory. The drafts are read and checked again as they would be, until no safe fix is left, so
that fixing twice is the same as fixing once. Nothing is written before all of that is done.

After the texts come the files that are to be made of them, and the pictures of which something is taken out: a copy
without it is checked in their place.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import unified_diff
from pathlib import Path

from postcheck.analysis.traces import without_place
from postcheck.config import Config
from postcheck.detectors.veil import Veil
from postcheck.display import visible_line
from postcheck.draft.find import Found
from postcheck.draft.read import read_drafts
from postcheck.engine import Plan, look_at
from postcheck.errors import UsageError
from postcheck.model import DraftReport, Fix
from postcheck.source import Cleaning, Edit

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
        shown = visible_line(self.shown)
        return _unified(_lines(self.before), _lines(self.after), shown, shown)

    def write(self) -> None:
        """
        Raises:
            UsageError: it cannot be written, or has been changed since it was read.
        """
        _replace(self.path, self.shown, _digest(self.before.encode()), lambda _: self.after.encode())


@dataclass(frozen=True, slots=True)
class MadeFile:
    """A file that is not there yet."""

    path: Path
    shown: str
    after: str

    def diff(self) -> str:
        shown = visible_line(self.shown)
        return _unified([], _lines(self.after), "/dev/null", shown)

    def write(self) -> None:
        """
        Raises:
            UsageError: it cannot be written, or something of its name is there.
        """
        try:
            with self.path.open("x", encoding="utf-8", newline="") as file:
                file.write(self.after)
        except FileExistsError:
            raise UsageError(f"{self.shown}: is there meanwhile, and was left alone. Run postcheck again.") from None
        except OSError as error:
            raise UsageError(f"{self.shown}: cannot be written: {error.strerror}.") from None


@dataclass(frozen=True, slots=True)
class CleanedPicture:
    """A picture out of whose metadata something is taken: as it was, by its digest, and what is taken out."""

    path: Path
    shown: str
    before: str
    kind: str

    def diff(self) -> str:
        """A line that `patch` passes over: the file is no text."""
        return f"{visible_line(self.shown)}: {_CLEANINGS[self.kind].said}\n"

    def write(self) -> None:
        """
        Raises:
            UsageError: it cannot be written, or has been changed since it was read.
        """
        _replace(self.path, self.shown, self.before, _CLEANINGS[self.kind].make)


@dataclass(frozen=True, slots=True)
class _Way:
    """How one kind of cleaning is done; `make` gives None where it cannot be."""

    make: Callable[[bytes], bytes | None]
    said: str


_CLEANINGS = {
    "location": _Way(
        without_place,
        "the place where it was taken is to be taken out of its metadata; the picture and all else in the file stay",
    ),
}


def _replace(path: Path, shown: str, before: str, make: Callable[[bytes], bytes | None]) -> None:
    """Replace the file in one step by what is made of it, if its digest is still `before`.

    Raises:
        UsageError: it is not, or it cannot be written.
    """
    path = path.resolve()
    try:
        content = path.read_bytes()
        after = make(content) if _digest(content) == before else None
        if after is None:
            raise UsageError(f"{shown}: has been changed meanwhile, and was left alone. Run postcheck again.")
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".postcheck-")
        try:
            with open(handle, "wb") as file:
                file.write(after)
            shutil.copymode(path, name)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink()
            raise
    except OSError as error:
        raise UsageError(f"{shown}: the fixes cannot be written: {error.strerror}.") from None


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@dataclass(slots=True)
class Fixing:
    """What came of the fixes: the drafts' reports as they are after them, and the files to write."""

    reports: list[DraftReport] = field(default_factory=list)
    changes: list[Change | MadeFile | CleanedPicture] = field(default_factory=list)
    made: int = 0
    overlapping: int = 0
    """Fixes that overlapped another and had to wait for it; they are made after it where they still apply."""
    refused: int = 0
    """Fixes left out since they would have made a new finding, such as a text too long for its platform."""
    in_zips: int = 0
    """Drafts with safe fixes that lie in a zip, which is never written."""
    veils: list[Veil] = field(default_factory=list)
    """Over the names of minors in these drafts before they were changed."""

    def diff(self) -> tuple[str, bool]:
        """What is to be changed, for a person to read; and whether names of minors are hidden in it, so that `patch`
        cannot follow it. A terminal's words are kept too, by whoever runs this on a server."""
        shown = "".join(change.diff() for change in self.changes)
        hidden = shown
        for veil in self.veils:
            hidden = veil.over_path(veil.over(hidden))
        return hidden, hidden != shown

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
    pictures: dict[Path, Path] = {}
    fixings: list[Fixing] = []
    with tempfile.TemporaryDirectory(prefix="postcheck-") as folder:
        for item in found:
            fixing = _Item(item, config, plan, Path(folder).resolve(), pictures).fix(texts)
            changed = {change.path: change.after for change in fixing.changes if isinstance(change, Change | MadeFile)}
            texts |= changed
            for earlier in fixings:
                earlier.changes = [one for one in earlier.changes if one.path not in changed]
            fixings.append(fixing)
    yield from fixings


class _Item:
    """One folder, calendar or zip, with the texts that its files are to hold.

    `pictures` are those that stand cleaned in the folder `cleaned`, by the path of what they stand in for; each item
    adds its own, so that a picture that several name is cleaned once.
    """

    def __init__(self, item: Found, config: Config, plan: Plan, cleaned: Path, pictures: dict[Path, Path]) -> None:
        self.cleaned = cleaned
        self.pictures = pictures
        self.item = item
        self.config = config
        self.plan = plan
        self.originals: dict[Path, str] = {}
        self.veils: dict[str, Veil] = {}
        """Over each draft as it was last looked at."""

    def fix(self, given: Mapping[Path, str]) -> Fixing:
        """`given` are texts that other items have changed."""
        texts = dict(given)
        reports = self._check(texts)
        fixing = Fixing(list(reports.values()), veils=[veil for veil in self.veils.values() if veil])
        if self.item.kind == "zip":
            fixing.in_zips = sum(any(_fixes(report)) for report in reports.values())
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
        made_files, texts, reports = self._make(texts, reports, fixing)
        cleaned, reports = self._clean(texts, reports, fixing)
        fixing.reports = list(reports.values())
        fixing.changes = [
            Change(path, self._shown(path), self.originals[path], text)
            for path, text in sorted(texts.items())
            if path in self.originals and text != self.originals[path]
        ]
        fixing.changes += (*made_files, *cleaned)
        return fixing

    def _make(
        self, texts: dict[Path, str], reports: dict[str, DraftReport], fixing: Fixing
    ) -> tuple[list[MadeFile], dict[Path, str], dict[str, DraftReport]]:
        """The files to be made, and the texts and reports as they are with them."""
        wanted = [fix.new_file for report in reports.values() for fix in _fixes(report) if fix.new_file]
        made = {one.path.parent.resolve() / one.path.name: one.text for one in wanted}
        made = {path: text for path, text in made.items() if path not in texts and not os.path.lexists(path)}
        if not made:
            return [], texts, reports
        after = self._check(texts | made)
        if _worse(reports, after):
            # One of them makes a new finding, which is not to be thought of: none is made.
            fixing.refused += len(made)
            return [], texts, reports
        fixing.made += len(made)
        return [MadeFile(path, self._shown(path), text) for path, text in sorted(made.items())], texts | made, after

    def _clean(
        self, texts: Mapping[Path, str], reports: dict[str, DraftReport], fixing: Fixing
    ) -> tuple[list[CleanedPicture], dict[str, DraftReport]]:
        """The pictures to be cleaned, and the reports as they are after it."""
        made: list[CleanedPicture] = []
        cleanings = [fix.cleaning for report in reports.values() for fix in _fixes(report) if fix.cleaning]
        wanted = {cleaning.path.resolve(): cleaning for cleaning in cleanings}
        for path, cleaning in sorted(wanted.items(), key=lambda item: item[0]):
            one = self._cleaned(path, cleaning)
            if one is None:
                fixing.refused += 1
            else:
                made.append(one)
        if not made:
            return [], reports
        after = self._check(texts)
        if not _worse(reports, after):
            fixing.made += len(made)
            return made, after
        # One of them makes a new finding, which is not to be thought of: none is made.
        fixing.refused += len(made)
        for one in made:
            del self.pictures[one.path]
        return [], reports

    def _cleaned(self, path: Path, cleaning: Cleaning) -> CleanedPicture | None:
        """The change, its outcome put into the folder of those that are cleaned; None where it cannot be made."""
        try:
            content = path.read_bytes()
        except OSError:
            return None
        after = _CLEANINGS[cleaning.kind].make(content)
        if after is None:
            return None
        copy = self.cleaned / f"{_digest(str(path).encode())}{path.suffix}"
        copy.write_bytes(after)
        self.pictures[path] = copy
        return CleanedPicture(path, self._shown(path), _digest(content), cleaning.kind)

    def _check(self, texts: Mapping[Path, str]) -> dict[str, DraftReport]:
        """By the draft's own path: that of a report may be veiled."""
        plan = replace(self.plan, context=replace(self.plan.context, texts=texts))
        reports = {}
        for draft in read_drafts([self.item], self.config, texts, self.pictures):
            reports[draft.path], self.veils[draft.path] = look_at(draft, plan)
        return reports

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


def _unified(before: Sequence[str], after: Sequence[str], name_before: str, name_after: str) -> str:
    lines = unified_diff(before, after, name_before, name_after)
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def _lines(text: str) -> list[str]:
    """Cut at line feeds only, as `patch` does."""
    return [f"{line}\n" for line in text.split("\n")[:-1]] + [last for last in [text.rpartition("\n")[2]] if last]


def _read(path: Path) -> str:
    return path.read_bytes().decode("utf-8")


def _fixes(report: DraftReport) -> Iterator[Fix]:
    """Those of the findings that may be mended without asking."""
    for result in report.results:
        if not result.waived:
            yield from (fix for finding in result.findings if (fix := finding.safe_fix))


def _safe(report: DraftReport) -> Iterator[Edit]:
    return (fix.edit for fix in _fixes(report) if fix.edit)


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
