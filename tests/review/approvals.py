"""Drafts that were checked, and people who decide on them, for tests."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import postcheck
from postcheck.config import Config, Review
from postcheck.detectors.veil import Veil
from postcheck.model import Draft, Report, UnreadableDraft
from postcheck.review.approving import Approving
from postcheck.review.decisions import Answer, Checked, Decision, Reviewer, questions
from postcheck.review.entries import Entry
from postcheck.review.records import Records
from tests.drafts import write_draft

JO = Reviewer("jo@example.gov", "local", "creator")
KIM = Reviewer("kim@example.gov", "local", "creator")
RAE = Reviewer("rae@example.gov", "local", "reviewer")
SAM = Reviewer("sam@example.gov", "local", "reviewer")
PAT = Reviewer("pat@example.gov", "local", "publisher")
GOOD: Mapping[str, Any] = {
    "account": "parks",
    "author": "jo@example.gov",
    "platforms": ["facebook"],
    "publish_at": "2027-11-12T09:00:00-08:00",
    "caption": "Leaf Day is Saturday.",
    "images": [{"file": "a.png", "alt": "A crew rakes leaves.", "source": "city", "people": "none"}],
}
ONLY = ("alt-text/missing", "alt-text/too-long", "privacy", "governance/author-missing")


class Desk:
    """A folder with drafts, a record, and those who work on them."""

    def __init__(self, folder: Path, reviewers: int = 1, policy: str = "", **settings: Any) -> None:
        self.folder, self.policy = folder, policy
        self.config = Config(review=Review(reviewers), **settings)
        self.records = Records(folder)
        self.approving = Approving(self.records, self.config)

    def write(self, name: str = "leaf-day", **changed: Any) -> Checked:
        write_draft(self.folder / "posts" / name, {**GOOD, **changed})
        return self.check(name)

    def check(self, name: str = "leaf-day") -> Checked:
        found: list[Checked] = []

        def looked(draft: Draft | UnreadableDraft, veil: Veil, report: Report) -> None:
            assert isinstance(draft, Draft), draft.problems
            found.append(Checked(draft, report, veil))

        postcheck.check(
            self.folder / "posts" / name, config=self.config, policy=self.policy, select=() if self.policy else ONLY,
            looked=looked,
        )  # fmt: skip
        return found[0]

    def submit(self, checked: Checked, by: Reviewer = JO, **more: Any) -> Entry:
        return self.approving.submit(checked, by, shown=checked.draft.digest, **more)

    def decide(
        self, checked: Checked, reviewer: Reviewer = RAE, decision: Decision = Decision.APPROVE, **more: Any
    ) -> Entry:
        standing = self.approving.standings.of(self.approving.id_of(checked.draft))
        arguments = {
            "shown": checked.draft.digest, "seen": standing.sequence, "comment": "Looked at.", **more,
        }  # fmt: skip
        return self.approving.decide(checked, reviewer=reviewer, decision=decision, **arguments)


def yes_to_all(checked: Checked) -> list[Answer]:
    return [Answer(question.about, "yes", question.question) for question in questions(checked.report)]
