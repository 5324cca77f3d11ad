"""The rules of approval: who may hand in, decide, take back and publish what, and when. All that happens is an entry.

- A draft is handed in when nothing holds it back, and decided on as it was handed in, with the same digest.
- Nobody decides on a draft that they wrote or handed in, in this revision or an earlier one.
- To approve, every question of the report and of the policy is answered with yes or no. Questions of checks go either
  way (`Is this a dash?`), so a plain no is enough there. Those of a policy ask whether its clause is kept: who answers
  no and approves all the same says why, for whoever reads the record later.
- Who rejects or asks for changes says why; then all approvals of the revision are gone.
- What was rejected is not handed in again as it is; what was sent back for changes may be, for the change may lie
  outside of it: a form that came in, an account that was put on the list.
- What changes after it was handed in or approved is so no longer.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from postcheck.config import Config
from postcheck.detectors.veil import Veil
from postcheck.display import printable_path
from postcheck.errors import NotAllowed, NotReady, Stale, UsageError
from postcheck.messages import mark, say
from postcheck.model import Draft
from postcheck.review.decisions import (
    Answer,
    Checked,
    Decision,
    Retention,
    Reviewer,
    entry_for,
    is_to,
    questions,
    said_by,
    submission_for,
)
from postcheck.review.entries import Entry, Kind, NewEntry
from postcheck.review.records import Records, meanwhile
from postcheck.review.standing import Stage, Standing, Standings, digest_in, following, is_same_person
from postcheck.review.words import who

REVIEWER = "reviewer"
"""The role of whoever decides."""
POSTCHECK = Reviewer("postcheck", "postcheck", "program")
"""Who notes that a draft changed."""
YES, NO = "yes", "no"
_NOT_UNDER_REVIEW: Mapping[Stage, str] = {
    Stage.WRITING: mark("It was taken back, or changed since it was handed in: it must be handed in again."),
    Stage.CHANGES_ASKED: mark("Changes were asked for: it must be handed in again."),
    Stage.REJECTED: mark("It was rejected: it must be changed and handed in again."),
    Stage.APPROVED: mark("It is approved already."),
    Stage.PUBLISHED: mark("It is published already."),
}
"""Why nothing can be decided."""
_NOT_HANDED_IN: Mapping[Stage, str] = {
    Stage.SUBMITTED: mark("It is handed in already, as it is."),
    Stage.REJECTED: mark("It was rejected as it is: change it before you hand it in again."),
    Stage.APPROVED: mark("It is approved already, as it is."),
    Stage.PUBLISHED: mark("It is published already, as it is."),
}
"""Why the same content is not handed in once more."""
_AGAIN = 5
"""Times that a change is noted anew when somebody does something with the draft at the same moment."""


def draft_id(path: Path, record_folder: Path) -> str:
    """What the record calls the draft at `path`, a folder or what a report names: its path from the folder that the
    record belongs to, with `/`."""
    place = path.resolve()
    try:
        relative = os.path.relpath(place, record_folder.resolve())
    except ValueError:  # Windows: on another drive
        return printable_path(place.as_posix())
    return printable_path(Path(relative).as_posix())


def id_of(draft: Draft, record_folder: Path) -> str:
    """As `draft_id`, of a draft that was read; of a row of a calendar and a draft in a zip by what reports call it."""
    own = draft.source.path
    if own is not None and own.suffix.lower() != ".csv" and own.resolve().is_relative_to(record_folder.resolve()):
        return draft_id(own.parent, record_folder)  # a report may name it from anywhere
    return draft_id(Path(draft.path), record_folder)


def is_own(standing: Standing, draft: Draft | None, identity: str) -> bool:
    """Did they write the draft, or hand it in, in this revision or an earlier one?"""
    names = [draft.author.value] if draft and draft.author else []
    for entry in standing.history:
        if entry.kind is Kind.SUBMITTED:
            names.append(who(entry))
        names.append(str(entry.body.get("author") or ""))
    return any(is_same_person(identity, name) for name in names)


class Approving:
    """Of one record. What several people, threads or processes do at once with a draft is put in order: of two
    decisions on the same standing one is recorded, and the other is Stale.

    Everything raises UsageError where the record cannot be read or written; `key` of a request that was made before
    gives the entry that there is.
    """

    def __init__(self, records: Records, config: Config) -> None:
        self.records = records
        self.config = config
        self.standings = Standings(records, config.review.reviewers)

    def id_of(self, draft: Draft) -> str:
        return id_of(draft, self.records.folder)

    def submit(self, checked: Checked, by: Reviewer, *, shown: str, comment: str = "", key: str = "") -> Entry:
        """Hand it in for review. `shown`: the digest that the person was shown.

        Raises:
            Stale: the draft changed since it was shown; somebody did something with it at this moment.
            NotReady: something holds it back, or it is handed in, rejected, approved or published as it is.
        """
        name = self._plain_id(checked)
        known = self._repeated(key, Kind.SUBMITTED, name, by, shown)
        if known:
            return known
        standing, number = self.standings.look(name)
        _refuse_other(checked, shown)
        stage = standing.stage_of(shown)
        if stage in _NOT_HANDED_IN:
            raise NotReady(say(_NOT_HANDED_IN[stage]))
        if checked.report.holds_back(checked.told):
            raise NotReady(say("It cannot be handed in: a finding holds it back. Mend it, or have it waived first."))
        made = submission_for(checked, by=by, revision=standing.revision + 1, comment=comment, draft_id=name, key=key)
        return self.records.append(made, after=number)

    def withdraw(
        self, draft_id: str, by: Reviewer, *, draft: Draft | None = None, seen: int | None = None, key: str = ""
    ) -> Entry:
        """Its author, or whoever handed it in, takes it back before it is decided. `seen` as for `decide`.

        Raises:
            Stale: something was done with it since it was shown.
            NotAllowed: it is somebody else's.
            NotReady: it is not under review.
        """
        known = self._repeated(key, Kind.WITHDRAWN, draft_id, by)
        if known:
            return known
        standing, number = self._shown(draft_id, seen)
        if not is_own(standing, draft, by.identity):
            raise NotAllowed(say("Only who wrote it or handed it in takes it back."))
        if standing.stage is not Stage.SUBMITTED:
            raise NotReady(say("It is not under review, so it cannot be taken back."))
        return self._append(Kind.WITHDRAWN, standing, number, by, key, of=_of(standing.submitted))

    def decide(
        self,
        checked: Checked,
        *,
        reviewer: Reviewer,
        decision: Decision,
        shown: str,
        seen: int,
        comment: str = "",
        answers: Sequence[Answer] = (),
        kept_for: Retention | None = None,
        key: str = "",
    ) -> Entry:
        """Approve, reject, or ask for changes. What is approved can be rejected, too, until it is published.

        Args:
            shown: The digest that the reviewer was shown.
            seen: The `sequence` of the draft's standing that they were shown.
            answers: With "yes" or "no".

        Raises:
            Stale: the draft or its standing changed since it was shown: the message tells what happened.
            NotAllowed: the role is no reviewer's; the draft is their own; they have approved it already.
            NotReady: it is not under review; it is held back; a question is not answered; a comment is missing.
        """
        name = self._plain_id(checked)
        if reviewer.role.strip().casefold() != REVIEWER:
            raise NotAllowed(say("Only reviewers decide."))
        known = self._repeated(key, Kind.DECISION, name, reviewer, shown, decision.value)
        if known:
            return known
        standing, number = self._shown(name, seen)
        _refuse_other(checked, shown)
        if is_own(standing, checked.draft, reviewer.identity):
            raise NotAllowed(say("You wrote this draft or handed it in: somebody else must decide on it."))
        self._refuse_undecidable(standing, decision, reviewer, shown)
        if decision is Decision.APPROVE:
            _refuse_unanswered(checked, answers)
        elif not comment.strip():
            raise NotReady(say("Write what is wrong, so that the author knows what to change."))
        kept_for = kept_for or Retention()
        made = entry_for(
            checked.draft,
            checked.report,
            checked.veil,
            decision=decision,
            reviewer=reviewer,
            revision=standing.revision,
            comment=comment,
            answers=answers,
            kept_for=replace(kept_for, legal_hold=kept_for.legal_hold or standing.is_on_hold),
            draft_id=name,
            approvals_needed=self.config.review.reviewers,
            key=key,
        )
        return self.records.append(made, after=number)

    def void(self, draft_id: str, by: Reviewer, reason: str, *, seen: int | None = None, key: str = "") -> Entry:
        """End an approval. The reason stands in the record as it is: no name is hidden in it.

        Raises:
            Stale: something was done with it since it was shown.
            NotReady: it is not approved; no reason is told.
        """
        known = self._repeated(key, Kind.VOIDED, draft_id, by)
        if known:
            return known
        standing, number = self._shown(draft_id, seen)
        _refuse_unsaid(reason)
        if standing.stage is not Stage.APPROVED:
            raise NotReady(say("It is not approved, so there is nothing to end."))
        return self._append(Kind.VOIDED, standing, number, by, key, of=_of(standing.approvals[-1]), reason=reason)

    def void_if_changed(self, draft_id: str, digest: str, *, seen: int | None = None) -> Entry | None:
        """Note that what was handed in or approved is not what lies on the disk now, which has this digest: then it is
        so no longer. None where nothing is to be noted, and where the draft cannot be read (""): it may be in the
        middle of being written, and what has no digest is approved in no case.

        `seen`: the `sequence` of the draft's standing before its content was read. Where something was recorded since,
        the digest may be an older one than what was handed in meanwhile, and nothing is noted.
        """
        for _ in range(_AGAIN):
            standing, number = self.standings.look(draft_id)
            if seen is not None and standing.sequence != seen:
                return None
            if standing.stage not in (Stage.SUBMITTED, Stage.APPROVED) or digest in ("", standing.digest):
                return None
            of = standing.approvals[-1] if standing.approvals else standing.submitted
            if standing.stage is Stage.APPROVED:
                reason = say("It was changed after it was approved.")
            else:
                reason = say("It was changed after it was handed in.")
            try:
                return self._append(
                    Kind.VOIDED, standing, number, POSTCHECK, "", of=_of(of), reason=reason, found=digest
                )
            except Stale:
                continue
        return None

    def published(
        self,
        draft_id: str,
        digest: str,
        by: Reviewer,
        messages: Sequence[Mapping[str, Any]],
        *,
        key: str = "",
    ) -> Entry:
        """Note that it was published. What was approved with this digest at some time may be noted also when it is so
        no longer: it is out, and the record must tell.

        `messages`: of each, `platform`, and `id` and `address` as far as they are known.

        Raises:
            NotReady: it was never approved like this; no message is told.
        """
        known = self._repeated(key, Kind.PUBLISHED, draft_id, by, digest)
        if known:
            return known
        if not messages or not all(str(message.get("platform") or "").strip() for message in messages):
            raise NotReady(say("Tell on which platform it was published."))
        standing, _ = self.standings.look(draft_id)
        approval = approval_of(standing, digest, self.standings.reviewers_needed)
        if approval is None:
            raise NotReady(say("Nobody has approved this content, so it is not noted as published."))
        told = {"of": approval.sequence, "messages": [dict(message) for message in messages]}
        as_it_was = replace(standing, digest=digest, revision=approval.body["draft"]["revision"])
        return self._append(Kind.PUBLISHED, as_it_was, None, by, key, **told)

    def hold(self, draft_id: str, by: Reviewer, reason: str, *, key: str = "") -> Entry:
        """Put what is recorded of the draft under a legal hold. The reason stands in the record as it is.

        Raises:
            NotReady: it is under one, the record does not know the draft, or no reason is told.
        """
        return self._held(Kind.LEGAL_HOLD, draft_id, by, reason, key)

    def lift_hold(self, draft_id: str, by: Reviewer, reason: str, *, key: str = "") -> Entry:
        """
        Raises:
            NotReady: it is under no legal hold, or no reason is told.
        """
        return self._held(Kind.LEGAL_HOLD_LIFTED, draft_id, by, reason, key)

    def _held(self, kind: Kind, draft_id: str, by: Reviewer, reason: str, key: str) -> Entry:
        known = self._repeated(key, kind, draft_id, by)
        if known:
            return known
        standing, number = self.standings.look(draft_id)
        _refuse_unsaid(reason)
        if not standing.sequence:
            raise NotReady(say("The record knows no such draft: {draft}", draft=draft_id))
        if standing.is_on_hold == (kind is Kind.LEGAL_HOLD):
            raise NotReady(
                say("It is under a legal hold already.") if standing.is_on_hold else say("It is under no legal hold.")
            )
        return self._append(kind, standing, number, by, key, reason=reason)

    def _append(self, kind: Kind, standing: Standing, after: int | None, by: Reviewer, key: str, **told: Any) -> Entry:
        if not by.identity.strip():
            raise NotAllowed(say("It is not known who does this, so nothing is recorded."))
        draft = {"id": standing.draft_id, "revision": standing.revision, "digest": standing.digest}
        return self.records.append(NewEntry(kind, {"draft": draft, **said_by(by), **told}, key=key), after=after)

    def _plain_id(self, checked: Checked) -> str:
        """What the record calls the draft. It must be the same whatever names the draft holds, so none may be in it.

        Raises:
            NotReady: a name is in it that no report may show.
        """
        name = self.id_of(checked.draft)
        veil: Veil = checked.veil
        if veil.over_path(veil.over(name)) != name:
            raise NotReady(
                say("The name of the draft's folder holds a name that no report may show: give the folder another one.")
            )
        return name

    def _shown(self, name: str, seen: int | None) -> tuple[Standing, int]:
        """The standing, and the number of the record's last entry.

        Raises:
            Stale: it is not the one that was seen; None stands for the one of this moment.
        """
        standing, number = self.standings.look(name)
        if seen is not None and standing.sequence != seen:
            if standing.last is None or standing.sequence < seen:
                raise Stale(say("The record is another one than the one you were shown. Look at the draft again."))
            raise Stale(meanwhile(standing.last))
        return standing, number

    def _repeated(
        self, key: str, kind: Kind, name: str, by: Reviewer, digest: str = "", decision: str = ""
    ) -> Entry | None:
        """The entry of the same request; None where it is a new one.

        Raises:
            UsageError: the key was used for something else.
        """
        entry = self.records.with_key(key)
        if entry is None:
            return None
        told = (entry.kind, entry.body["draft"]["id"], who(entry), entry.body.get("decision", ""))
        if told != (kind, name, by.identity, decision) or (digest and digest_in(entry) != digest):
            raise UsageError(f"The key `{key}` belongs to entry {entry.sequence}, which says something else.")
        return entry

    def _refuse_undecidable(self, standing: Standing, decision: Decision, reviewer: Reviewer, digest: str) -> None:
        if not standing.revision:
            raise NotReady(say("It was never handed in, so there is nothing to decide."))
        if standing.digest != digest:
            raise Stale(say("It was changed since it was handed in: it must be handed in again."))
        ends = decision is not Decision.APPROVE
        if standing.stage is not Stage.SUBMITTED and not (ends and standing.stage is Stage.APPROVED):
            raise NotReady(say(_NOT_UNDER_REVIEW[standing.stage]))
        if not ends and any(is_same_person(who(entry), reviewer.identity) for entry in standing.approvals):
            raise NotAllowed(say("You have approved it already: now somebody else must."))


def approval_of(standing: Standing, digest: str, reviewers_needed: int = 1) -> Entry | None:
    """The entry by which the draft with this digest was approved last, whether that holds now or not."""
    found, now = None, Standing(standing.draft_id)
    for entry in standing.history:
        before, now = now, following(now, entry, reviewers_needed)
        is_by_this = before.stage is not Stage.APPROVED or before.revision != now.revision
        if now.stage is Stage.APPROVED and is_by_this and now.digest == digest:
            found = entry
    return found


def _of(entry: Entry | None) -> int | None:
    return entry.sequence if entry else None


def _refuse_other(checked: Checked, shown: str) -> None:
    if not shown or checked.draft.digest != shown:
        raise Stale(say("The draft was changed since you were shown it. Look at it again before you go on."))


def _refuse_unsaid(reason: str) -> None:
    if not reason.strip():
        raise NotReady(say("Write the reason."))


def _refuse_unanswered(checked: Checked, answers: Sequence[Answer]) -> None:
    """
    Raises:
        NotReady: a question has no answer, another one than yes or no, or a no that wants a word.
    """
    open_, unsaid = [], []
    for question in questions(checked.report):
        given = next((answer for answer in answers if is_to(answer, question)), None)
        if given is None and question.is_waived:
            continue
        if given is None or given.answer not in (YES, NO):
            open_.append(question.question)
        elif given.answer == NO and ":" in question.about and not given.comment.strip():
            unsaid.append(question.question)
    if open_:
        raise NotReady(say("Answer every question with yes or no. Still open: {questions}", questions=" ".join(open_)))
    if unsaid:
        raise NotReady(say("Write why it may be published all the same: {questions}", questions=" ".join(unsaid)))
