"""Somebody who means harm, before the whole application: requests that are forged or sent again, and hostile content."""

from __future__ import annotations

import io
import json
import re
import struct
import threading
import zipfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from postcheck.serving import app as serving_app
from postcheck.serving.app import ROUTES
from postcheck.serving.safety import ALWAYS
from tests.drafts import content
from tests.serving.desks import HOST, SAME, Browser, City, multipart, png, raw
from tests.serving.made import SECRET

OWN = f"http://{HOST}"
FORM = ("Content-Type", "multipart/form-data; boundary=b")
SCRIPT = '"><script>alert(1)</script>'
CREATORS = ("casey", "robin", "parker", "riley", "all")


@pytest.fixture
def city(tmp_path: Path) -> City:
    return City(tmp_path)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> City:
    return City(tmp_path_factory.mktemp("city"))


def harmless(city: City, answer: httpx.Response) -> None:
    """Whatever was asked, the answer tells nothing of the server and has the headers that browsers go by."""
    assert answer.status_code < 500
    assert "Traceback" not in answer.text
    assert str(city.base) not in answer.text
    assert "set-cookie" not in answer.headers
    for name, value in ALWAYS.items():
        assert answer.headers[name] == value
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")


def who_may(path: str) -> str:
    first = path.split("/")[1]
    return {"drafts": "casey", "review": "robin", "publish": "parker", "records": "riley", "accounts": "alex"}[first]


# ------------------------------------------------------------------------------------ from other sites

POSTS = [path for method, path, _, _ in ROUTES if method == "POST"] + ["/sign-in", "/sign-out"]
GETS = [path for method, path, _, _ in ROUTES if method == "GET"]
FORGED: Mapping[str, Sequence[tuple[str, str]]] = {
    "nothing": [],
    "cross-site": [("Sec-Fetch-Site", "cross-site")],
    "same-site": [("Sec-Fetch-Site", "same-site")],
    "none": [("Sec-Fetch-Site", "none")],
    "empty": [("Sec-Fetch-Site", "")],
    "twice": [("Sec-Fetch-Site", "same-origin"), ("Sec-Fetch-Site", "cross-site")],
    "cross-site, with our origin": [("Sec-Fetch-Site", "cross-site"), ("Origin", OWN)],
    "another origin": [("Origin", "http://evil.example")],
    "null": [("Origin", "null")],
    "another port": [("Origin", "http://127.0.0.1:1")],
    "another scheme": [("Origin", f"https://{HOST}")],
    "longer": [("Origin", f"{OWN}.evil.example")],
    "only a referrer": [("Referer", f"{OWN}/drafts")],
}


@pytest.mark.parametrize("how", FORGED)
def test_no_form_of_another_site_is_heard(made: City, how: str) -> None:
    name = made.approved(f"forged-{how.replace(' ', '-').replace(',', '')}")
    made.token("all")
    before = made.everything()
    for path in POSTS:
        answer = made.client("all", headers=FORGED[how]).post(
            path.replace("{name:path}", name), data={**made.form(name), "name": "casey", "password": SECRET}
        )
        assert answer.status_code == 403, path
        harmless(made, answer)
    assert made.everything() == before


def test_without_fetch_metadata_our_own_origin_is_enough(made: City) -> None:
    name = made.write("own-origin")
    answer = made.client("casey", headers=[("Origin", OWN)]).post(f"/drafts/edit/{name}", data=made.form(name))
    assert answer.status_code == 303


@pytest.mark.parametrize("mode", ["cors", "no-cors", "websocket", "navigate"])
def test_other_sites_read_nothing(made: City, mode: str) -> None:
    """A link may lead here; a picture, a script or a frame of another site gets nothing."""
    headers = [("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", mode), ("Sec-Fetch-Dest", "iframe")]
    for path in GETS:
        answer = made.client("all", headers=headers).get(path.replace("{name:path}", "x").replace("{name}", "1"))
        assert answer.status_code == 403


@pytest.mark.parametrize(
    ("hosts", "status"),
    [
        ([HOST], 303),
        (["evil.example"], 421),
        (["127.0.0.1"], 421),
        (["127.0.0.1:1"], 421),
        ([f"{HOST}.evil.example"], 421),
        ([f"evil.example@{HOST}"], 421),
        ([""], 421),
        ([HOST, "evil.example"], 400),
        ([HOST, HOST], 400),
        ([], 400),
    ],
)
def test_by_another_name_nobody_is_answered(made: City, hosts: list[str], status: int) -> None:
    cookie = ("cookie", f"postcheck={made.token('casey')}")
    answer = raw(made.app, "GET", "/", [*(("host", host) for host in hosts), cookie], host="")
    assert answer.status == status
    assert dict(answer.headers)["x-content-type-options"] == "nosniff"
    assert b"evil" not in answer.body


@pytest.mark.parametrize("header", ["X-Forwarded-Host", "X-Host", "Forwarded", "X-Original-URL", "X-Rewrite-URL"])
def test_no_other_header_says_where_we_are(made: City, header: str) -> None:
    answer = made.client("", headers=[*SAME, (header, "evil.example/accounts")]).get("/drafts")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=%2Fdrafts")
    answer = made.client("casey", headers=[*SAME, (header, "evil.example")]).get("/review/")
    assert "evil" not in answer.headers.get("location", "")


# ------------------------------------------------------------------------------------------ sent again


def test_the_same_decision_sent_again_is_one(city: City) -> None:
    name = city.write()
    city.submit(name)
    fields, robin = city.decision(name), city.client("robin")
    for _ in range(3):
        assert robin.post(f"/review/decide/{name}", data=fields).headers["location"] == "/review?said=approve"
    assert city.kinds(name) == ["submitted", "approve"]


