"""What each role may do: the table is the documentation."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from postcheck.serving.accounts import Person, Role


class Action(StrEnum):
    SEE_OWN_DRAFTS = "see_own_drafts"
    WRITE = "write"
    """In one's own draft: begin it, save it, upload and remove files, take fixes, waive a finding."""
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    SEE_QUEUE = "see_queue"
    SEE_DRAFT = "see_draft"
    """Any that was handed in."""
    OPEN_RELEASE = "open_release"
    DECIDE = "decide"
    SEE_APPROVED = "see_approved"
    EXPORT = "export"
    NOTE_PUBLISHED = "note_published"
    SEE_RECORDS = "see_records"
    VERIFY_RECORDS = "verify_records"
    EXPORT_RECORDS = "export_records"
    HOLD = "hold"
    SEE_ACCOUNTS = "see_accounts"


def _roles(*roles: Role) -> frozenset[Role]:
    return frozenset(roles)


MAY: Mapping[Action, frozenset[Role]] = {
    # Those who write see what is their own and nothing else: a colleague's draft may be about what is not public yet.
    # That a draft is one's own, and that it is not with a reviewer just now, is asked apart from the role.
    Action.SEE_OWN_DRAFTS: _roles(Role.CREATOR),
    # Nobody else writes, not even to mend a comma: what a reviewer approves would then be the reviewer's own words.
    Action.WRITE: _roles(Role.CREATOR),
    Action.SUBMIT: _roles(Role.CREATOR),
    Action.WITHDRAW: _roles(Role.CREATOR),
    # Reviewers see what was handed in, and not what is still being written.
    Action.SEE_QUEUE: _roles(Role.REVIEWER),
    Action.SEE_DRAFT: _roles(Role.REVIEWER),
    # A form holds names, addresses and signatures, of minors too. Whoever decides on the post must see whether the form
    # holds; whoever publishes goes by the decision, and whoever wrote the draft has had the form in hand.
    Action.OPEN_RELEASE: _roles(Role.REVIEWER),
    # Their own drafts excepted, whatever other roles they have: that is asked where the decision is recorded.
    Action.DECIDE: _roles(Role.REVIEWER),
    # Reviewers too, to see what became of what they approved before it goes out.
    Action.SEE_APPROVED: _roles(Role.REVIEWER, Role.PUBLISHER),
    # Approving and publishing are two people's work, unless the city gives one person both roles.
    Action.EXPORT: _roles(Role.PUBLISHER),
    Action.NOTE_PUBLISHED: _roles(Role.PUBLISHER),
    # The record holds every decision on everybody's drafts, with reasons. It is for whoever answers for the record.
    Action.SEE_RECORDS: _roles(Role.RECORDS),
    Action.VERIFY_RECORDS: _roles(Role.RECORDS),
    Action.EXPORT_RECORDS: _roles(Role.RECORDS),
    Action.HOLD: _roles(Role.RECORDS),
    # Whoever keeps the accounts has no say over content: they could otherwise give themselves any, unseen. Accounts are
    # made and changed at the command line of the server.
    Action.SEE_ACCOUNTS: _roles(Role.ADMIN),
}
"""Somebody with several roles may do what any of them may."""


def may(person: Person, action: Action) -> bool:
    return not person.roles.isdisjoint(MAY[action])
