"""Each cell of the table, written out."""

from __future__ import annotations

import pytest

from postcheck.serving.accounts import LOCAL, Person, Role
from postcheck.serving.permissions import MAY, Action, may

YES, NO = True, False
CELLS: dict[str, tuple[bool, bool, bool, bool, bool]] = {
    # what                creator reviewer publisher records admin
    "see_own_drafts": (YES, NO, NO, NO, NO),
    "write": (YES, NO, NO, NO, NO),
    "submit": (YES, NO, NO, NO, NO),
    "withdraw": (YES, NO, NO, NO, NO),
    "see_queue": (NO, YES, NO, NO, NO),
    "see_draft": (NO, YES, NO, NO, NO),
    "open_release": (NO, YES, NO, NO, NO),
    "decide": (NO, YES, NO, NO, NO),
    "see_approved": (NO, YES, YES, NO, NO),
    "export": (NO, NO, YES, NO, NO),
    "note_published": (NO, NO, YES, NO, NO),
    "see_records": (NO, NO, NO, YES, NO),
    "verify_records": (NO, NO, NO, YES, NO),
    "export_records": (NO, NO, NO, YES, NO),
    "hold": (NO, NO, NO, YES, NO),
    "see_accounts": (NO, NO, NO, NO, YES),
}


@pytest.mark.parametrize(
    ("action", "role", "expected"),
    [(action, role, cell) for action, cells in CELLS.items() for role, cell in zip(Role, cells, strict=True)],
)
def test_cell(action: str, role: Role, expected: bool) -> None:
    assert may(Person("jo", frozenset([role]), LOCAL), Action(action)) is expected


def test_every_action_is_in_the_table_and_tested() -> None:
    assert set(CELLS) == {action.value for action in Action} == {action.value for action in MAY}
    assert [role.value for role in Role] == ["creator", "reviewer", "publisher", "records", "admin"]


def test_roles_add_up_and_nobody_without_one_may_anything() -> None:
    both = Person("jo", frozenset([Role.CREATOR, Role.RECORDS]), LOCAL)
    assert [may(both, Action(action)) for action in ("write", "hold", "decide")] == [True, True, False]
    assert not any(may(Person("jo", frozenset(), LOCAL), action) for action in Action)