@pytest.mark.parametrize("changed", [{"decision": "reject"}, {"shown": "sha256:0"}])
def test_the_same_key_with_something_else_is_refused(city: City, changed: dict[str, str]) -> None:
    name = city.write()
    city.submit(name)
    fields = city.decision(name)
    assert city.client("robin").post(f"/review/decide/{name}", data=fields).status_code == 303
    answer = city.client("robin").post(f"/review/decide/{name}", data={**fields, **changed})
    assert answer.status_code == 422
    harmless(city, answer)
    assert city.kinds(name) == ["submitted", "approve"]


def test_the_key_of_another_reviewer_or_draft_is_refused(city: City) -> None:
    one, other = city.write("one"), city.write("other")
    city.submit(one)
    city.submit(other)
    fields = city.decision(one)
    assert city.client("robin").post(f"/review/decide/{one}", data=fields).status_code == 303
    assert city.client("sam").post(f"/review/decide/{one}", data=fields).status_code == 422
    assert city.decide(other, key=fields["key"]).status_code == 422
    assert city.kinds(other) == ["submitted"]


def test_a_decision_from_before_is_not_one_of_now(city: City) -> None:
    """Sent back, handed in again with the very same content: what was shown before is not what is decided now."""
    name = city.write()
    city.submit(name)
    old = city.decision(name)
    assert city.decide(name, decision="ask-for-changes").status_code == 303
    city.submit(name)
    answer = city.client("robin").post(f"/review/decide/{name}", data=old)
    assert answer.status_code == 409
    assert city.kinds(name) == ["submitted", "ask-for-changes", "submitted"]


@pytest.mark.parametrize("seen", ["-1", "999", "9" * 30, "9" * 5000, "1.0", "x", "", "\u0661", "1e1"])
def test_what_was_seen_is_a_number_of_the_record(city: City, seen: str) -> None:
    name = city.write()
    city.submit(name)
    answer = city.decide(name, seen=seen) if seen != "\u0661" else city.decide(name, seen=seen, shown="x")
    assert answer.status_code in (409, 422)
    harmless(city, answer)
    assert city.kinds(name) == ["submitted"]


@pytest.mark.parametrize("decision", ["", "APPROVE", "approved", "approve\0", "publish", "voided"])
def test_there_are_three_decisions(city: City, decision: str) -> None:
    name = city.write()
    city.submit(name)
    assert city.decide(name, decision=decision).status_code == 422
    assert city.kinds(name) == ["submitted"]


def test_an_old_save_writes_over_nothing(city: City) -> None:
    name = city.write()
    old = city.form(name, caption="Old words.")
    city.change(name)
    before = city.file(name).read_bytes()
    for seen in (old["seen"], "", "x", "0" * 64):
        answer = city.client("casey").post(f"/drafts/edit/{name}", data={**old, "seen": seen})
        assert answer.status_code == 409
        assert "Old words." in answer.text
    assert city.file(name).read_bytes() == before


# ---------------------------------------------------------------------------------------- sessions

COOKIE = "postcheck"


def asks(city: City, *cookies: str) -> httpx.Response:
    return Browser(city.app, [*SAME, *(("Cookie", one) for one in cookies)], "127.0.0.1").get("/drafts")


def sign_in(city: City, name: str = "casey", cookie: str = "", **fields: str) -> httpx.Response:
    headers = [*SAME, *([("Cookie", cookie)] if cookie else [])]
    data = {"name": name, "password": SECRET, **fields}
    return Browser(city.app, headers, "127.0.0.1").post("/sign-in", data=data)


def test_a_forged_session_is_none(city: City) -> None:
    token = city.token("casey")
    assert asks(city, f"{COOKIE}={token}").status_code == 200
    forged = ["", "x", token[:-1], token + "x", token[::-1], token.swapcase(), f'"{token}"', f"{token}\0", "A" * 43]
    forged += ["' OR 1=1 --", "../" * 20, "x" * 100_000, token.encode().hex()]
    for value in forged:
        answer = asks(city, f"{COOKIE}={value}")
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=%2Fdrafts")
    for name in ("Postcheck", "postcheck ", "__Host-postcheck", "postcheck[]", "x; path=/; postcheck2"):
        assert asks(city, f"{name}={token}").status_code == (200 if name == "postcheck " else 303)


def test_two_session_cookies_are_refused(city: City) -> None:
    one, other = city.token("casey"), city.token("drew")
    for cookies in ([f"{COOKIE}={one}; {COOKIE}={other}"], [f"{COOKIE}={one}", f"{COOKIE}={other}"]):
        answer = asks(city, *cookies)
        assert answer.status_code == 400
        harmless(city, answer)


def test_a_session_ends_with_the_account_and_with_signing_out(city: City) -> None:
    casey, drew = city.client("casey"), city.client("drew")
    city.accounts.remove("casey")
    assert casey.get("/drafts").status_code == 303
    out = drew.post("/sign-out")
    assert "Max-Age=0" in out.headers["set-cookie"]
    assert drew.get("/drafts").status_code == 303
    robin = city.client("robin")
    city.accounts.set_roles("robin", list(city.accounts.list()[0].roles))
    assert robin.get("/review").status_code == 303


def test_the_session_after_signing_in_is_a_new_one(city: City) -> None:
    planted = city.token("drew")
    for cookie in (f"{COOKIE}={planted}", f"{COOKIE}=" + "A" * 43):
        answer = sign_in(city, cookie=cookie)
        given = re.match(rf"{COOKIE}=([^;]+); Path=/; HttpOnly; SameSite=Lax\Z", answer.headers["set-cookie"])
        assert given
        assert given[1] not in cookie
        assert asks(city, cookie).status_code == 303  # what was planted is nobody's


