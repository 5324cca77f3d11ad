"""Drafts are checked in processes of their own, so that no page waits for a video, and a picture that brings down a
library brings down no page.

What was found is kept while the draft, the settings, the city's lists and the day are the same.
"""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from multiprocessing import get_context
from pathlib import Path
from typing import ParamSpec, TypeVar

from postcheck.analysis.text import LENGTHS
from postcheck.api import settle
from postcheck.config import Config, load_config
from postcheck.detectors.limits import known_platforms, post_for
from postcheck.detectors.veil import Veil
from postcheck.draft import read_drafts
from postcheck.draft.files import draft_files, is_draft_file, read_text
from postcheck.draft.find import Found
from postcheck.engine import Plan, look_at, make_report
from postcheck.errors import DraftError
from postcheck.exhibits import Exhibit, exhibit
from postcheck.fixing import fix_drafts
from postcheck.lists import COLUMNS
from postcheck.messages import say
from postcheck.model import Draft, Report, UnreadableDraft
from postcheck.policy import zone
from postcheck.reporters import html

P = ParamSpec("P")
T = TypeVar("T")
_PROCESSES = 2
"""One long video must not keep everybody waiting."""
_MOST_KEPT = 200
"""Results, of some hundred kilobytes each."""


@dataclass(frozen=True, slots=True)
class OnPlatform:
    """What one platform will show, as far as text goes."""

    title: str
    text: str
    """With the names hidden that no report may show."""
    is_own: bool
    """Not the caption, but a text of its own."""
    used: int
    """As the platform counts."""
    most: int | None
    """None where no limit is known."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found of one draft, and what a page shows of it."""

    draft: Draft | UnreadableDraft
    report: Report
    """Of this draft alone."""
    veil: Veil
    entries: tuple[html.Entry, ...]
    shown: Exhibit | None
    """None where the draft cannot be read."""
    platforms: tuple[OnPlatform, ...] = ()

    @property
    def digest(self) -> str:
        """Of what was checked; "" where it cannot be read."""
        return self.report.drafts[0].digest

    @property
    def is_held_back(self) -> bool:
        return self.report.holds_back(self.report.drafts[0])


class NotChecked(Exception):
    """Why a draft was not checked, for a person."""


@dataclass(frozen=True, slots=True)
class Rules:
    """By what is checked: the settings' file, and a policy that stands in for theirs."""

    config: Path | None
    policy: str | None
    root: Path
    """Of the drafts, for settings that are not there."""


