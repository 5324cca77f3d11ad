"""A folder, a zip or a row of a calendar -> Draft."""

from postcheck.draft.find import Found, find_drafts
from postcheck.draft.read import read_drafts

__all__ = ["Found", "find_drafts", "read_drafts"]
