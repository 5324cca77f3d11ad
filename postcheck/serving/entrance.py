"""Signing in and out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from postcheck.messages import say
from postcheck.serving.accounts import SignInRefused
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
    if request.method == "GET":
        return page("sign-in.html", None, desk.config, said=request.query_params.get("said", ""), target=target)
    name, password = str(form.get("name", "")), str(form.get("password", ""))
    typed = [(key.removeprefix(CARRIED), str(value)) for key, value in form.multi_items() if key.startswith(CARRIED)]
    try:
        person, set_cookie = desk.identities.sign_in(request, name, password, now)
    except SignInRefused as refused:
        headers = {"Retry-After": str(refused.retry_after)} if refused.retry_after else {}
        status = 429 if refused.retry_after else 401
        return page(
            "sign-in.html", None, desk.config, status=status, headers=headers, target=target, name=name, fault=str(refused),
            typed=typed,
        )  # fmt: skip
    if typed:
        response = page("carried.html", person, desk.config, target=target, typed=typed)
    else:
        response = RedirectResponse(target or "/", 303)
    set_cookie(response)
    return response


def again(desk: Desk, path: str, typed: Sequence[tuple[str, str]]) -> Response:
    """The session ended while something was typed."""
    fault = say("You were signed out meanwhile. Sign in, and what you typed will be sent. Choose files anew.")
    return page("sign-in.html", None, desk.config, status=401, target=path, fault=fault, typed=typed)


def sign_out(desk: Desk, request: Request, form: FormData, now: datetime) -> Response:
    response = go("/sign-in", "signed-out")
    desk.identities.sign_out(request, response)
    return response


def _own_path(target: str) -> str:
    """A page of this server, or "": nobody is sent elsewhere."""
    is_own = target.startswith("/") and not target.startswith("//") and "\\" not in target
    return target if is_own and target.isprintable() else ""
