"""Templates to answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.responses import HTMLResponse, RedirectResponse, Response

from postcheck.config import Config
from postcheck.messages import mark, moment, say
from postcheck.policy import zone
from postcheck.reporters import html
from postcheck.review.standing import Stage
from postcheck.review.words import what_was_done
from postcheck.serving.accounts import Role
from postcheck.serving.beside import advice, quoted
from postcheck.serving.permissions import Action, may

if TYPE_CHECKING:
    from jinja2 import Environment

    from postcheck.serving.accounts import Person

_FOLDER = Path(__file__).parent
STATIC = _FOLDER / "static"
SAID = {
    "saved": mark("Saved."),
    "begun": mark("The draft is begun. What is missing stands beside each field."),
    "mended": mark("Saved, and mended what can be mended without asking."),
    "nothing-to-mend": mark("Saved. There was nothing that can be mended without asking."),
    "removed": mark("Taken out of the draft."),
    "submitted": mark("Handed in. A reviewer will decide on it."),
    "withdrawn": mark("Taken back. You can go on writing."),
    "approve": mark("Approved, and recorded."),
    "first-of-two": mark("Approved, and recorded. Another reviewer must approve it too."),
    "reject": mark("Rejected, and recorded."),
    "ask-for-changes": mark("Sent back with what is to be changed, and recorded."),
    "noted": mark("Noted in the record."),
    "held": mark("The legal hold is recorded."),
    "lifted": mark("The legal hold is lifted, and that is recorded."),
    "signed-out": mark("You are signed out."),
}
"""What a page says of what was done before it, by a word in its address."""
_STAGES = {
    Stage.WRITING: mark("being written"),
    Stage.SUBMITTED: mark("waits for a reviewer"),
    Stage.CHANGES_ASKED: mark("changes are asked for"),
    Stage.REJECTED: mark("rejected"),
    Stage.APPROVED: mark("approved"),
    Stage.PUBLISHED: mark("published"),
}
NAVIGATION = (
    ("/drafts", mark("My drafts"), Action.SEE_OWN_DRAFTS),
    ("/review", mark("To decide"), Action.SEE_QUEUE),
    ("/publish", mark("To publish"), Action.SEE_APPROVED),
    ("/records", mark("Record"), Action.SEE_RECORDS),
    ("/accounts", mark("Accounts"), Action.SEE_ACCOUNTS),
)


def page(
    template: str,
    person: Person | None,
    config: Config,
    *,
    status: int = 200,
    said: str = "",
    headers: Mapping[str, str] | None = None,
    **values: Any,
) -> Response:
    """A page. `said`: a key of SAID."""
    there = [(path, say(label)) for path, label, action in NAVIGATION if person and may(person, action)]

    def when(value: datetime | None) -> str:
        if value is None:
            return say("no time is told")
        return moment(value.astimezone(zone(config.timezone)) if config.timezone and value.tzinfo else value)

    made = _environment().get_template(template)
    text = made.render(
        person=person,
        navigation=there,
        said=say(SAID[said]) if said in SAID else "",
        when=when,
        version=version(),
        **values,
    )
    return HTMLResponse(text.encode("utf-8", "backslashreplace"), status, headers=dict(headers or {}))


def part(template: str, macro: str, *values: Any) -> str:
    """What one macro makes: a piece of a page, for the script."""
    return str(getattr(_environment().get_template(template).module, macro)(*values))


def wait(person: Person, config: Config, title: str, words: str) -> Response:
    """A draft that is still being checked: the page comes again by itself."""
    return page("wait.html", person, config, status=503, headers={"Refresh": "3"}, title=title, words=words)


def message(
    person: Person | None, config: Config, status: int, title: str, words: str, *, link: tuple[str, str] | None = None
) -> Response:
    """A page that says one thing."""
    return page("message.html", person, config, status=status, title=title, words=words, link=link)


def go(path: str, said: str = "") -> Response:
    """On to another page, which then says what was done."""
    from urllib.parse import quote

    address = quote(path, safe="/")
    return RedirectResponse(f"{address}?said={said}" if said else address, 303)


@lru_cache(maxsize=1)
def style() -> bytes:
    """Of the report, since a draft looks here as it does there, and of the forms."""
    return f"{html.style_sheet(())}\n{(STATIC / 'page.css').read_text(encoding='utf-8')}".encode()


@lru_cache(maxsize=1)
def script() -> bytes:
    return (STATIC / "page.js").read_bytes()


@lru_cache(maxsize=1)
def version() -> str:
    """In the addresses of style and script, which a browser may keep."""
    return sha256(style() + script()).hexdigest()[:12]


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = html.environment(_FOLDER / "templates")
    environment.filters["exact"] = _exact
    environment.globals["stage_word"] = stage_word
    environment.globals["role_word"] = role_word
    environment.globals["what_was_done"] = what_was_done
    environment.globals["advice"] = advice
    environment.globals["quoted"] = quoted
    return environment


def stage_word(stage: Stage) -> str:
    return say(_STAGES[stage])


def role_word(role: Role) -> str:
    return say(_ROLES[role])


_ROLES = {
    Role.CREATOR: mark("creator"),
    Role.REVIEWER: mark("reviewer"),
    Role.PUBLISHER: mark("publisher"),
    Role.RECORDS: mark("records officer"),
    Role.ADMIN: mark("administrator"),
}


def _exact(value: str) -> Any:
    """Letter for letter: what stands in a field is sent back, and must be what was in the draft."""
    from markupsafe import escape

    return escape(value)
