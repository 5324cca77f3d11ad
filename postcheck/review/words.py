"""What an entry tells, in words."""

from __future__ import annotations

from collections.abc import Mapping

from postcheck.messages import mark, say
from postcheck.review.entries import Entry, Kind

_DONE: Mapping[str, str] = {
    "submitted": mark("{who} handed it in."),
    "withdrawn": mark("{who} took it back."),
    "decision: approve": mark("{who} approved it."),
    "decision: reject": mark("{who} rejected it."),
    "decision: ask-for-changes": mark("{who} asked for changes."),
    "waiver": mark("{who} let a finding stand."),
    "published": mark("{who} published it."),
    "voided": mark("Its approval holds no longer."),
    "legal-hold": mark("{who} put it under a legal hold."),
    "legal-hold-lifted": mark("{who} lifted its legal hold."),
}
"""By what `what_happened` says."""


def what_happened(entry: Entry) -> str:
    """In a word or two: `decision: approve`, `published`."""
    return f"{entry.kind}: {entry.body['decision']}" if entry.kind is Kind.DECISION else entry.kind.value


def who(entry: Entry) -> str:
    """Their identity, as whoever signed them in knows them."""
    reviewer = entry.body.get("reviewer")
    return str(reviewer["identity"] if isinstance(reviewer, dict) else entry.body.get("by", ""))


def what_was_done(entry: Entry) -> str:
    """In a sentence, for a person."""
    message = _DONE.get(what_happened(entry))
    return say(message, who=who(entry)) if message else f"{who(entry)}: {what_happened(entry)}."