def test_a_sign_in_sent_again_is_another_session_and_not_the_old_one(city: City) -> None:
    first, second = sign_in(city), sign_in(city)
    assert first.headers["set-cookie"] != second.headers["set-cookie"]


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example", "https:evil",
        "javascript:alert(1)", "data:text/html,x", " //evil.example", "/\t/evil.example", "/\n/evil.example", "\t//evil",
        "/\r\nSet-Cookie: x=y", "/\0/evil", "evil.example", "@evil.example", ".evil.example", "?//evil", "#x", "/\u2028x",
        "\u2044\u2044evil.example", "/\x85/evil", "",
    ],
)  # fmt: skip
def test_after_signing_in_nobody_is_led_elsewhere(made: City, target: str) -> None:
    answer = sign_in(made, next=target)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    page = made.client("").get(f"/sign-in?next={quote(target)}").text
    assert 'name="next" value=""' in page


@pytest.mark.parametrize(
    "target", ["/%2F%2Fevil.example", "/%5Cevil.example", "/drafts//evil.example", "/.//evil", "/a:b"]
)
def test_a_path_that_only_looks_like_a_site_stays_a_path(made: City, target: str) -> None:
    location = sign_in(made, next=target).headers["location"]
    assert location.startswith("/")
    assert not location.startswith("//")
    assert httpx.URL(OWN).join(location).host == "127.0.0.1"


def test_what_is_carried_over_a_sign_in_goes_to_our_own_page_as_text(city: City) -> None:
    typed = {"carried-caption": SCRIPT, f"carried-{SCRIPT}": "x", "carried-do": "</textarea><script>alert(1)</script>"}
    for target in ("//evil.example/", "https://evil.example/", "javascript:alert(1)", '/x"><script>alert(1)</script>'):
        answer = sign_in(city, next=target, **typed)
        assert answer.status_code == 200
        assert "<script>alert" not in answer.text
        (action,) = re.findall(r'<form method="post" action="([^"]*)" enctype', answer.text)
        assert action == "" or action.startswith("/x&#34;&gt;")
        refused = sign_in(city, password="wrong but long enough", next=target, **typed)
        assert "<script>alert" not in refused.text
        assert "evil" not in refused.text


def test_a_stranger_who_posts_gets_the_own_words_back_and_nothing_else(city: City) -> None:
    name = city.write()
    before = city.everything()
    answer = city.client("").post(f"/drafts/edit/{name}", data={"caption": SCRIPT, SCRIPT: "x"})
    assert answer.status_code == 401
    assert "<script>alert" not in answer.text
    assert "Leaf Day" not in answer.text
    assert city.client("").post("/drafts/edit/never", data={"caption": SCRIPT, SCRIPT: "x"}).status_code == 401
    assert city.everything() == before


def test_of_a_strangers_upload_only_the_beginning_is_looked_at(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving_app, "_MOST_OF_A_STRANGER", 10_000)
    name = city.write()
    body = multipart([("caption", b"My words."), ("seen", b"x")], [("add-picture", b"a.png", b"x" * 1_000_000)])
    chunks = [body[at : at + 5_000] for at in range(0, len(body), 5_000)]
    answer = raw(city.app, "POST", f"/drafts/edit/{name}", [*SAME, FORM], chunks)
    assert answer.status == 401
    assert b"My words." in answer.body
    assert len(answer.body) < 10_000


def test_reading_changes_nothing(city: City) -> None:
    good, waiting = city.approved("good"), city.write("waiting")
    city.submit(waiting)
    city.write("fresh")
    for name in ("", *CREATORS, "alex"):
        city.client(name).get("/")  # sessions are open
    before = city.everything()
    for path in [*GETS, "/", "/sign-in", "/sign-out", "/static/page.css", "/static/page.js"]:
        for name in (good, waiting, "posts/fresh", "posts/never"):
            query = "?file=1&said=saved&do=remove:post.md&next=/&decision=approve&page=2&draft=" + name
            for method in ("GET", "HEAD"):
                for who in ("", *CREATORS, "alex"):
                    answer = city.client(who).ask(
                        method, path.replace("{name:path}", name).replace("{name}", "1") + query
                    )
                    harmless(city, answer)
    assert city.everything() == before


def test_the_one_thing_that_looking_notes_is_a_change_that_ends_an_approval(city: City) -> None:
    name = city.approved()
    city.change(name)
    for _ in range(3):
        city.client("parker").get("/publish")
    assert city.kinds(name) == ["submitted", "approve", "voided"]


# ----------------------------------------------------------------------------------------- a proxy's word


@pytest.fixture(scope="module")
def proxied(tmp_path_factory: pytest.TempPathFactory) -> City:
    return City(tmp_path_factory.mktemp("city"), proxy=True)


