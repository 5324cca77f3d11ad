"""Tables of the keys that may be written in drafts, settings, lists, checks and policies."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from docs.made.markdown import code, plain, table
from docs.made.words import words_for
from postcheck import catalog, config, policy
from postcheck.draft import account, calendar, keys
from postcheck.draft.files import CAPTIONS_SUFFIXES, DRAFT_FILES, IMAGE_SUFFIXES, VIDEO_SUFFIXES
from postcheck.lists import COLUMNS
from postcheck.occasions import OCCASIONS
from postcheck.serving.accounts import Role
from postcheck.serving.permissions import MAY, Action

KNOWN: Mapping[str, Iterable[str]] = {
    "post": keys.POST_KEYS,
    "asset": keys.ASSET_KEYS,
    "image": [key for key in keys.IMAGE_KEYS if key not in keys.ASSET_KEYS],
    "video": [key for key in keys.VIDEO_KEYS if key not in keys.ASSET_KEYS],
    "person": keys.PERSON_KEYS,
    "release": keys.RELEASE_KEYS,
    "waiver": keys.WAIVER_KEYS,
    "account": account.ACCOUNT_KEYS,
    "calendar": (*calendar.CALENDAR_KEYS, *calendar._OTHER_KEYS),
    "settings": config._KEYS,
    "check_settings": config._CHECK_KEYS,
    "hootsuite": config._HOOTSUITE_KEYS,
    "review": config._REVIEW_KEYS,
    "facts": policy.FACTS,
    "people": COLUMNS["people"],
    "accounts": COLUMNS["accounts"],
    "releases": COLUMNS["releases"],
    "check_file": catalog._CHECK_KEYS,
    "example": catalog._EXAMPLE_KEYS,
    "policy_file": policy._KEYS,
    "change": policy._CHANGE_KEYS,
    "clause": policy._CLAUSE_KEYS,
    "occasions": OCCASIONS,
    "obligations": [word.value for word in policy.Obligation],
    "roles": [role.value for role in Role],
}
"""The keys of each table, as the code that reads them has them."""
_HEADS = {
    "people": "Column",
    "accounts": "Column",
    "releases": "Column",
    "occasions": "Word",
    "obligations": "Word",
    "roles": "Role",
}


def _keys(what: str) -> Callable[[], str]:
    def made() -> str:
        words = words_for(what, KNOWN[what])
        return table([_HEADS.get(what, "Key"), "It means"], [[code(key), plain(said)] for key, said in words.items()])

    return made


def _limits() -> str:
    default = config.Config()
    words = words_for("limits", config._LIMIT_KEYS)
    rows = [[code(key), plain(said), f"{getattr(default, key):,}"] for key, said in words.items()]
    return table(["Key", "It means", "Where it is not given"], rows)


def _actions() -> str:
    words = words_for("actions", [action.value for action in Action])
    rows = [[plain(words[action]), ", ".join(code(role) for role in Role if role in MAY[action])] for action in Action]
    return table(["What", "Who may"], rows)


def _topics() -> str:
    return ", ".join(code(topic) for topic in policy.TOPICS) + ".\n"


def _files() -> str:
    kinds: dict[str, Any] = {
        "The draft itself": DRAFT_FILES,
        "Pictures": IMAGE_SUFFIXES,
        "Videos": VIDEO_SUFFIXES,
        "Captions files": CAPTIONS_SUFFIXES,
    }
    return table(["What", "Names or endings"], [[kind, ", ".join(map(code, known))] for kind, known in kinds.items()])


PARTS: dict[str, Callable[[], str]] = {
    **{f"keys of {what}": _keys(what) for what in KNOWN},
    "keys of limits": _limits,
    "actions": _actions,
    "topics": _topics,
    "files": _files,
}
