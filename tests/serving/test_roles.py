"""Every page and every role, and whose draft it is: asked of the whole application."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from postcheck.serving.app import ROUTES
from tests.drafts import content
from tests.serving.desks import PEOPLE, City, png

NOBODY = ""
_NO_WRITER = {"robin": 403, "parker": 403, "riley": 403, "alex": 403}
_NO_REVIEWER = {"casey": 403, "parker": 403, "riley": 403, "alex": 403}
_NO_PUBLISHER = {"casey": 403, "robin": 403, "riley": 403, "alex": 403, "both": 403}
_NO_OFFICER = {"casey": 403, "robin": 403, "parker": 403, "alex": 403, "both": 403}

TABLE: Mapping[tuple[str, str], Mapping[str, int]] = {
    # casey writes, robin reviews, parker publishes, riley keeps the record, alex the accounts; `both` writes and
    # reviews, `all` has every role. The draft is casey's, and approved; 404 is what others who write hear of it.
    ("GET", "/drafts"): {NOBODY: 303, "casey": 200, **_NO_WRITER, "both": 200, "all": 200},
    ("POST", "/drafts/new"): {NOBODY: 401, "casey": 303, **_NO_WRITER, "both": 303, "all": 303},
    ("GET", "/drafts/edit/{name:path}"): {NOBODY: 303, "casey": 200, **_NO_WRITER, "both": 404, "all": 404},
    ("POST", "/drafts/edit/{name:path}"): {NOBODY: 401, "casey": 303, **_NO_WRITER, "both": 404, "all": 404},
    ("POST", "/drafts/check/{name:path}"): {NOBODY: 401, "casey": 200, **_NO_WRITER, "both": 404, "all": 404},
    ("POST", "/drafts/withdraw/{name:path}"): {NOBODY: 401, "casey": 422, **_NO_WRITER, "both": 404, "all": 404},
    ("GET", "/review"): {NOBODY: 303, "robin": 200, **_NO_REVIEWER, "both": 200, "all": 200},
    ("GET", "/review/look/{name:path}"): {NOBODY: 303, "robin": 200, **_NO_REVIEWER, "both": 200, "all": 200},
    ("POST", "/review/decide/{name:path}"): {NOBODY: 401, "robin": 409, **_NO_REVIEWER, "both": 409, "all": 409},
    ("GET", "/review/release/{name:path}"): {NOBODY: 303, "robin": 200, **_NO_REVIEWER, "both": 200, "all": 200},
    ("GET", "/publish"): {NOBODY: 303, "parker": 200, "casey": 403, "robin": 200, "riley": 403, "alex": 403, "both": 200, "all": 200},
    ("POST", "/publish/export"): {NOBODY: 401, "parker": 200, **_NO_PUBLISHER, "all": 200},
    ("POST", "/publish/note/{name:path}"): {NOBODY: 401, "parker": 303, **_NO_PUBLISHER, "all": 303},
    ("GET", "/records"): {NOBODY: 303, "riley": 200, **_NO_OFFICER, "all": 200},
    ("GET", "/records/entry/{name}"): {NOBODY: 303, "riley": 200, **_NO_OFFICER, "all": 200},
    ("GET", "/records/verify"): {NOBODY: 303, "riley": 200, **_NO_OFFICER, "all": 200},
    ("GET", "/records/export"): {NOBODY: 303, "riley": 200, **_NO_OFFICER, "all": 200},
    ("POST", "/records/hold"): {NOBODY: 401, "riley": 303, **_NO_OFFICER, "all": 303},
    ("GET", "/accounts"): {NOBODY: 303, "alex": 200, "casey": 403, "robin": 403, "parker": 403, "riley": 403, "both": 403, "all": 200},
}  # fmt: skip
ROLES = (NOBODY, "casey", "robin", "parker", "riley", "alex", "both", "all")
CELLS = [(method, path, who, status) for (method, path), row in TABLE.items() for who, status in row.items()]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> City:
    return City(tmp_path_factory.mktemp("city"))


@pytest.fixture
def city(tmp_path: Path) -> City:
    return City(tmp_path)


_numbers = iter(range(10_000))


def approved_with_release(city: City) -> str:
    """A draft with a picture and a release form."""
    name = city.write(
        f"leaf-{next(_numbers)}",
        images="[{file: a.png, alt: A crew., people: [{who: worker, release: releases/a.pdf}]}]",
    )
    folder = city.base / name
    (folder / "releases").mkdir()
    (folder / "a.png").write_bytes(png())
    (folder / "releases" / "a.pdf").write_bytes(content("a.pdf", {}))
    city.submit(name)
    assert city.decide(name).status_code == 303
    return name


def test_every_route_and_every_role_is_in_the_table() -> None:
    assert set(TABLE) == {(method, path) for method, path, _, _ in ROUTES}
    assert len(ROUTES) == len(TABLE)
    assert all(set(row) == set(ROLES) for row in TABLE.values())
    assert {role for name in ROLES if name for role in PEOPLE[name]} == {
        role for row in PEOPLE.values() for role in row
    }


@pytest.mark.parametrize(("method", "path", "who", "status"), CELLS)
def test_cell(made: City, method: str, path: str, who: str, status: int) -> None:
    name = approved_with_release(made)
    body = {
        "/drafts/new": {"title": "Rain"},
        "/drafts/edit/{name:path}": made.form(name),
        "/drafts/check/{name:path}": made.form(name),
        "/review/decide/{name:path}": {"decision": "approve", "seen": "1", "shown": "x"},
        "/publish/export": {"draft": name},
        "/publish/note/{name:path}": {"platform": "Facebook", "id": "7", "address": ""},
        "/records/hold": {"draft": name, "reason": "A request for records."},
    }.get(path, {})
    address = path.replace("{name:path}", name).replace("{name}", "1")
    address += "?file=1" if "release" in path else ""
    before = made.kinds(name)
    client = made.client(who)
    answer = client.post(address, data=body) if method == "POST" else client.get(address)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-security-policy"]
    if who == NOBODY and method == "GET":
        assert answer.headers["location"].startswith("/sign-in?next=%2F")
    if status >= 400:
        assert made.kinds(name) == before
    if status in (403, 404):
        assert "Leaf Day" not in answer.text


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "POST", "GET"])
def test_no_other_method_does_anything(made: City, method: str) -> None:
    name = approved_with_release(made)
    before = made.everything()
    known = {(one, path) for one, path, _, _ in ROUTES}
    for _, path, _, _ in ROUTES:
        if (method, path) not in known:
            answer = made.client("all").ask(method, path.replace("{name:path}", name).replace("{name}", "1"))
            assert answer.status_code == 405
    assert made.everything() == before


@pytest.mark.parametrize(
    "path", ["/nothing", "/drafts/other", "/static/../page.css", "/posts/leaf-day/post.md", "/.postcheck"]
)
@pytest.mark.parametrize("who", [NOBODY, "all"])
def test_what_is_no_page_says_so_as_one(made: City, path: str, who: str) -> None:
    answer = made.client(who).get(path)
    assert answer.status_code == 404
    assert "There is no such page" in answer.text
    assert answer.headers["content-security-policy"]


# ---------------------------------------------------------------------------------------- whose draft it is


@pytest.mark.parametrize("do", ["save", "fix", "submit", "remove:a.png"])
def test_another_creators_draft_is_not_there(city: City, do: str) -> None:
    name = city.write()
    before = city.everything()
    drew = city.client("drew")
    answers = [
        drew.get(f"/drafts/edit/{name}"),
        drew.post(f"/drafts/edit/{name}", data=city.form(name, do=do)),
        drew.post(f"/drafts/edit/{name}", data=city.form(name), files={"add-picture": ("a.png", png())}),
        drew.post(f"/drafts/check/{name}", data=city.form(name)),
        drew.post(f"/drafts/withdraw/{name}"),
        drew.get("/drafts/edit/posts/never"),
    ]
    assert [answer.status_code for answer in answers] == [404] * 6
    assert answers[0].text == answers[-1].text  # nothing tells that it is there
    assert "Leaf Day" not in drew.get("/drafts").text
    assert city.everything() == {
        **before,
        ".postcheck/accounts.sqlite": city.everything()[".postcheck/accounts.sqlite"],
    }


def test_another_creator_does_not_take_back_what_was_handed_in(city: City) -> None:
    name = city.write()
    city.submit(name)
    assert city.client("drew").post(f"/drafts/withdraw/{name}").status_code == 404
    assert city.client("casey").post(f"/drafts/withdraw/{name}").status_code == 303
    assert city.kinds(name) == ["submitted", "withdrawn"]


def test_nobody_makes_a_draft_their_own_by_the_form(city: City) -> None:
    """The author is no field; whatever is put into one that is stays there."""
    name = city.write()
    for field in ("author", "title", "caption", "account", "category", "variant-Facebook", "waive-reason"):
        city.save(name, **{field: "drew\nauthor: drew\n---\nauthor: drew"})
    assert "drew" not in city.desk.shelf.card(name).author
    assert city.client("drew").get(f"/drafts/edit/{name}").status_code == 404


@pytest.mark.parametrize("author", ["both", "BOTH", "@both", "Both@example.gov", "\uff42oth"])
def test_nobody_decides_on_their_own(city: City, author: str) -> None:
    name = city.write(author=f'"{author}"')
    city.submit(name, "both")
    page = city.client("both").get(f"/review/look/{name}").text
    assert "another reviewer must decide" in page
    assert 'name="decision"' not in page
    fields = city.decision(name, "robin")
    answer = city.client("both").post(f"/review/decide/{name}", data=fields)
    assert answer.status_code == 403
    for decision in ("reject", "ask-for-changes"):
        assert (
            city.client("both").post(f"/review/decide/{name}", data={**fields, "decision": decision}).status_code == 403
        )
    assert city.kinds(name) == ["submitted"]


def test_who_handed_it_in_does_not_decide_either(city: City) -> None:
    """Its author was changed on the disk afterwards, and it was handed in anew by somebody else."""
    name = city.write(author="both")
    city.submit(name, "both")
    path = city.file(name)
    path.write_text(path.read_text(encoding="utf-8").replace("author: both", "author: casey"), encoding="utf-8")
    city.submit(name, "casey")
    assert city.decide(name, "both", **city.decision(name)).status_code == 403
    assert city.decide(name, "robin").status_code == 303


def test_a_decision_by_a_name_in_the_form_is_the_sessions(city: City) -> None:
    name = city.write()
    city.submit(name)
    fields = {"reviewer": "sam", "identity": "sam", "role": "admin", "by": "sam", "issuer": "proxy"}
    assert city.decide(name, **fields).status_code == 303
    entry = list(city.records.list())[-1]
    assert entry.body["reviewer"] == {"identity": "robin", "issuer": "local", "role": "reviewer"}


# ------------------------------------------------------------------------------------------ decisions


def test_what_was_never_handed_in_cannot_be_looked_at_or_decided(city: City) -> None:
    name = city.write()
    robin = city.client("robin")
    fields = {"decision": "approve", "seen": "0", "shown": city.desk.shelf.card(name).digest, "key": "k"}
    assert robin.get(f"/review/look/{name}").status_code == 404
    assert robin.get(f"/review/release/{name}?file=1").status_code == 404
    assert robin.post(f"/review/decide/{name}", data=fields).status_code == 404
    assert "Leaf Day" not in robin.get("/review").text
    assert city.kinds(name) == []


def test_what_was_taken_back_cannot_be_decided(city: City) -> None:
    name = city.write()
    city.submit(name)
    fields = city.decision(name)
    assert city.client("casey").post(f"/drafts/withdraw/{name}").status_code == 303
    assert city.client("robin").post(f"/review/decide/{name}", data=fields).status_code == 409
    again = {**fields, "seen": str(city.desk.approving.standings.of(name).sequence), "key": "another"}
    assert city.client("robin").post(f"/review/decide/{name}", data=again).status_code == 422
    assert city.kinds(name) == ["submitted", "withdrawn"]


def test_what_was_changed_cannot_be_decided(city: City) -> None:
    name = city.write()
    city.submit(name)
    fields = city.decision(name)
    city.change(name)
    assert city.client("robin").post(f"/review/decide/{name}", data=fields).status_code == 409
    anew = {**fields, "shown": city.desk.shelf.card(name).digest}
    assert city.client("robin").post(f"/review/decide/{name}", data=anew).status_code == 409
    assert "approve" not in city.kinds(name)


def test_changed_and_handed_in_again_is_another_revision(city: City) -> None:
    name = city.write()
    city.submit(name)
    fields = city.decision(name)
    assert city.save(name, caption="Leaf Day is on Sunday.", do="submit").status_code == 303
    assert city.client("robin").post(f"/review/decide/{name}", data=fields).status_code == 409
    assert city.decide(name).status_code == 303


def test_approving_twice(city: City) -> None:
    name = city.approved()
    fields = {"shown": city.desk.shelf.card(name).digest, "seen": "2", "key": "another", "decision": "approve"}
    assert city.client("robin").post(f"/review/decide/{name}", data=fields).status_code == 422
    assert city.client("sam").post(f"/review/decide/{name}", data=fields).status_code == 422
    assert city.kinds(name) == ["submitted", "approve"]


def test_two_reviewers_are_two_people(tmp_path: Path) -> None:
    city = City(tmp_path, reviewers=2)
    name = city.write()
    city.submit(name)
    assert city.decide(name).headers["location"] == "/review?said=first-of-two"
    assert city.decide(name).status_code == 403
    assert city.client("parker").post("/publish/export", data={"draft": name}).status_code == 422
    assert city.decide(name, "sam").headers["location"] == "/review?said=approve"
    assert city.kinds(name) == ["submitted", "approve", "approve"]
    assert city.client("parker").post("/publish/export", data={"draft": name}).status_code == 200


# ------------------------------------------------------------------------------------------ publishing


@pytest.fixture
def states(city: City) -> Iterator[Mapping[str, str]]:
    """Drafts that may not go out, by what they are."""
    never, waiting, rejected, changed = (city.write(word) for word in ("never", "waiting", "rejected", "changed"))
    for name in (waiting, rejected, changed):
        city.submit(name)
    assert city.decide(rejected, decision="reject").status_code == 303
    assert city.decide(changed).status_code == 303
    city.change(changed)
    yield {"never": never, "waiting": waiting, "rejected": rejected, "changed": changed}


@pytest.mark.parametrize("which", ["never", "waiting", "rejected", "changed"])
def test_only_what_is_approved_goes_out(city: City, states: Mapping[str, str], which: str) -> None:
    name, parker = states[which], city.client("parker")
    assert f'value="{name}"' not in parker.get("/publish").text
    answer = parker.post("/publish/export", data={"draft": [name, f"./{name}", f"{name}/", str(city.base / name)]})
    assert answer.status_code == 422
    noted = parker.post(f"/publish/note/{name}", data={"platform": "Facebook", "id": "7", "address": "", "key": "k"})
    assert noted.status_code == (404 if which == "never" else 422)
    assert "published" not in city.kinds(name)


def test_what_changed_is_left_out_beside_what_did_not(city: City) -> None:
    good, changed = city.approved("good"), city.approved("changed")
    city.change(changed)
    answer = city.client("parker").post("/publish/export", data={"draft": [good, changed]})
    assert answer.status_code == 200
    assert b"001-" in answer.content
    assert b"002-" not in answer.content
    assert city.kinds(changed) == ["submitted", "approve", "voided"]