@pytest.mark.parametrize(
    ("headers", "address", "status"),
    [
        ([("X-Forwarded-User", "casey")], "127.0.0.1", 200),
        ([("X-Forwarded-User", "CASEY")], "::1", 200),
        ([("X-Forwarded-User", "casey")], "192.0.2.1", 403),
        ([("X-Forwarded-User", "casey"), ("X-Forwarded-For", "127.0.0.1")], "192.0.2.1", 403),
        ([("X-Forwarded-User", "casey"), ("X-Forwarded-User", "robin")], "127.0.0.1", 400),
        ([("X-Forwarded-User", "casey"), ("x-forwarded-user", "casey")], "127.0.0.1", 400),
        ([("X-Forwarded-User", "robin,casey")], "127.0.0.1", 400),
        ([("X-Forwarded-User", "casey"), ("X_Forwarded_User", "robin")], "127.0.0.1", 400),
        ([("X_Forwarded_User", "casey")], "127.0.0.1", 400),
        ([("X-Forwarded_User", "casey")], "127.0.0.1", 400),
        ([("X-Forwarded-User", "")], "127.0.0.1", 400),
        ([("X-Forwarded-User", "  ")], "127.0.0.1", 400),
        ([("X-Forwarded-User", "nobody-here")], "127.0.0.1", 403),
        ([("X-Forwarded-User", SCRIPT)], "127.0.0.1", 403),
        ([("X-Forwarded-User", "casey\xa0")], "127.0.0.1", 400),
        ([("X-Forwarded-User", "x" * 5000)], "127.0.0.1", 400),
        ([("X-Forwarded-User", "robin")], "127.0.0.1", 403),
        ([("X-Forwarded-User", "alex")], "127.0.0.1", 403),
        ([("X-Forwarded-Email", "casey")], "127.0.0.1", 200),
        ([("X-Forwarded-User", "robin"), ("X-Forwarded-Email", "casey")], "127.0.0.1", 403),
        ([("X-Remote-User", "casey"), ("Remote-User", "casey")], "127.0.0.1", 303),
        ([], "127.0.0.1", 303),
    ],
)
def test_the_proxys_word(proxied: City, headers: Sequence[tuple[str, str]], address: str, status: int) -> None:
    encoded: Any = [(name, value.encode("latin-1")) for name, value in [*SAME, *headers]]
    answer = Browser(proxied.app, encoded, address).get("/drafts")
    assert answer.status_code == status
    assert "<script>alert" not in answer.text
    harmless(proxied, answer)


def test_behind_a_proxy_no_session_and_no_password_counts(proxied: City) -> None:
    cookie = ("Cookie", f"postcheck={proxied.token('all')}")
    assert Browser(proxied.app, [*SAME, cookie], "127.0.0.1").get("/drafts").status_code == 303
    headers = [*SAME, cookie, ("X-Forwarded-User", "robin")]
    assert Browser(proxied.app, headers, "127.0.0.1").get("/drafts").status_code == 403
    answer = sign_in(proxied, "casey")
    assert answer.status_code == 401
    assert "set-cookie" not in answer.headers


def test_a_proxys_person_still_needs_our_own_origin(proxied: City) -> None:
    headers = [("X-Forwarded-User", "casey"), ("Sec-Fetch-Site", "cross-site")]
    assert Browser(proxied.app, headers, "127.0.0.1").post("/drafts/new", data={"title": "x"}).status_code == 403


@pytest.mark.parametrize("name", ["X-Forwarded-User", "X_Forwarded_User", "X-Forwarded-Email", "Remote-User"])
def test_without_a_proxy_its_word_counts_for_nothing(made: City, name: str) -> None:
    assert made.client("", headers=[*SAME, (name, "all")]).get("/drafts").status_code == 303
    assert made.client("robin", headers=[*SAME, (name, "casey")]).get("/drafts").status_code == 403


# ------------------------------------------------------------------------------------------------ content

HOSTILE: Mapping[str, str] = {
    "script": SCRIPT,
    "attribute": "' onmouseover=alert(1) x='",
    "template": "{{1337*31}}{% raw %}${1337*31}",
    "header": "a\r\nSet-Cookie: x=y\r\n\r\n<script>alert(1)</script>",
    "nul": "a\0b",
    "turned": "\u202egnp.exe\u2066",
    "no character": "\ufffe\uffff",
    "front matter": "---\nauthor: drew\nplatforms: [X]\n---\n",
    "yaml": "&a [*a, *a]: {!!python/object/apply:os.system [x]: |",
    "long": "x" * 400_000,
    "lines": "\x85\u2028\u2029\x0b\x0c",
    "path": "../../../etc/passwd",
    "time": "9999-12-31T23:59:00-12:00",
}
FIELDS = (
    "title", "caption", "account", "category", "publish_date", "publish_time", "platforms", "variant-Facebook", "seen",
    "do", "waive-check", "waive-reason", "image-0-file", "image-0-alt", "image-0-source", "image-0-credit",
    "image-0-people", "image-0-person-0-who", "image-0-person-0-minor", "image-0-person-0-release",
    "image-0-person-0-release_by", "waiver-0-check", "waiver-0-reason", "variant-", "unknown",
)  # fmt: skip
PEOPLE_TYPED = {
    "image-0-file": "a.png",
    "image-0-alt": "A crew.",
    "image-0-people": "listed",
    "image-0-person-0-who": "w",
}


@pytest.fixture(scope="module")
def pictured(tmp_path_factory: pytest.TempPathFactory) -> tuple[City, str, bytes]:
    """A server, a draft with a picture, and its file as it begins."""
    city = City(tmp_path_factory.mktemp("city"))
    name = city.write("pictured", images="[{file: a.png, alt: A crew., people: [{who: w}]}]", caption="Leaf Day.")
    (city.base / name / "a.png").write_bytes(png())
    return city, name, city.file(name).read_bytes()


def safe_page(city: City, answer: httpx.Response) -> None:
    """Nothing of what was typed is a part of the page."""
    harmless(city, answer)
    text = (
        json.dumps(answer.json()).replace('\\"', '"')
        if "json" in answer.headers.get("content-type", "")
        else answer.text
    )
    assert "<script>alert" not in text
    assert "' onmouseover=alert" not in text.replace("&#39;", "_")
    assert "41447" not in text


