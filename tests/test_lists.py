"""The city's lists of people, accounts and releases: what is read, and what is wrong with them."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

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
        (
            "releases",
            {"id": "1", "expires": "1/31/2027"},
            "row 1: `1/31/2027` is no date: write year, month and day as in 2027-11-12.",
        ),
        (
            "releases",
            {"id": "1", "expires": "2027-02-30"},
            "row 1: `2027-02-30` is no date: write year, month and day as in 2027-11-12.",
        ),
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
        ("a.csv", b'name\n"open', "a.csv: line 2: a quotation mark is not closed."),
        ("a.csv", b"", "a.csv: it is empty."),
        (
            "a.csv",
            b"user\na\n",
            'there is no column `name`. Its columns are `user`. Name the right one in the settings: name = "...".',
        ),
        ("a.csv", b"name,Name\na,b\n", "the column `name` is there more than once."),
        ("a.csv", b"name,roles\na\n", "row 2 has 1 cells, and the header 2."),
        ("a.csv", b"name,roles\na,creator,b\n", "row 2 has 3 cells, and the header 2."),
        ("a.csv", b"name\n\n\na\n\nA\n", "a.csv, row 6: `A` is here a second time; the first is row 4."),
        (
            "a.csv",
            b"name,role\na,creator\n",
            'is the column `role` what postcheck calls `roles`? Name it in the settings: roles = "role".',
        ),
        ("a.yaml", b"- name: a\n- name: A\n", "a.yaml, entry 2: `A` is here a second time; the first is entry 1."),
        ("a.yaml", b"- name: a\n- name: 'b\n", "a.yaml, line 2:"),
        ("a.yaml", b"name: a", "must be a list of entries"),
        ("a.yaml", b"- [", "a.yaml"),
    ],
)
def test_a_file_that_is_no_list(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BadList, match=re.escape(said)):
        read_list("people", tmp_path / name, {})


def read(path: Path, content: bytes, **names: str) -> tuple[Any, ...]:
    path.write_bytes(content)
    return read_list("releases", path, names)


def test_a_column_that_limits_is_not_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with pytest.raises(BadList, match="is the column `Expiry date` what postcheck calls `expires`"):
        read(path, b"id,Expiry date\n1,2027-01-31\n")
    with pytest.raises(BadList, match="there is no column `Until`, which the settings name for `expires`"):
        read(path, b"id,expires\n1,2027-01-31\n", expires="Until")
    (release,) = read(path, b"id,Expiry date,Signed By\n1,2027-01-31,mother\n", expires="expiry date")
    assert (release.expires, release.by) == (date(2027, 1, 31), "mother")
    (release,) = read(path, b"No,id\n1,7\n", id="No")
    assert release.id == "1"


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbfid,expires\r\n1,2027-01-31\r\n",
        b"id;expires\n1;2027-01-31",
        b"sep=;\r\nid;expires\r\n1;2027-01-31\r\n",
        b"id\texpires\r1\t2027-01-31\r",
        b" ID , Expires \n 1 , 2027-01-31 \n,\n",
    ],
    ids=["Windows", "semicolons", "Excel", "tabs and carriage returns", "spaces"],
)
def test_as_programs_write_it(tmp_path: Path, content: bytes) -> None:
    (release,) = read(tmp_path / "a.csv", content)
    assert (release.id, release.expires) == ("1", date(2027, 1, 31))


def test_a_list_of_accounts_without_one(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("name,archive\n", encoding="utf-8")
    with pytest.raises(BadList, match="it has no entries"):
        read_list("accounts", tmp_path / "a.csv", {})


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