@dataclass(slots=True)
class Checker:
    rules: Rules
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _pool: ProcessPoolExecutor | None = None
    _kept: OrderedDict[tuple[object, ...], Looked] = field(default_factory=OrderedDict)
    _running: dict[tuple[object, ...], Future[Looked]] = field(default_factory=dict)

    def begin(self, draft_id: str, folder: Path, text: str | None = None) -> Future[Looked]:
        """Check the draft in `folder`; `text` stands in for its file, as somebody types it. Whoever asks for the same
        while it is under way gets the same answer, and what is saved as it was typed is not checked again."""
        state = state_of(folder)
        if text is None:
            text = _own_text(folder)  # what is looked at is then surely what the key names
        if text is not None:
            state = tuple(one for one in state if not is_draft_file(one[0]))
        key = (draft_id, text, state, _state_of_rules(self.rules), _day())
        with self._lock:
            known = self._kept.get(key)
            if known is not None:
                self._kept.move_to_end(key)
                done: Future[Looked] = Future()
                done.set_result(known)
                return done
            if key in self._running:
                return self._running[key]
            future = self._submit(_look, self.rules, draft_id, folder, text)
            self._running[key] = future
        future.add_done_callback(lambda one: self._keep(key, one))
        return future

    def look(self, draft_id: str, folder: Path, text: str | None = None, *, timeout: float | None = None) -> Looked:
        """As `begin`, and wait for it.

        Raises:
            NotChecked: it takes longer than `timeout` seconds (it goes on), or the process broke.
        """
        try:
            return self.begin(draft_id, folder, text).result(timeout)
        except TimeoutError:
            raise NotChecked(say("It is still being checked.")) from None
        except BrokenProcessPool:
            raise NotChecked(self._broken()) from None

    def fix(self, draft_id: str, folder: Path) -> int:
        """Write the safe fixes into the draft, and say how many.

        Raises:
            NotChecked: the process broke.
            UsageError: a file was changed meanwhile, or cannot be written.
        """
        return self.run(_fix, self.rules, draft_id, folder)

    def run(self, function: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        """What else takes its time, in one of the processes.

        Raises:
            NotChecked: the process broke. What the function raises is raised here.
        """
        with self._lock:
            future = self._submit(function, *arguments, **named)
        try:
            return future.result()
        except BrokenProcessPool:
            raise NotChecked(self._broken()) from None

    def _broken(self) -> str:
        with self._lock:
            self._pool = None  # the next one begins anew
        return say("The check broke off. Try again; if it breaks off again, a file of the draft is why.")

    def close(self) -> None:
        with self._lock:
            if self._pool:
                self._pool.shutdown(wait=False, cancel_futures=True)
                self._pool = None

    def _submit(self, function: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> Future[T]:
        try:
            return self._working().submit(function, *arguments, **named)
        except BrokenProcessPool:
            self._pool = None
            return self._working().submit(function, *arguments, **named)

    def _working(self) -> ProcessPoolExecutor:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(_PROCESSES, mp_context=get_context("spawn"), initializer=_calm)
        return self._pool

    def _keep(self, key: tuple[object, ...], future: Future[Looked]) -> None:
        with self._lock:
            self._running.pop(key, None)
            if not future.cancelled() and future.exception() is None:
                self._kept[key] = future.result()
                while len(self._kept) > _MOST_KEPT:
                    self._kept.popitem(last=False)


def state_of(folder: Path) -> tuple[tuple[str, int, int, int, int], ...]:
    """Every file of the draft with size and times, and which file it is: another, where one changed. A save puts a new
    file in the old one's place, perhaps of the same size and at the same tick of the clock."""
    return tuple(sorted(_files_in(str(folder), "")))


def _own_text(folder: Path) -> str | None:
    """Of the draft's file; None where it is not one file that can be read, which the check will then say."""
    try:
        (name,) = draft_files(folder)
        return read_text(folder / name, name)
    except (ValueError, DraftError):
        return None


def _files_in(folder: str, before: str) -> Iterator[tuple[str, int, int, int, int]]:
    """Without Path objects: lists ask this of every draft each time."""
    try:
        with os.scandir(folder) as there:
            for one in there:
                try:
                    if one.is_dir(follow_symlinks=False):
                        yield from _files_in(one.path, f"{before}{one.name}/")
                        continue
                    status = one.stat()
                except OSError:
                    continue
                times = status.st_mtime_ns, status.st_ctime_ns
                yield f"{before}{one.name}", status.st_size, *times, status.st_ino
    except OSError:
        return


def _state_of_rules(rules: Rules) -> tuple[object, ...]:
    """Of the settings and of the city's lists beside them."""
    folder = rules.config.parent if rules.config else rules.root
    paths = [rules.config] if rules.config else []
    paths += [path for name in COLUMNS for path in sorted(folder.glob(f"{name}.*"))]
    return tuple((str(path), path.stat().st_mtime_ns) for path in paths if path.is_file())


def _day() -> str:
    """With the hour: what has passed meanwhile is noticed."""
    return datetime.now().astimezone().strftime("%Y-%m-%d %H")


# ------------------------------------------------------------------------------- in a process of its own


def _calm() -> None:
    """Ctrl-C is for the server alone, and without the server there is nothing to do."""
    import signal
    from multiprocessing import parent_process
    from multiprocessing.connection import wait

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()

    def end_with_it() -> None:
        if parent is not None:
            wait([parent.sentinel])
            os._exit(0)

    threading.Thread(target=end_with_it, daemon=True).start()


@lru_cache(maxsize=1)
def _settled(rules: Rules, _state: tuple[object, ...]) -> tuple[Config, Plan]:
    return settle(load_config(rules.config), policy=rules.policy)


def _now(config: Config, plan: Plan) -> Plan:
    moment = datetime.now(zone(config.timezone) if config.timezone else plan.context.now.tzinfo)
    return replace(plan, context=replace(plan.context, now=moment))


def _look(rules: Rules, draft_id: str, folder: Path, text: str | None) -> Looked:
    config, plan = _settled(rules, _state_of_rules(rules))
    plan = _now(config, plan)
    texts = {} if text is None else {(folder / name).resolve(): text for name in draft_files(folder)}
    plan = replace(plan, context=replace(plan.context, texts=texts)) if texts else plan
    (draft,) = read_drafts([Found("folder", folder, draft_id)], config, texts)
    checked, veil = look_at(draft, plan)
    report = make_report((checked,), plan, config.fail_on)
    entries = tuple(html.entries(report, checked))
    if not isinstance(draft, Draft) or checked.problems:
        return Looked(draft, report, veil, entries, None)
    places = [(entry.number, entry.finding.location) for entry in entries if entry.finding.location]
    return Looked(draft, report, veil, entries, exhibit(draft, veil, places), tuple(_platforms(draft, veil, plan)))


def _platforms(draft: Draft, veil: Veil, plan: Plan) -> Iterator[OnPlatform]:
    for platform in known_platforms(draft, plan.context):
        text = post_for(draft, platform, plan.context)
        limit = next((limit for limit in platform.limits if limit.what == "text"), None)
        used = LENGTHS[limit.unit](text.value) if limit else len(text.value)
        yield OnPlatform(
            platform.title, veil.over(text.value), text is not draft.caption, used, limit.most if limit else None
        )


def _fix(rules: Rules, draft_id: str, folder: Path) -> int:
    config, plan = _settled(rules, _state_of_rules(rules))
    made = 0
    for fixing in fix_drafts([Found("folder", folder, draft_id)], config, _now(config, plan)):
        fixing.write()
        made += fixing.made
    return made