@pytest.mark.slow  # some hundred forms
@pytest.mark.parametrize("what", HOSTILE)
@pytest.mark.parametrize("field", FIELDS)
def test_every_field_takes_anything(pictured: tuple[City, str, bytes], field: str, what: str) -> None:
    city, name, begun = pictured
    casey = city.client("casey")
    typed = city.form(name, **{**PEOPLE_TYPED, field: HOSTILE[what]})
    safe_page(city, casey.post(f"/drafts/check/{name}", data=typed))
    answer = casey.post(f"/drafts/edit/{name}", data=typed)
    assert answer.status_code in (303, 409, 422)
    safe_page(city, answer)
    for path in ("/drafts", f"/drafts/edit/{name}"):
        shown = casey.get(path)
        assert shown.status_code == 200
        safe_page(city, shown)
    assert city.desk.shelf.card(name).author == "casey"
    assert {one.name for one in city.file(name).parent.iterdir()} == {"post.md", "a.png"}
    city.file(name).write_bytes(begun)


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_name_of_a_field_changes_nothing_else(pictured: tuple[City, str, bytes], what: str) -> None:
    city, name, begun = pictured
    for field in (f"variant-{HOSTILE[what]}", HOSTILE[what], f"image-{HOSTILE[what]}-file"):
        answer = city.save(name, **{field: "x"})
        safe_page(city, answer)
        assert city.client("casey").get(f"/drafts/edit/{name}").status_code == 200
        assert city.desk.shelf.card(name).author == "casey"
        city.file(name).write_bytes(begun)


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_title_of_a_new_draft(city: City, what: str) -> None:
    answer = city.client("casey").post("/drafts/new", data={"title": HOSTILE[what], "platforms": [HOSTILE[what]]})
    assert answer.status_code in (303, 422)
    safe_page(city, answer)
    assert {one.name for one in city.base.iterdir()} == {".postcheck", "posts"}
    if answer.status_code == 303:
        assert re.fullmatch(r"/drafts/edit/posts/[A-Za-z0-9_.%-]+\?said=begun", answer.headers["location"])
        safe_page(city, city.client("casey").get(answer.headers["location"]))


def test_what_is_handed_in_twice_is_handed_in_once(city: City) -> None:
    """As by a second click where no script runs: the second answer is that of the first."""
    name = city.write()
    form = {"seen": city.seen(name), "do": "submit"}
    answers = [city.client("casey").post(f"/drafts/edit/{name}", data=form) for _ in range(2)]
    assert [(one.status_code, one.headers["location"]) for one in answers] == [(303, "/drafts?said=submitted")] * 2
    assert city.kinds(name) == ["submitted"]


@pytest.mark.parametrize("what", HOSTILE)
def test_what_was_handed_in_is_shown_as_text(city: City, what: str) -> None:
    """To reviewers, publishers and records officers, with what they say of it."""
    name, words = city.write(), HOSTILE[what]
    for field in ("title", "caption", "account", "category"):
        city.save(name, **{field: words})
    city.client("casey").post(f"/drafts/edit/{name}", data={"seen": city.seen(name), "do": "submit"})
    if city.kinds(name) != ["submitted"]:
        return  # it was not taken
    robin = city.client("robin")
    safe_page(city, robin.get("/review"))
    safe_page(city, robin.get(f"/review/look/{name}"))
    safe_page(city, city.decide(name, decision="reject", comment="", **{"question-0": words, "answer-0": words}))
    answer = city.decide(name, comment=words)
    assert answer.status_code == 303
    safe_page(city, robin.get(f"/review/look/{name}"))
    parker, riley = city.client("parker"), city.client("riley")
    safe_page(city, parker.get("/publish"))
    noted = {"platform": words, "address": f"javascript:{words}", "id": words, "key": words}
    assert parker.post(f"/publish/note/{name}", data=noted).status_code in (303, 413, 422)
    assert riley.post("/records/hold", data={"draft": name, "reason": words}).status_code == (
        303 if words.strip() else 422
    )
    assert riley.post("/records/hold", data={"draft": words, "reason": "x"}).status_code == 422
    for path in ("/records", "/records/entry/1", "/records/entry/2", "/records/verify"):
        safe_page(city, riley.get(path))
    third = riley.get("/records/entry/3").text
    assert 'href="javascript:' not in third
    assert "<script>alert" not in third
    assert riley.get("/records/export").status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        multipart((f"f{at}", b"x") for at in range(5_000)),
        multipart([], [("add-picture", b"a.png", png())] * 100),
        multipart([("caption", b"x" * 2_100_000)])[:1_900_000],
        multipart([("x" * 100_000, b"x")]),
        b"", b"--b", b"garbage", b"--b\r\n\r\n\r\n--b--\r\n", b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--\r\n",
        b"--b\r\n" * 10_000,
    ],
    ids=["fields", "files", "long", "name", "empty", "begun", "none", "bare", "nameless", "parts"],
)  # fmt: skip
@pytest.mark.parametrize("who", ["casey", ""])
def test_a_form_that_is_none(made: City, body: bytes, who: str) -> None:
    name = "posts/formless"
    if not (made.base / name).is_dir():
        made.write("formless")
    before = made.file(name).read_bytes()
    for path in (f"/drafts/edit/{name}", "/drafts/new", "/sign-in"):
        answer = made.client(who).post(path, [FORM], content=body)
        assert answer.status_code in (400, 401, 409, 413, 422, 429), answer.text
        harmless(made, answer)
    assert made.file(name).read_bytes() == before
    assert [one.name for one in made.file(name).parent.iterdir()] == ["post.md"]


@pytest.mark.parametrize(
    "charset",
    [
        "unicode_escape",
        "raw_unicode_escape",
        "utf-7",
        "utf-16",
        "undefined",
        "idna",
        "punycode",
        "bz2",
        "x",
        '"utf-16"',
    ],
)
@pytest.mark.parametrize("who", ["casey", ""])
def test_half_characters_do_not_come_by_another_encoding(made: City, charset: str, who: str) -> None:
    kind = ("Content-Type", f"multipart/form-data; boundary=b; charset={charset}")
    fields = [("title", b"a\\ud800+2AA-"), ("name", b"a\\ud800"), ("password", b"\\ud800")]
    for path in ("/drafts/new", "/sign-in"):
        answer = made.client(who).post(path, [kind], content=multipart(fields))
        assert answer.status_code == 400
        harmless(made, answer)
    assert not list(made.root.glob("a*ud800*"))


