"""The city's lists of people, accounts and releases: what is read, and what is wrong with them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from postcheck.config import load_config
from postcheck.errors import ConfigError
from postcheck.lists import BadList, from_rows, read_list
from postcheck.model import Account, Member

HASH = "AB" * 32


def config(folder: Path, text: str, files: dict[str, str]) -> Path:
    for name, content in {**files, "postcheck.toml": text}.items():
        (folder / name).write_text(content, encoding="utf-8")
    return folder / "postcheck.toml"


def test_all_three_from_the_settings(tmp_path: Path) -> None:
    text = (
        '[people]\nfile = "people.csv"\nname = "User"\n[accounts]\nfile = "accounts.yaml"\n'
        '[releases]\nfile = "register.csv"\nid = "No."\n'
    )
    files = {
        "people.csv": '\ufeffUser;Phone;Roles\njrivera;555;"creator, Publisher"\n\nmlee;;\n',
        "accounts.yaml": "- {name: parks, archive: Pagefreezer}\n- {name: water, archive: none}\n- name: fire\n",
        "register.csv": f"No.,subject,minor,signed_by,date,expires,platforms,sha256\n2026-118,reader,yes,guardian,,2027-01-31,x; facebook,{HASH}\n",
    }
    lists = load_config(config(tmp_path, text, files)).lists
    assert lists.people == (Member("jrivera", ("creator", "publisher")), Member("mlee"))
    assert lists.accounts == (Account("parks", "Pagefreezer"), Account("water", ""), Account("fire"))
    assert lists.releases is not None
    (release,) = lists.releases
    assert (release.id, release.subject, release.minor, release.by) == ("2026-118", "reader", True, "guardian")
    assert (release.expires, release.platforms, release.sha256) == (date(2027, 1, 31), ("x", "facebook"), HASH.lower())


def test_no_list_is_not_an_empty_one(tmp_path: Path) -> None:
    lists = load_config(config(tmp_path, '[people]\nfile = "people.yaml"\n', {"people.yaml": "[]"})).lists
    assert (lists.people, lists.accounts) == ((), None)


@pytest.mark.parametrize(
    ("what", "row", "said"),
    [
        ("people", {"name": "a", "roles": "creater"}, "row 1: `creater` is no role. Did you mean `creator`?"),
        ("people", {"roles": "creator"}, "row 1: `name` is empty, or there is no such column."),
        ("people", {"name": "a", "role": "creator"}, "row 1: unknown column `role`. Did you mean `roles`?"),
        ("releases", {"id": "1", "minor": "perhaps"}, "row 1: `minor` must be yes or no, not `perhaps`."),
        ("releases", {"id": "1", "expires": "1/31/2027"}, "row 1: `1/31/2027` is no date: write it as 2027-11-12."),
        ("releases", {"id": "1", "expires": "2027-02-30"}, "row 1: `2027-02-30` is no date: write it as 2027-11-12."),
        ("releases", {"id": "1", "sha256": "ab"}, "row 1: `ab` is no SHA-256, which has 64 hexadecimal digits."),
    ],
)
def test_what_is_wrong_is_told(what: str, row: dict[str, str], said: str) -> None:
    with pytest.raises(BadList, match="^" + said.replace("?", r"\?").replace("(", r"\(") + "$"):
        from_rows(what, [row])


def test_an_entry_a_second_time() -> None:
    with pytest.raises(BadList, match="row 2: `A` is here a second time"):
        from_rows("people", [{"name": "a"}, {"name": "A"}])


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", b"name\n\xff", "not UTF-8"),
        ("a.csv", b'name\n"open', "unexpected end of data"),
        ("a.yaml", b"name: a", "must be a list of entries"),
        ("a.yaml", b"- [", "a.yaml"),
    ],
)
def test_a_file_that_is_no_list(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BadList, match=said):
        read_list("people", tmp_path / name, {})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[people]\n", "must name its file"),
        ('[people]\nfile = "missing.csv"\n', "missing.csv cannot be read"),
        ('[people]\nfiles = "a.csv"\n', "Unknown key `files`"),
    ],
)
def test_settings_that_name_no_list(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        load_config(config(tmp_path, text, {}))
