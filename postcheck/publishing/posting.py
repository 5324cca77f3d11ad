"""One draft on one platform: its files in a folder of their own, its row for Hootsuite, and what is left to do."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC
from pathlib import Path, PurePosixPath

from postcheck.analysis.captions import captions, rewritten
from postcheck.analysis.text import links
from postcheck.config import Config
from postcheck.detectors.caption_platforms import BY_HAND, LANGUAGE, SIZE, given_to, takes_captions
from postcheck.detectors.files import human_size
from postcheck.detectors.limits import platform_named, post_for
from postcheck.detectors.veil import Veil
from postcheck.engine import Plan
from postcheck.errors import CannotTest
from postcheck.messages import mark, moment, say
from postcheck.model import Asset, Draft, DraftReport, Image, Options, Outcome, Platform, Video
from postcheck.policy import zone
from postcheck.publishing import hootsuite
from postcheck.publishing.approved import answers, approvals
from postcheck.publishing.burned import burn
from postcheck.publishing.handoff import Handed, HandedAnswer, HandedPicture, HandedVideo, Posting
from postcheck.publishing.names import Names, safe_name, slug
from postcheck.publishing.pictures import fitted
from postcheck.reporters import words
from postcheck.review.standing import Standing

_CAPTIONS_CHECK = "captions/platform-format"
"""Its options say which country a language stands for in names of captions files."""
_AFTER_LINK = ".,;:!?…”’\"'"
"""What ends a sentence, and no address."""
_LACKS = {
    LANGUAGE: mark("{captions} does not say its language, which {platform} wants in the name: put it there."),
    SIZE: mark("{captions} is too large for {platform}: take out styles and comments, or part the video."),
    BY_HAND: mark("{captions} must be written in a format that {platform} takes: something would be lost."),
}
_BURNED = mark("{platform} takes no captions file, as far as is known: they are in the picture. Watch it first.")
_NOT_BURNED = mark(
    "{platform} takes no captions file, as far as is known. Make a copy with the captions in the picture, "
    "since postcheck made none: {reason}"
)


@dataclass(slots=True)
class Shared:
    """What all drafts of a run share."""

    stage: Path
    """The folder that is filled."""
    config: Config
    plan: Plan
    rows: dict[tuple[str, str], list[tuple[hootsuite.Row, OnPlatform]]] = field(default_factory=dict)
    """For Hootsuite, by account and the platform's title."""
    left: list[str] = field(default_factory=list)
    """What could not be done."""

    @property
    def caption_options(self) -> Options:
        planned = self.plan.by_id.get(_CAPTIONS_CHECK)
        return planned.options if planned else Options(self.plan.catalog.checks[_CAPTIONS_CHECK].options)


class Post:
    """One draft, its files written."""

    def __init__(
        self,
        shared: Shared,
        draft: Draft,
        veil: Veil,
        checked: DraftReport,
        number: int,
        standing: Standing | None = None,
    ) -> None:
        self.shared, self.draft, self.veil, self.checked, self.standing = shared, draft, veil, checked, standing
        last = self.checked.path.replace("\\", "/").rstrip("/").rpartition("/")[2]
        self.folder = f"posts/{number:03d}-{slug(last, 'post')}"
        self.cleaned = {
            finding.safe_cleaning.path.resolve() for finding in self.checked.findings() if finding.safe_cleaning
        }
        names = Names()
        self.places: list[OnPlatform] = []
        seen: set[str] = set()
        for text in draft.platforms:
            platform = platform_named(text.value, shared.plan.context) or Platform(text.value, text.value)
            if platform.id not in seen:
                seen.add(platform.id)
                self.places.append(OnPlatform(self, platform, names.take(slug(platform.id, "platform"))))

    def handed(self) -> Handed:
        given = self.answers
        questions = [
            finding.message
            for result, finding in words.unwaived(self.checked)
            if finding.outcome in (Outcome.CANT_TELL, Outcome.UNTESTED) and (result.check, finding.message) not in given
        ]
        there = zone(self.shared.config.timezone) or UTC
        return Handed(
            self.checked.path,
            tuple(one.posting() for one in self.places),
            tuple(dict.fromkeys(questions)),
            approvals(self.standing, there) if self.standing else (),
            tuple(answer for several in given.values() for answer in several),
        )

    @property
    def answers(self) -> dict[tuple[str, str], list[HandedAnswer]]:
        """Of those who approved it, by who asked and the question."""
        return answers(self.standing) if self.standing else {}


