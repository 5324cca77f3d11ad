"""Signing in and out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from postcheck.messages import say, say_count
from postcheck.serving.accounts import Refusal
from postcheck.serving.desk import Desk
from postcheck.serving.pages import NAVIGATION, go, message, page
from postcheck.serving.permissions import may

CARRIED = "carried-"
"""Before the name of a field that was typed into before a session had ended."""


def first(desk: Desk, request: Request, form: FormData, now: datetime) -> Response:
    """To the page where the person's work is."""
    person = desk.identities.who(request, now)
    if person is None:
        return go("/sign-in")
    for path, _, action in NAVIGATION:
        if may(person, action):
            return go(path)
    return message(person, desk.config, 403, say("Not allowed"), say("Your account has no role."))


def sign_in(desk: Desk, request: Request, form: FormData, now: datetime) -> Response:
    target = _own_path(str(form.get("next") or request.query_params.get("next", "")))
    if desk.identities.proxy:
        words = say("Whoever runs this server lets you in by another page. Go there, and come back.")
        return message(None, desk.config, 401, say("Sign in"), words)
    if request.method != "POST":  # HEAD asks for the page, too, and is no attempt
        return page("sign-in.html", None, desk.config, said=request.query_params.get("said", ""), target=target)
    name, password = str(form.get("name", "")), str(form.get("password", ""))
    typed = [(key.removeprefix(CARRIED), str(value)) for key, value in form.multi_items() if key.startswith(CARRIED)]
    found = desk.identities.sign_in(request, name, password, now)
    if isinstance(found, Refusal):
        return page(
            "sign-in.html",
            None,
            desk.config,
            status=401 if found.looked else 429,
            headers={"Retry-After": str(found.retry_after)} if found.retry_after else {},
            target=target,
            name=name,
            fault=_why(found),
            typed=typed,
        )
    person, cookie = found
    if typed:
        response = page("carried.html", person, desk.config, target=target, typed=typed)
    else:
        response = RedirectResponse(target or "/", 303)
    response.headers["Set-Cookie"] = cookie
    return response


def _why(refusal: Refusal) -> str:
    if not refusal.looked:
        return say_count(
            "Too many attempts. Wait {number} second.", "Too many attempts. Wait {number} seconds.", refusal.retry_after
        )
    if refusal.retry_after:
        return say_count(
            "The name or the password is wrong. Before you try again, wait {number} second.",
            "The name or the password is wrong. Before you try again, wait {number} seconds.",
            refusal.retry_after,
        )
    return say("The name or the password is wrong.")


def again(desk: Desk, path: str, typed: Sequence[tuple[str, str]]) -> Response:
    """The session ended while something was typed."""
    fault = say("You were signed out meanwhile. Sign in, and what you typed will be sent. Choose files anew.")
    return page("sign-in.html", None, desk.config, status=401, target=path, fault=fault, typed=typed)


def sign_out(desk: Desk, request: Request, form: FormData, now: datetime) -> Response:
    response = go("/sign-in", "signed-out")
    response.headers["Set-Cookie"] = desk.identities.sign_out(request)
    return response


def _own_path(target: str) -> str:
    """A page of this server, or "": nobody is sent elsewhere."""
    is_own = target.startswith("/") and not target.startswith("//") and "\\" not in target
    return target if is_own and target.isprintable() else ""