def test_a_form_of_another_kind_is_an_empty_one(city: City) -> None:
    name = city.write()
    before = city.file(name).read_bytes()
    for kind in ("application/json", "text/plain", "multipart/mixed; boundary=b", "application/xml", ""):
        answer = city.client("casey").post(
            f"/drafts/edit/{name}", [("Content-Type", kind)], content=b'{"do": "submit"}'
        )
        assert answer.status_code == 409
    assert city.file(name).read_bytes() == before


def test_bodies_that_are_too_large(city: City) -> None:
    name = city.write()
    path, casey = f"/drafts/edit/{name}", [*SAME, ("Cookie", f"postcheck={city.token('casey')}")]
    begin = b'--b\r\nContent-Disposition: form-data; name="add-picture"; filename="a.png"\r\n\r\n'
    large = [begin, *[b"x" * 500_000] * 5]
    plain = ("Content-Type", "application/x-www-form-urlencoded")
    for address, headers in ((path, [FORM]), (path, [plain]), ("/drafts/new", [FORM]), ("/sign-in", [plain])):
        answer = raw(city.app, "POST", address, [*casey, *headers], large)  # in pieces, of which no length is told
        assert answer.status == 413
        lying = [*casey, *headers, ("Content-Length", "10")]
        assert raw(city.app, "POST", address, lying, large).status == 413
        assert raw(city.app, "POST", address, [*casey, *headers, ("Content-Length", "9" * 30)]).status == 413
        assert raw(city.app, "POST", address, [*casey, *headers, ("Content-Length", "-1")]).status == 400
    assert [one.name for one in city.file(name).parent.iterdir()] == ["post.md"]


# --------------------------------------------------------------------------------------------- names

NAMES = (
    "", ".", "..", "../", "../../etc/passwd", "/etc/passwd", "//evil.example", "posts/../posts/mine", "posts//mine",
    "posts/mine/", "posts/mine/.", "./posts/mine", "posts\\mine", "..\\..\\x", "posts/mine\0", "\0", "POSTS/MINE",
    "posts/mine/post.md", "posts", "posts/mine ", "posts/mine.", "%2e%2e%2f", "%252e%252e%252f", "posts%2fmine",
    "posts/mine\r\nSet-Cookie: x", "\ufffd\ufffe", ".postcheck", ".postcheck/records.sqlite", "C:/", "x" * 10_000,
    "posts/mine?x", "posts/mine#x", "posts/mine;x", "posts/*", "~", "$HOME", SCRIPT, "{{7*7}}", "file:///etc/passwd",
)  # fmt: skip


@pytest.fixture(scope="module")
def mine(tmp_path_factory: pytest.TempPathFactory) -> City:
    city = City(tmp_path_factory.mktemp("city"))
    city.approved("mine", author="casey")
    for who in CREATORS:
        city.token(who)
    return city


@pytest.mark.slow  # some hundred addresses
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("method", "path"), [(method, path) for method, path, _, _ in ROUTES if "{name" in path])
def test_a_name_is_no_path(mine: City, method: str, path: str, name: str) -> None:
    before = mine.everything()
    address = path.replace("{name:path}", name).replace("{name}", name)
    headers = [*SAME, ("Cookie", f"postcheck={mine.token(who_may(path))}")]
    answer = raw(mine.app, method, address, headers)
    assert answer.status in (404, 307), answer.body
    if answer.status == 307:  # with or without a stroke at its end, on this server
        assert dict(answer.headers)["location"].startswith(OWN + path.partition("{")[0][:-1])
    assert b"<script>alert" not in answer.body
    assert b"root:" not in answer.body
    assert mine.everything() == before


def test_a_stranger_with_a_hostile_address_is_led_to_the_sign_in(mine: City) -> None:
    for name in NAMES:
        answer = raw(mine.app, "GET", f"/drafts/edit/{name}", SAME)
        location = dict(answer.headers).get("location", "")
        assert answer.status in (303, 307, 404)
        assert location.startswith(("/sign-in?next=%2Fdrafts%2Fedit", f"{OWN}/drafts/edit")) or answer.status == 404
        assert location.isprintable()
        raw(mine.app, "POST", f"/drafts/edit/{name}", SAME)


@pytest.mark.parametrize(
    "name",
    ["../../x", "post.md", "post.yaml", "POST.MD", "/etc/passwd.png", "..\\x.png", "a\0.png", "releases/../../a.png", ".png",
     "", "other/post.md", "../other/b.png", "x" * 5000 + ".png", "releases", ".postcheck-upload-1.png"],
)  # fmt: skip
def test_only_files_of_the_draft_are_taken_out(city: City, name: str) -> None:
    mine, other = city.write("mine"), city.write("other", author="drew")
    (city.base / other / "b.png").write_bytes(png())
    before = {path: path.read_bytes() for path in city.root.rglob("*") if path.is_file()}
    answer = city.save(mine, do=f"remove:{name}")
    assert answer.status_code == 422
    harmless(city, answer)
    assert {path: path.read_bytes() for path in city.root.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    "number", ["0", "-1", "999999", "9" * 30, "9" * 5000, "\u0661", "1.0", "x", "1 OR 1=1", "\u00b2"]
)
def test_numbers_of_entries_and_pages(mine: City, number: str) -> None:
    riley = mine.client("riley")
    answer = riley.get(f"/records/entry/{quote(number)}")
    assert answer.status_code == 404
    harmless(mine, answer)
    assert riley.get(f"/records?page={quote(number)}").status_code == 200
    assert mine.client("robin").get(f"/review/release/posts/mine?file={quote(number)}").status_code == 404