class OnPlatform:
    """One draft on one platform: its files in a folder of their own, and its row for Hootsuite."""

    def __init__(self, post: Post, platform: Platform, folder: str) -> None:
        self.post, self.platform = post, platform
        self.name = f"{post.folder}/{folder}"
        self.folder = post.shared.stage / self.name
        self.folder.mkdir(parents=True)
        self.names = Names()
        self.is_for_hootsuite = platform.id in hootsuite.PROFILES
        self.todo: list[str] = []
        self.table = ""
        self.zone = ""
        draft, shared = post.draft, post.shared
        self.text = post_for(draft, platform, shared.plan.context).value
        self.has_media = any(item.listed for item in draft.media())
        (self.folder / self.names.take("text.txt")).write_bytes(self.text.encode())
        self.account = draft.account.value if draft.account else ""
        self._schedule()
        for item in draft.media():
            if not item.listed:
                name = post.veil.over_path(item.asset.name)
                self._left(f"{self.name}/{name}", say("The draft does not list it, so it is not handed over."))
        self.pictures = tuple(self._picture(image) for image in draft.images if image.listed)
        self.videos = tuple(self._video(video) for video in draft.videos if video.listed)
        if self.has_media:
            self.todo.append(say("Add the pictures and videos in this order, from {folder}.", folder=self.name))
        if any(picture.alt for picture in self.pictures):
            self.todo.append(say("Paste each alt text: Hootsuite's file has no place for it."))

    def _schedule(self) -> None:
        draft, shared = self.post.draft, self.post.shared
        settings = shared.config.hootsuite
        self.zone = hootsuite.zone_name(self.account, settings, shared.config.timezone)
        if not self.is_for_hootsuite:
            reason = say("Hootsuite's file is not for {platform}.", platform=self.platform.title)
        elif not self.account:
            reason = say("The draft names no account.")
        else:
            made = hootsuite.row(
                self.text,
                draft.publish_at.when if draft.publish_at else None,
                now=shared.plan.context.now,
                timezone=self.zone,
                settings=settings,
                has_media=self.has_media,
            )
            if isinstance(made, hootsuite.Row):
                shared.rows.setdefault((self.account, self.platform.title), []).append((made, self))
                return
            reason = made
        self.todo.append(say("Schedule it by hand: {reason}", reason=reason))

    @property
    def when(self) -> str:
        at = self.post.draft.publish_at
        if at is None:
            return say("no time is told")
        if at.when.tzinfo is None:
            return say("{when}, in a time zone that is not known", when=moment(at.when))
        there = at.when.astimezone(zone(self.zone)) if self.zone else at.when
        return f"{moment(there)} ({self.zone or there.tzname()})"

    def posting(self) -> Posting:
        return Posting(
            platform=self.platform.title,
            account=self.account or say("no account"),
            when=self.when,
            text=self.text,
            text_file=f"{self.name}/text.txt",
            links=tuple(dict.fromkeys(match.group().rstrip(_AFTER_LINK) for match in links(self.text))),
            pictures=self.pictures,
            videos=self.videos,
            table=self.table,
            todo=tuple(dict.fromkeys(self.todo)) or (say("Nothing but to post it."),),
        )

    def _named(self, asset: Asset, suffix: str = "") -> str:
        name = PurePosixPath(self.post.veil.over_path(asset.name))
        return self.names.take(safe_name(str(PurePosixPath(name.name).with_suffix(suffix or name.suffix))))

    def _left(self, file: str, what: str) -> None:
        line = f"{file}: {what}"
        self.todo.append(line)
        self.post.shared.left.append(line)

    def _picture(self, image: Image) -> HandedPicture:
        is_cleaned = image.asset.path.resolve() in self.post.cleaned
        only = hootsuite.PICTURES if self.is_for_hootsuite else ()
        made = fitted(image.asset.path, self.platform, only, without_its_place=is_cleaned)
        is_jpeg = image.asset.path.suffix.lower() in (".jpg", ".jpeg", ".jpe", ".jfif")
        name = self._named(image.asset, "" if is_jpeg else made.suffix)
        (self.folder / name).write_bytes(made.content)
        file, alt_file = f"{self.name}/{name}", ""
        if image.alt and not image.decorative:
            alt = self.names.take(f"{PurePosixPath(name).stem}.alt.txt")
            (self.folder / alt).write_bytes(image.alt.value.encode())
            alt_file = f"{self.name}/{alt}"
        elif not image.decorative:
            self._left(file, say("It has no alt text."))
        for what in made.left:
            self._left(file, what)
        alt_text = image.alt.value if image.alt else None
        return HandedPicture(file, alt_text, alt_file, image.decorative, made.changes)

    def _video(self, video: Video) -> HandedVideo:
        file = self._copied(video.asset)
        for what in self._unfit(video.asset.path):
            self._left(file, what)
        takes = takes_captions(self.platform)
        if not video.captions:
            return HandedVideo(file, ())
        if takes is None:
            self._left(file, say("Find out which captions file {platform} takes.", platform=self.platform.title))
            return HandedVideo(file, tuple(self._copied(asset) for asset in video.captions))
        try:
            return HandedVideo(file, tuple(self._captions(video, file))) if takes else self._burned(video, file)
        except CannotTest as reason:
            self._left(file, self.post.veil.over_path(str(reason)))
            return HandedVideo(file, ())

    def _unfit(self, path: Path) -> Iterator[str]:
        """Why the platform may refuse the video: it is handed over as it is."""
        suffix, size = path.suffix.lower(), path.stat().st_size
        wanted = [limit.formats for limit in self.platform.limits if limit.what == "video-formats"]
        endings = {f".{ending}" for ending in wanted[0]} if wanted else {suffix}
        if self.is_for_hootsuite:
            endings &= set(hootsuite.VIDEOS)
        if suffix not in endings:
            yield say("Save the video as MP4: it is handed over as it is.")
        for limit in self.platform.limits:
            if limit.what == "video-bytes" and size > limit.most:
                most = human_size(limit.most)
                yield say("Make the video smaller: {platform} takes {size}.", platform=self.platform.title, size=most)

    def _captions(self, video: Video, file: str) -> Iterator[str]:
        shared, platform = self.post.shared, self.platform.title
        for given in given_to(self.platform, self.post.draft, video, shared.caption_options, shared.plan.context):
            listed = self.post.veil.over_path(given.asset.name)
            if given.lack:
                self._left(file, say(_LACKS[given.lack], captions=listed, platform=platform))
                continue
            name = self.names.take(safe_name(self.post.veil.over_path(given.name)))
            content = given.asset.path.read_bytes() if given.text is None else given.text.encode()
            (self.folder / name).write_bytes(content)
            yield f"{self.name}/{name}"

    def _burned(self, video: Video, file: str) -> HandedVideo:
        """A copy with the captions in its picture in place of the video; where none can be made, a person is told."""
        platform, reason, text = self.platform.title, "", None
        if len(video.captions) > 1:
            reason = say("There are several captions files.")
        else:
            read = captions(video.captions[0], {})
            text = rewritten(read, "srt")
            reason = "" if text else say("The captions cannot be put there without loss.")
        if text is not None and not reason:
            name = self.names.take(f"{PurePosixPath(file).stem}-captioned.mp4")
            reason = burn(video.asset.path, text, read, self.folder / name)
            if not reason:
                (self.post.shared.stage / file).unlink()
                return HandedVideo(f"{self.name}/{name}", (), (say(_BURNED, platform=platform),))
        self._left(file, say(_NOT_BURNED, platform=platform, reason=reason))
        return HandedVideo(file, ())

    def _copied(self, asset: Asset) -> str:
        name = f"{self.name}/{self._named(asset)}"
        shutil.copyfile(asset.path, self.post.shared.stage / name)
        return name
