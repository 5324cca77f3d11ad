"""Going about the pages of `postcheck serve` in a browser, with or without script, or by the keyboard alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

from tests.drafts import content
from tests.serving.server import Serving

_MOST_TABS = 150
"""Presses of Tab until something is reached, on the longest page."""
_FOCUS = """() => {
  const one = document.activeElement;
  if (!one || one === document.body || one === document.documentElement) return null;
  const style = getComputedStyle(one), box = one.getBoundingClientRect();
  const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  const x = box.left + Math.min(box.width / 2, 40);
  const seen = [box.top + 2, box.top + box.height / 2, box.bottom - 2].some((y) => {
    const hit = document.elementFromPoint(x, y);
    return hit && (one.contains(hit) || hit.contains(one) && !hit.closest(".sticky") || hit.contains(one) && one.closest(".sticky"));
  });
  return { what: one.outerHTML.slice(0, 120), ring, seen };
}"""
"""Of what has the focus: whether it shows, and whether anything of it is in view and covered by nothing."""


class Walking(Protocol):
    """How somebody uses a page. Everything is named by a Playwright locator."""

    def fill(self, field: Any, text: str) -> None: ...
    def check(self, choice: Any) -> None: ...
    def select(self, field: Any, words: str) -> None: ...
    def upload(self, field: Any, *files: Path) -> None: ...
    def press(self, thing: Any) -> None: ...


class Pointing:
    """With a pointer."""

    def fill(self, field: Any, text: str) -> None:
        field.fill(text)

    def check(self, choice: Any) -> None:
        choice.check()

    def select(self, field: Any, words: str) -> None:
        field.select_option(label=words)

    def upload(self, field: Any, *files: Path) -> None:
        field.set_input_files([str(path) for path in files])

    def press(self, thing: Any) -> None:
        thing.click()


class Typing:
    """With the keyboard alone. Every focus on the way must show, and must not be covered."""

    def __init__(self, page: Any) -> None:
        self._page = page
        # Chromium must know early that choosers of files are ours: a key that is quicker opens one that nobody sees.
        page.on("filechooser", lambda _: None)

    def reach(self, thing: Any) -> None:
        """By Tab, from wherever the focus is; past the end it begins anew, so that a trap is found."""
        for _ in range(_MOST_TABS):
            if thing.evaluate("one => one === document.activeElement || one.type === 'radio' &&"
                              " document.activeElement.type === 'radio' && document.activeElement.name === one.name"):  # fmt: skip
                return
            self._page.keyboard.press("Tab")
            found = self._page.evaluate(_FOCUS)
            assert found is None or (found["ring"] and found["seen"]), found
        raise AssertionError(f"Tab does not reach {thing}")

    def fill(self, field: Any, text: str) -> None:
        self.reach(field)
        if field.get_attribute("type") in ("date", "time"):
            self._type_time(field, text)
            return
        self._page.keyboard.press("Control+A")
        self._page.keyboard.insert_text(text)

    def _type_time(self, field: Any, text: str) -> None:
        """As an American browser asks for it: month, day, year; hour, minutes, morning or afternoon."""
        if "-" in text:
            year, month, day = text.split("-")
            self._page.keyboard.type(f"{month}{day}{year}")
        else:
            hour, minute = map(int, text.split(":"))
            self._page.keyboard.type(f"{hour % 12 or 12:02}{minute:02}{'PM' if hour >= 12 else 'AM'}")
        assert field.input_value() == text

    def check(self, choice: Any) -> None:
        self.reach(choice)
        self._page.keyboard.press("Space")
        for _ in range(5):
            if choice.is_checked():
                return
            self._page.keyboard.press("ArrowDown")
        assert choice.is_checked()

    def select(self, field: Any, words: str) -> None:
        self.reach(field)
        self._page.keyboard.type(words)
        assert field.evaluate("one => one.selectedOptions[0].label") == words

    def upload(self, field: Any, *files: Path) -> None:
        self.reach(field)
        with self._page.expect_file_chooser() as chooser:
            self._page.keyboard.press("Space")
        chooser.value.set_files([str(path) for path in files])

    def press(self, thing: Any) -> None:
        self.reach(thing)
        self._page.keyboard.press("Enter")


def open_page(browser: Any, *, script: bool = True, width: int = 1280, **options: Any) -> Any:
    """A page of a new person: with no cookie, and in English."""
    context = browser.new_context(
        viewport={"width": width, "height": 900}, java_script_enabled=script, locale="en-US", **options
    )
    context.set_default_timeout(90_000)
    return context.new_page()


def sign_in(page: Any, server: Serving, name: str, walking: Walking | None = None) -> Any:
    """On to the first page of that person, which is given back."""
    walking = walking or Pointing()
    page.goto(f"{server.address}/sign-in")
    walking.fill(page.get_by_label("Name"), name)
    walking.fill(page.get_by_label("Password"), server.passwords[name])
    walking.press(page.get_by_role("button", name="Sign in"))
    page.get_by_role("button", name="Sign out").wait_for()
    return page


def person(browser: Any, server: Serving, name: str, **options: Any) -> Any:
    return sign_in(open_page(browser, **options), server, name)


def looked_at(page: Any, walking: Walking | None = None) -> str:
    """What the form says of the check, once it is done: with script it comes by itself, else by saving again."""
    for _ in range(60):
        state = page.locator("#state").inner_text()
        if not any(words in state for words in ("Checking", "still being checked", "Saving")):
            return str(state)
        if walking:
            walking.press(page.get_by_role("button", name="Save and check"))
        else:
            page.wait_for_timeout(1000)
    raise AssertionError(state)


def recorded(server: Serving, name: str) -> list[str]:
    """The lines of the record on a draft."""
    told = server.run("records", "list")
    assert told.returncode == 0, told.stderr
    return [line for line in told.stdout.splitlines() if f"posts/{name}" in line]


def post(title: str, caption: str = "The Main Street library is open on Saturday.", **keys: str) -> str:
    """The post.md of a draft of casey's that nothing holds back."""
    told = {"title": title, "account": "example-library", "platforms": "[Facebook]", "author": "casey"}
    lines = "".join(f"{key}: {value}\n" for key, value in {**told, "category": "announcement", **keys}.items())
    return f"---\n{lines}---\n{caption}\n"


def uploads(folder: Path) -> dict[str, Path]:
    """Files that somebody uploads: what each is, and one that is not what its name says."""
    made = {
        "picture": ("Leaf crew.jpg", content("a.jpg", {"render": {"size": [1200, 900]}})),
        "video": ("leaves.mp4", content("a.mp4", {"render": {"seconds": 3, "size": [1280, 720]}})),
        "captions": ("leaves.vtt", b"WEBVTT\n\n00:00.000 --> 00:02.500\nA crew clears the leaves.\n"),
        "release": ("Release 12.pdf", content("a.pdf", {})),
        "page": ("picture.png", b"<!doctype html><script>document.title = 'run'</script>"),
    }
    folder.mkdir(parents=True, exist_ok=True)
    paths = {}
    for what, (name, data) in made.items():
        paths[what] = folder / name
        paths[what].write_bytes(data)
    return paths
