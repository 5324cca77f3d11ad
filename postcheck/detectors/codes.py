"""QR codes in pictures: does the post tell what they hold to those who cannot scan them?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

from postcheck.analysis.codes import HIDDEN, Code, codes
from postcheck.detectors.alt_text import alt_of
from postcheck.detectors.limits import platform_named, post_for
from postcheck.detectors.pictures import each, place_in
from postcheck.model import PASSED, Context, Draft, Image, Observation, Options, Outcome
from postcheck.source import Text

_MOST_SHOWN = 120
"""Characters of what a code holds."""


def alone(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    """Options: `shorteners`, sites that shorten addresses or that codes are made with; `tracking`, shell patterns for
    the names in an address that only count visitors."""
    posts = _posts(draft, context)

    def judge(image: Image, found: tuple[Code, ...]) -> Iterator[Observation]:
        alt = alt_of(image)
        for code in found:
            place, data = place_in(image, code.box), {"file": image.asset.name}
            if not code.holds:
                yield Observation(Outcome.CANT_TELL, place, data, "cantTell-unread")
                continue
            in_alt = _verdict(code.holds, alt.value, options) if alt else "failed"
            verdicts = [(text, _verdict(code.holds, text.value, options)) for text in posts]
            lacking = [(text, verdict) for text, verdict in verdicts if verdict != _TOLD]
            if in_alt == _TOLD or not lacking:
                yield PASSED
                continue
            # What an alt text may mean is asked where a post says nothing at all.
            kinds = sorted({in_alt if verdict == "failed" else verdict for _, verdict in lacking})
            message = "failed" if "failed" in kinds else kinds[0]
            where = " and ".join(_name(text) for text, _ in lacking)
            data |= {"holds": _shown(code.holds), "where": where}
            yield Observation(Outcome(message.partition("-")[0]), place, data, message)

    return each(draft, codes, judge)


def _posts(draft: Draft, context: Context) -> list[Text]:
    """What will stand on the platforms, each text once."""
    chosen: list[Text] = []
    for name in draft.platforms:
        platform = platform_named(name.value, context)
        chosen.append(post_for(draft, platform, context) if platform else draft.caption)
    return list({text.field: text for text in chosen or draft.posts()}.values())


def _name(text: Text) -> str:
    return text.field.replace("variants.", "the variant for ") if "variants." in text.field else "the caption"


def _shown(holds: str) -> str:
    line = " ".join(holds.split())
    return line if len(line) <= _MOST_SHOWN else f"{line[:_MOST_SHOWN]}…"


_TOLD = ""
_SCHEME = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]*):(?=\S)", re.IGNORECASE)


def _verdict(holds: str, text: str, options: Options) -> str:
    """_TOLD, or the message of the check that says how `text` falls short of what the code holds."""
    if _ADDRESS.fullmatch(holds):
        return _address_verdict(holds, text, options)
    scheme = _SCHEME.match(holds)
    kind = scheme["scheme"].lower() if scheme else ""
    rest = holds[scheme.end() :] if scheme else ""
    if kind == "wifi":
        return _wifi_verdict(rest, text)
    if kind in ("tel", "sms", "smsto"):
        number, _, body = rest.partition(":")
        return _TOLD if _tells_number(number.partition("?")[0], text) and _tells_words(body, text) else "failed"
    if kind in ("mailto", "matmsg"):
        email = _EMAIL.search(unquote(rest))
        return _TOLD if email and email[0].lower() in text.lower() else "failed"
    if _tells_words(holds, text):
        return _TOLD
    return "cantTell-other" if kind else "failed"


_ADDRESS = re.compile(
    r"(?<![\w@.-])(?:https?://)?(?:[\w-]{1,63}\.){1,8}[a-z]{2,24}\.?(?::\d{1,5})?(?:[/?#][^\s<>\"“”]*)?(?![\w@-])",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w.-]{1,255}\w")


class _Page(NamedTuple):
    host: str
    path: str
    query: tuple[tuple[str, str], ...]


def _page(address: str, options: Options) -> _Page | None:
    """What two ways to write one address have in common; None where it is none."""
    try:
        parts = urlsplit(address if "://" in address else f"https://{address}")
        host = (parts.hostname or "").rstrip(".").removeprefix("www.")
    except ValueError:
        return None
    counting = options["tracking"]
    query = sorted(
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if not any(fnmatchcase(name.lower(), pattern) for pattern in counting)
    )
    return _Page(host, unquote(parts.path).rstrip("/"), tuple(query))


def _pages(text: str, options: Options) -> list[_Page]:
    found = []
    for match in _ADDRESS.finditer(text):
        written = match[0].rstrip(".,;:!?'’*_…")
        if written.endswith(")") and "(" not in written:
            written = written.rstrip(").,;:!?")
        page = _page(written, options)
        if page:
            found.append(page)
    return found


def _address_verdict(address: str, text: str, options: Options) -> str:
    if not any(char.islower() for char in address):  # in capitals a code is smaller: they are no part of the address
        address, text = address.lower(), text.lower()
    target = _page(address, options)
    told = _pages(text, options)
    if target is None or not told:
        return "failed"
    if target in told:
        return _TOLD
    short = set(options["shorteners"])
    if target.host in short or any(page.host in short for page in told):
        return "cantTell-short"
    return "cantTell-same-site" if any(page.host == target.host for page in told) else "failed"


def _wifi_verdict(rest: str, text: str) -> str:
    """A network is told by its name; but its password, which is not looked at, stands in the picture for all."""
    name = re.search(r"(?:^|;)S:((?:\\.|[^;\\])*)", rest, re.IGNORECASE)
    if HIDDEN in rest:
        return "cantTell-wifi"
    return _TOLD if name and _tells_words(re.sub(r"\\(.)", r"\1", name[1]), text) else "failed"


def _tells_number(number: str, text: str) -> bool:
    digits = re.sub(r"\D", "", number)[:20]
    if len(digits) == 11 and digits.startswith("1"):
        digits = digits[1:]
    between = r"[\s().–-]*"
    return bool(digits) and bool(re.search(rf"(?<!\d)(?:1{between})?{between.join(digits)}(?!\d)", text))


def _tells_words(words: str, text: str) -> bool:
    """Does `text` have the same words in a row, however they are capitalized and pointed?"""
    wanted = _words(words)
    return wanted in _words(text) if wanted.strip() else words.strip() in text


def _words(text: str) -> str:
    return f" {' '.join(_WORD.findall(text.casefold()))} "


_WORD = re.compile(r"\w+")
