"""Every few minutes: what waits in Hootsuite comes into the queue, decisions go there, what became of them is recorded.

It is the one thing of the server that goes online, and is off unless whoever starts the server asks for it.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from postcheck.config import Config
from postcheck.errors import NotReady, PostcheckError, Stale
from postcheck.messages import say
from postcheck.model import Draft
from postcheck.review.approving import Approving, draft_id
from postcheck.review.decisions import Checked, Reviewer
from postcheck.review.standing import Stage
from postcheck.serving.accounts import Accounts
from postcheck.serving.checking import Checker, NotChecked

ISSUER = "hootsuite"
NOTE = ".hootsuite.json"
"""Beside a draft that was fetched, as hootsuite/waiting.py writes it."""
_HANDED_IN_BY = Reviewer("hootsuite", ISSUER, "creator")
"""Whoever wrote the message wrote it there."""


def is_from_hootsuite(folder: Path) -> bool:
    return (folder / NOTE).is_file()


class Exchange:
    def __init__(
        self,
        base: Path,
        drafts: Path,
        config: Config,
        approving: Approving,
        checker: Checker,
        accounts: Accounts,
        *,
        every: float,
    ) -> None:
        """`base`: the folder of the settings; `every`: seconds."""
        self._base, self._drafts, self._config = base, drafts, config
        self._approving, self._checker, self._accounts, self._every = approving, checker, accounts, every
        self._lock = threading.Lock()
        self._asked: datetime | None = None
        self._lines: tuple[str, ...] = ()

    def start(self) -> None:
        threading.Thread(target=self._run, name="hootsuite", daemon=True).start()

    def told(self) -> tuple[datetime | None, tuple[str, ...]]:
        """When Hootsuite was asked last, and what there is to tell of it."""
        with self._lock:
            return self._asked, self._lines

    def _run(self) -> None:
        wait = threading.Event()
        while True:
            self.once()
            wait.wait(self._every)

    def once(self) -> None:
        """All of it, once. What goes wrong is told on the page, and tried again the next time."""
        lines: list[str] = []
        try:
            lines += self._exchanged()
        except (PostcheckError, NotChecked) as error:
            lines.append(str(error))
        except Exception as error:  # whatever it is: the next time comes
            lines.append(say("The exchange with Hootsuite broke: {kind}.", kind=type(error).__name__))
        with self._lock:
            self._asked, self._lines = datetime.now(UTC), tuple(lines)

    def _exchanged(self) -> Iterator[str]:
        from postcheck.hootsuite.approval import Ending
        from postcheck.hootsuite.client import Client
        from postcheck.hootsuite.connecting import connected
        from postcheck.hootsuite.exchange import follow, send_decisions
        from postcheck.hootsuite.waiting import fetch_waiting, folders

        tokens, store = connected(self._config, self._base)
        client = Client(tokens)
        yield from fetch_waiting(client, store, self._drafts, self._config).left
        for folder in folders(self._drafts):
            yield from self._handed_in(folder)
        exchanged = send_decisions(client, store, self._drafts, self._config, self._approving.records)
        yield from (f"{one.draft}: {one.told}" for one in exchanged.ended if one.ending is not Ending.DONE)
        yield from exchanged.left
        yield from follow(client, store, self._approving)

    def _handed_in(self, folder: Path) -> Iterator[str]:
        """A message that waits was handed in there, so it waits here, too, whatever holds it back: it can be refused,
        or somebody writes the alt texts, which makes the draft theirs, to be handed in by them."""
        name = draft_id(folder, self._approving.records.folder)
        looked = self._checker.look(name, folder)
        if not isinstance(looked.draft, Draft):
            yield say("{draft} cannot be read, so it is not in the queue.", draft=name)
            return
        is_taken = looked.draft.author is not None and self._accounts.knows(looked.draft.author.value)
        standing = self._approving.standings.of(name)
        if is_taken or standing.stage_of(looked.digest) is not Stage.WRITING:
            return
        if standing.stage in (Stage.SUBMITTED, Stage.APPROVED):
            self._approving.void_if_changed(name, looked.digest, seen=standing.sequence)
        try:
            checked = Checked(looked.draft, looked.report, looked.veil)
            self._approving.submit(checked, _HANDED_IN_BY, shown=looked.digest, held_back_too=True)
        except (NotReady, Stale) as error:
            yield f"{name}: {error}"
