"""Who may draft, publish and release, and whether the account is archived: by the city's own lists."""

from __future__ import annotations

from collections.abc import Iterator

from postcheck.errors import near_miss
from postcheck.model import PASSED, Context, Draft, Member, Observation, Options, Outcome


def person_not_listed(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    """Options: `field`, author or publisher; `role`, what the list must say of them. A list without roles, or without
    accounts, does not limit anybody."""
    members = context.lists.people
    text = getattr(draft, options["field"])
    if members is None or text is None or not text.value.strip():
        return
    member = _member(text.value, members)
    data = {"name": text.value, "role": options["role"]}
    if member is None:
        hint = near_miss(text.value, [one.name for one in members])
        yield Observation(Outcome.FAILED, text.whole(), {**data, "hint": hint})
    elif member.roles and options["role"] not in member.roles:
        yield Observation(Outcome.FAILED, text.whole(), {**data, "roles": ", ".join(member.roles)}, "failed-role")
    elif draft.account and member.accounts and not _has(member.accounts, draft.account.value):
        accounts = {"account": draft.account.value, "accounts": ", ".join(member.accounts)}
        yield Observation(Outcome.FAILED, text.whole(), {**data, **accounts}, "failed-account")
    else:
        yield PASSED


def _member(name: str, members: tuple[Member, ...]) -> Member | None:
    return next((one for one in members if one.name.casefold() == name.strip().casefold()), None)


def _has(names: tuple[str, ...], name: str) -> bool:
    return _plain(name) in {_plain(one) for one in names}


def _plain(name: str) -> str:
    return name.strip().removeprefix("@").casefold()


def emergency_release(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    """Options: `categories`, of posts in an emergency; `role`, of those who may release them."""
    if not draft.is_emergency or draft.category is None:
        return
    publisher, members = draft.publisher, context.lists.people
    if publisher is None or not publisher.value.strip():
        yield Observation(Outcome.CANT_TELL, draft.category.whole(), {}, "cantTell-nobody")
        return
    data = {"name": publisher.value, "role": options["role"]}
    if members is None:
        yield Observation(Outcome.CANT_TELL, publisher.whole(), data)
        return
    member = _member(publisher.value, members)
    released = member is not None and options["role"] in member.roles
    yield PASSED if released else Observation(Outcome.FAILED, publisher.whole(), data)


def account_not_archived(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    """By the city's list of accounts; of one that is not on it governance/account-unknown speaks."""
    if context.lists.accounts is None or draft.account is None:
        return
    name = _plain(draft.account.value)
    account = next((one for one in context.lists.accounts if _plain(one.name) == name), None)
    if account is None:
        return
    data = {"account": draft.account.value}
    if account.archive is None:
        yield Observation(Outcome.CANT_TELL, draft.account.whole(), data)
    else:
        yield PASSED if account.archive else Observation(Outcome.FAILED, draft.account.whole(), data)
