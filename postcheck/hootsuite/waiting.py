"""A message that waits for approval -> the folder of a draft, `DRAFTS/hootsuite/MESSAGE/`, that postcheck can check.

Beside post.md lies `.hootsuite.json`: what was fetched, so that a later change is seen on either side. Alt texts,
captions files and releases are written into the folder by people: Hootsuite tells none.
"""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from postcheck.analysis.measured import content_digest
from postcheck.config import Config
from postcheck.draft import Found, read_drafts
from postcheck.draft.keys import parse_time
from postcheck.errors import UsageError
from postcheck.hootsuite.client import Client, Message, Profile
from postcheck.hootsuite.media import CannotFetch, Resolve, addresses, fetch
from postcheck.hootsuite.store import Store
from postcheck.messages import say
from postcheck.model import Draft, UnreadableDraft
from postcheck.source import plain_line_ends

FOLDER = "hootsuite"
NOTE = ".hootsuite.json"
_SCHEMA = "postcheck-hootsuite/1"
PLATFORMS: Mapping[str, str] = {
    "FACEBOOK": "facebook",
    "FACEBOOKPAGE": "facebook",
    "INSTAGRAM": "instagram",
    "INSTAGRAMBUSINESS": "instagram",
    "LINKEDIN": "linkedin",
    "LINKEDINCOMPANY": "linkedin",
    "PINTEREST": "pinterest",
    "THREADS": "threads",
    "TIKTOKBUSINESS": "tiktok",
    "TWITTER": "x",
    "WHATSAPP": "whatsapp",
    "YOUTUBECHANNEL": "youtube",
}
"""Hootsuite's types of profiles."""
_PASSING = re.compile(r"\.(?:new|old)-(?P<message>.+)-[a-z0-9_]+")


@dataclass(frozen=True, slots=True)
class Origin:
    """What was fetched."""

    message: str
    sequence: int | None
    profile: str
    account: str
    platform: str
    caption: str
    send_at: str
    media: tuple[tuple[str, str], ...]
    """Each file's name and SHA-256."""
    missing: int
    """Files that could not be fetched: such a message is never approved."""
    digest: str
    """Of the message, as `Message.digest`."""
    fetched_at: str


@dataclass(slots=True)
class Fetched:
    """What came of it. Folders are drafts."""

    new: list[Path] = field(default_factory=list)
    changed: list[Path] = field(default_factory=list)
    """Written anew: an approval of what was there before holds no longer."""
    unchanged: list[Path] = field(default_factory=list)
    gone: list[Path] = field(default_factory=list)
    """Their messages wait no more. The folders are left as they are."""
    left: list[str] = field(default_factory=list)
    """What could not be fetched, for a person."""


def fetch_waiting(
    client: Client, store: Store, drafts: Path, config: Config, *, resolve: Resolve = addresses, media: Any = None
) -> Fetched:
    """Bring every message that waits for approval into `drafts`.

    `resolve` and `media` (a transport) take the place of the network, for tests.

    Raises:
        PostcheckError: nobody is signed in, Hootsuite does not answer, a folder cannot be written.
    """
    with store.lock("fetch"):
        try:
            return _Fetching(client, drafts / FOLDER, config, resolve, media).run()
        except OSError as error:
            raise UsageError(f"{error.filename or drafts}: cannot be written: {error.strerror}.") from None


def origin_of(folder: Path) -> Origin | None:
    """What the draft in `folder` was fetched from; None where it is from no message.

    Raises:
        UsageError: its note is damaged.
    """
    path = folder / NOTE
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if data.pop("schema") != _SCHEMA:
            raise ValueError
        data["media"] = tuple((str(name), str(sha256)) for name, sha256 in data["media"])
        return Origin(**data)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        raise UsageError(f"{path}: is damaged. Delete the folder and fetch again.") from None


def folders(drafts: Path) -> list[Path]:
    """The drafts that were fetched."""
    found = drafts / FOLDER
    return sorted(path.parent for path in found.glob(f"*/{NOTE}")) if found.is_dir() else []


def differs(folder: Path, origin: Origin, config: Config) -> str:
    """How the draft in `folder` is not what was fetched, and so not what would be published; "" where it is.

    What Hootsuite does not know (alt texts, people, releases, captions files) may be added.
    """
    if origin.missing:
        return say("Not all of its pictures and videos could be fetched.")
    (draft,) = read_drafts([Found("folder", folder, folder.as_posix())], config)
    if isinstance(draft, UnreadableDraft):
        return say("Its draft cannot be read: postcheck check tells why.")
    if any(_plain(text.value) != _plain(origin.caption) for text in draft.posts()):
        return say("The text in its folder is not the text of the message.")
    if [text.value for text in draft.platforms] != [origin.platform]:
        return say("The platform in its folder is not that of the message.")
    if (draft.account.value if draft.account else "") != origin.account:
        return say("The account in its folder is not that of the message.")
    when = draft.publish_at.when if draft.publish_at else None
    if when != (parse_time(origin.send_at, "") if origin.send_at else None):
        return say("The time in its folder is not that of the message.")
    if _files(draft) != sorted(sha256 for _, sha256 in origin.media):
        return say("The pictures and videos in its folder are not those of the message.")
    return ""


def _files(draft: Draft) -> list[str]:
    return sorted(content_digest(item.asset.path) for item in draft.media())


def _plain(text: str) -> str:
    """As a draft's caption is read."""
    return plain_line_ends(text.strip())