# --------------------------------------------------------------------------------------------- files


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../../evil.png", "evil.png"), ("..\\..\\evil.png", "evil.png"), ("/etc/cron.d/evil", "evil.png"),
        ("post.md", "post.png"), ("post.yaml", "post.png"), ("index.md", "index.png"), (".htaccess", "htaccess.png"),
        ("a%0D%0ASet-Cookie: x.png", "a-0D-0ASet-Cookie-x.png"), ("CON.png", "_CON.png"), ("..", "file.png"),
        ("a\0.png", "a.png"), ("\u202egnp.exe", "gnp.png"), ("<script>alert(1)</script>.png", None), ("=cmd|x!A1.png", None),
        (".postcheck-save-1", "postcheck-save-1.png"), ("releases/../../post.md", "post.png"), ("{{7*7}}.png", "7-7.png"),
    ],
)  # fmt: skip
def test_an_upload_gets_a_name_of_ours(city: City, name: str, kept: str | None) -> None:
    draft = city.write()
    fields = [(key, value.encode()) for key, value in city.form(draft).items()]
    body = multipart(
        fields, [("add-picture", name.encode(), png()), ("add-release", name.encode(), content("a.pdf", {}))]
    )
    answer = city.client("casey").post(f"/drafts/edit/{draft}", [FORM], content=body)
    assert answer.status_code == 303
    folder = city.base / draft
    (picture,) = [one.name for one in folder.iterdir() if one.suffix == ".png"]
    assert kept in (None, picture)
    assert re.fullmatch(r"[\w.-]+\.png", picture)
    assert picture[0] not in ".-="
    assert {one.name for one in city.base.iterdir()} == {".postcheck", "posts"}
    assert {one.name for one in folder.iterdir()} == {"post.md", picture, "releases"}
    safe_page(city, city.client("casey").get(f"/drafts/edit/{draft}"))


def bomb(side: int) -> bytes:
    """A PNG of some hundred kilobytes with so many pixels in a row and in a column."""
    packed = zlib.compressobj(9)
    row = b"\0" * (1 + side)
    data = b"".join(packed.compress(row) for _ in range(side)) + packed.flush()
    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", data), (b"IEND", b""))
    made = (struct.pack(">I", len(of)) + kind + of + struct.pack(">I", zlib.crc32(kind + of)) for kind, of in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(made)


@pytest.mark.parametrize(
    ("what", "kind"),
    [
        ("html", "picture"), ("html", "release"), ("html", "captions"), ("svg", "picture"), ("svg", "release"),
        ("script", "picture"), ("zip", "picture"), ("zip", "release"), ("empty", "picture"), ("half", "picture"),
        ("promises", "picture"), ("bomb", "picture"), ("bomb", "release"), ("pdf", "picture"), ("png", "captions"),
        ("png", "video"), ("xhtml", "captions"), ("postscript", "picture"),
    ],
)  # fmt: skip
def test_an_upload_that_is_not_what_it_says(city: City, what: str, kind: str) -> None:
    files: Mapping[str, Callable[[], bytes]] = {
        "html": lambda: b"<!doctype html><script>alert(1)</script>",
        "svg": lambda: b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        "script": lambda: b"GIF89a/*" + b"\0" * 20 + b"*/=1;alert(1)",
        "zip": lambda: b"PK\x03\x04" + b"\0" * 100,
        "empty": lambda: b"",
        "half": lambda: png()[:60],
        "promises": lambda: content("a.png", {"render": {"header_only": [60_000, 60_000]}}),
        "bomb": lambda: bomb(12_000),
        "pdf": lambda: content("a.pdf", {}),
        "png": png,
        "xhtml": lambda: (
            b'<tt xmlns="http://www.w3.org/ns/ttml" xmlns:h="http://www.w3.org/1999/xhtml"><h:script/></tt>'
        ),
        "postscript": lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 1 1\n",
    }
    name = city.write()
    answer = city.client("casey").post(
        f"/drafts/edit/{name}", data=city.form(name), files={f"add-{kind}": ("a.png", files[what]())}
    )
    assert answer.status_code == 422
    harmless(city, answer)
    assert not [one for one in (city.base / name).rglob("*") if one.is_file() and one.name != "post.md"]


def test_a_release_is_never_a_page(city: City) -> None:
    """A file that is a form and a web page at once is kept by the browser, not shown."""
    name = city.write(images="[{file: a.png, alt: A crew., people: [{who: worker, release: releases/form.pdf}]}]")
    folder = city.base / name
    (folder / "releases").mkdir()
    (folder / "a.png").write_bytes(png())
    (folder / "releases" / "form.pdf").write_bytes(content("a.pdf", {}) + b"<script>alert(1)</script>")
    city.submit(name)
    answer = city.client("robin").get(f"/review/release/{name}?file=1")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"] == 'attachment; filename="form.pdf"'
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "typed",
    ["../../secret.pdf", "../other/b.pdf", "/etc/passwd", "releases/../../../secret.pdf", "link.pdf", "a\0.pdf"],
)
def test_a_release_lies_in_the_draft(city: City, typed: str) -> None:
    name = city.write(images="[{file: a.png, alt: A crew.}]", caption="Leaf Day.")
    city.write("other", author="drew")
    (city.base / name / "a.png").write_bytes(png())
    for path in (city.base / "secret.pdf", city.root / "other" / "b.pdf"):
        path.write_bytes(content("a.pdf", {}) + b"SECRET")
    if typed == "link.pdf":
        (city.base / name / typed).symlink_to(city.base / "secret.pdf")
    fields = {**PEOPLE_TYPED, "image-0-person-0-release": typed}
    for do in ("save", "submit"):
        answer = city.client("casey").post(f"/drafts/edit/{name}", data=city.form(name, **fields, do=do))
        harmless(city, answer)
    for number in range(3):
        answer = city.client("robin").get(f"/review/release/{name}?file={number}")
        assert answer.status_code == 404