class _Fetching:
    def __init__(self, client: Client, folder: Path, config: Config, resolve: Resolve, transport: Any) -> None:
        self.client, self.folder, self.config = client, folder, config
        self.resolve, self.transport = resolve, transport
        self.fetched = Fetched()
        self.authors: dict[str, str] = {}

    def run(self) -> Fetched:
        messages = list(self.client.waiting())
        profiles = self.client.profiles() if messages else {}
        self.folder.mkdir(parents=True, exist_ok=True)
        self._clear_up()
        for message in messages:
            self._bring(message, profiles.get(message.profile) or Profile(message.profile, "", ""))
        waiting = {message.id for message in messages}
        self.fetched.gone += [path for path in folders(self.folder.parent) if path.name not in waiting]
        return self.fetched

    def _clear_up(self) -> None:
        """After a crash: what was half made goes, and what was being replaced comes back."""
        for path in sorted(self.folder.glob(".*-*")):
            found = _PASSING.fullmatch(path.name)
            if found is None:
                continue
            place = self.folder / found["message"]
            if path.name.startswith(".old-") and not place.exists():
                path.rename(place)
            else:
                shutil.rmtree(path)

    def _bring(self, message: Message, profile: Profile) -> None:
        place = self.folder / message.id
        before = origin_of(place) if place.is_dir() else None
        if place.exists() and before is None:
            self.fetched.left.append(
                say("{folder} is there and is from no message: it was left alone.", folder=place.as_posix())
            )
            return
        if before and before.digest == message.digest and not before.missing:
            if before.sequence != message.sequence:  # somebody else has decided, of the same content
                _write_note(place, replace(before, sequence=message.sequence))
            self.fetched.unchanged.append(place)
            return
        made = Path(tempfile.mkdtemp(prefix=f".new-{message.id}-", dir=self.folder))
        made.chmod(0o755)
        origin = self._written(made, message, profile)
        if before and before.digest == message.digest and origin.missing == before.missing:
            shutil.rmtree(made)  # it still cannot be fetched whole
            self.fetched.unchanged.append(place)
            return
        if before:
            old = Path(tempfile.mkdtemp(prefix=f".old-{message.id}-", dir=self.folder))
            old.rmdir()
            place.rename(old)
            made.rename(place)
            shutil.rmtree(old)
            self.fetched.changed.append(place)
        else:
            made.rename(place)
            self.fetched.new.append(place)

    def _written(self, folder: Path, message: Message, profile: Profile) -> Origin:
        media, missing = self._media(folder, message)
        platform = PLATFORMS.get(profile.type, profile.type.lower()) or "unknown"
        account = self.config.hootsuite.profiles.get(message.profile) or profile.name or _last(message.profile_url)
        account = account or f"hootsuite-{message.profile or 'unknown'}"
        origin = Origin(
            message=message.id,
            sequence=message.sequence,
            profile=message.profile,
            account=account,
            platform=platform,
            caption=message.text,
            send_at=message.send_at,
            media=tuple(media),
            missing=len(missing),
            digest=message.digest,
            fetched_at=datetime.fromtimestamp(self.client.access.clock.now(), UTC).isoformat(timespec="seconds"),
        )
        _write_post(folder, origin, self._author(message.created_by), [name for name, _ in media] + missing)
        _write_note(folder, origin)
        return origin

    def _author(self, member: str) -> str:
        if member and member not in self.authors:
            self.authors[member] = self.client.member_name(member)
        return self.authors.get(member, "")

    def _media(self, folder: Path, message: Message) -> tuple[list[tuple[str, str]], list[str]]:
        """The files that were fetched, each content once; and names for those that were not."""
        found: list[tuple[str, str]] = []
        missing: list[str] = []
        wanted = [(media_id, "") for media_id in message.media] + [("", url) for url in message.media_urls]
        for number, (media_id, url) in enumerate(wanted, 1):
            try:
                address = url or self.client.media_url(media_id)
                if not address:
                    raise CannotFetch("Hootsuite is not done with it")
                one = fetch(
                    address,
                    folder,
                    str(number),
                    resolve=self.resolve,
                    transport=self.transport,
                    clock=self.client.access.clock,
                )
            except CannotFetch as error:
                missing.append(f"{number}-not-fetched.jpg")
                self.fetched.left.append(
                    say(
                        "Message {message}: its file {number} was not fetched: {reason}.",
                        message=message.id,
                        number=number,
                        reason=str(error),
                    )
                )
                continue
            if any(sha256 == one.sha256 for _, sha256 in found):
                (folder / one.name).unlink()
            else:
                found.append((one.name, one.sha256))
        return found, missing


def _last(address: str) -> str:
    """The last part of a profile's address, such as the name of an account on X."""
    try:
        return urlsplit(address).path.rstrip("/").rpartition("/")[2]
    except ValueError:
        return ""


def _write_post(folder: Path, origin: Origin, author: str, files: list[str]) -> None:
    """A file that was not fetched is named all the same: so the draft cannot be read, and is held back."""
    import yaml

    keys: dict[str, Any] = {"account": origin.account, "platforms": [origin.platform]}
    if author:
        keys["author"] = author
    keys["tools"] = ["Hootsuite"]
    if origin.send_at:
        keys["publish_at"] = origin.send_at
    for name, kinds in (("images", False), ("videos", True)):
        listed = [{"file": file} for file in files if file.endswith(".mp4") is kinds]
        if listed:
            keys[name] = listed
    written = yaml.safe_dump(keys, allow_unicode=True, sort_keys=False, width=1_000_000)
    text = f"---\n{written}---\n{_plain(origin.caption)}\n"
    (folder / "post.md").write_bytes(text.encode("utf-8", "surrogatepass"))  # half a character: reading it will say so


def _write_note(folder: Path, origin: Origin) -> None:
    """In one step."""
    text = json.dumps({"schema": _SCHEMA, **asdict(origin)}, indent=1) + "\n"
    path = folder / f"{NOTE}.new"
    path.write_text(text, encoding="utf-8", newline="\n")
    path.replace(folder / NOTE)