def test_what_is_handed_over_cannot_be_a_formula(city: City) -> None:
    """The tables for Hootsuite are opened in programs that take `=` for a beginning of one."""
    name = city.approved(caption='=HYPERLINK("http://evil.example","x")', account='"=cmd|x"', platforms="[X]")
    answer = city.client("parker").post("/publish/export", data={"draft": name})
    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == 'attachment; filename="hand-off.zip"'
    with zipfile.ZipFile(io.BytesIO(answer.content)) as handed:
        assert all(re.fullmatch(r"hand-off/[\w./-]*", one) and ".." not in one for one in handed.namelist())
        tables = [handed.read(one).decode("utf-8-sig") for one in handed.namelist() if one.endswith(".csv")]
    cells = [cell for table in tables for cell in re.findall(r'(?:^|,)"?([^",\n]*)', table, flags=re.MULTILINE)]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@", "-", "\t"))]


def test_words_over_anothers_name_are_ones_own(city: City) -> None:
    """Whoever rewords a waiver signs it; what is left alone stays signed as it was."""
    reason = "The director has decided that this finding may stand in this one post."
    waiver = f"[{{check: alt-text/missing, reason: {reason}, by: A. Director}}]"
    name = city.write(waive=waiver)
    city.save(name, **{"waiver-0-check": "alt-text/missing", "waiver-0-reason": reason})
    assert "A. Director" in city.file(name).read_text(encoding="utf-8")
    city.save(
        name, **{"waiver-0-check": "alt-text/missing", "waiver-0-reason": reason + " And more.", "waiver-0-by": "robin"}
    )
    text = city.file(name).read_text(encoding="utf-8")
    assert "And more." in text
    assert "A. Director" not in text
    assert "by: casey" in text


# ---------------------------------------------------------------------------------------------- at once


def at_once(*calls: Callable[[], httpx.Response]) -> list[httpx.Response]:
    """All begin at the same moment, each in a thread of its own."""
    gate, answers = threading.Barrier(len(calls)), {}

    def run(at: int, call: Callable[[], httpx.Response]) -> None:
        gate.wait()
        answers[at] = call()

    threads = [threading.Thread(target=run, args=(at, call)) for at, call in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [answers[at] for at in range(len(calls))]


def poster(city: City, who: str, path: str, data: Mapping[str, Any]) -> Callable[[], httpx.Response]:
    client = city.client(who)
    return lambda: client.post(path, data=dict(data))


@pytest.mark.parametrize("other", ["approve", "reject"])
def test_of_two_decisions_at_once_there_is_one(city: City, other: str) -> None:
    for number in range(25):
        name = city.write(f"leaf-{number}")
        city.submit(name)
        one, two = city.decision(name, "robin"), city.decision(name, "sam", decision=other)
        path = f"/review/decide/{name}"
        answers = at_once(poster(city, "robin", path, one), poster(city, "sam", path, two))
        assert sorted(answer.status_code for answer in answers) == [303, 409]
        assert len(city.kinds(name)) == 2


def test_one_decision_sent_several_times_at_once_is_one(city: City) -> None:
    for number in range(5):
        name = city.write(f"leaf-{number}")
        city.submit(name)
        fields = city.decision(name)
        answers = at_once(*[poster(city, "robin", f"/review/decide/{name}", fields)] * 4)
        assert {answer.status_code for answer in answers} <= {303, 409}
        assert city.kinds(name) == ["submitted", "approve"]


def test_of_two_submits_at_once_there_is_one(city: City) -> None:
    for number in range(10):
        name = city.write(f"leaf-{number}")
        form = city.form(name, do="submit")
        assert city.save(name).status_code == 303
        form["seen"] = city.seen(name)
        answers = at_once(*[poster(city, "casey", f"/drafts/edit/{name}", form)] * 2)
        assert sorted(answer.status_code for answer in answers)[0] == 303
        assert all(answer.status_code in (303, 409, 422) for answer in answers)
        assert city.kinds(name) == ["submitted"]


def test_a_save_and_a_submit_at_once(city: City) -> None:
    """Whichever comes first: what is handed in is what lies there, or it counts as handed in no longer."""
    for number in range(10):
        name = city.write(f"leaf-{number}")
        assert city.save(name).status_code == 303
        path = f"/drafts/edit/{name}"
        save = poster(city, "casey", path, city.form(name, caption="Other words."))
        submit = poster(city, "casey", path, city.form(name, do="submit"))
        answers = at_once(save, submit)
        assert all(answer.status_code in (303, 409, 422) for answer in answers)
        city.desk.end_if_changed(name)
        standing = city.desk.approving.standings.of(name)
        now = city.desk.look(city.desk.shelf.card(name)).digest
        assert standing.stage.value == "writing" or standing.digest == now


def test_what_is_approved_is_what_was_shown(city: City) -> None:
    """While its author saves other words over it."""
    for number in range(15):
        name = city.write(f"leaf-{number}")
        city.submit(name)
        fields = city.decision(name)
        approve = poster(city, "robin", f"/review/decide/{name}", fields)
        save = poster(city, "casey", f"/drafts/edit/{name}", city.form(name, caption="Words that nobody has approved."))
        decided, saved = at_once(approve, save)
        assert saved.status_code == 303
        assert decided.status_code in (303, 409)
        approvals = [
            entry for entry in city.records.list() if entry.body.get("decision") and entry.body["draft"]["id"] == name
        ]
        for entry in approvals:
            assert entry.body["draft"]["digest"] == fields["shown"]
            assert "nobody has approved" not in json.dumps(entry.body)
        assert name not in city.client("parker").get("/publish").text
        assert city.client("parker").post("/publish/export", data={"draft": name}).status_code == 422
