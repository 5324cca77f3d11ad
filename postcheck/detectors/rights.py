"""Whose a picture or a video is, and by what leave the city shows it: what the draft declares, what the file says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from postcheck.analysis.captions import cues
from postcheck.analysis.image import image_facts
from postcheck.detectors.alt_text import searchable
from postcheck.detectors.patterns import expressions
from postcheck.model import PASSED, Context, Draft, Image, Observation, Options, Outcome, Video
from postcheck.source import Text

_TOLD_IN_FILE = ("credit", "rights", "creator", "usage_terms")


def _word(text: Text | None) -> str:
    return text.value.strip() if text else ""


def source_undeclared(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    """Once in a draft: whoever forgets it of one picture mostly forgets it of all."""
    if any(todo.field == "source" for todo in draft.todos):
        return  # governance/left-to-do speaks of it
    silent = [item for item in draft.media() if not _word(item.source)]
    if len(silent) < len(draft.media()):
        yield PASSED
    if silent:
        data = {"file": silent[0].asset.name, "files": _listed([item.asset.name for item in silent])}
        yield Observation(Outcome.FAILED, silent[0].place, data, "failed-several" if len(silent) > 1 else "")


_MOST_NAMED = 5


def _listed(names: Sequence[str]) -> str:
    """`a.jpg, b.jpg and c.jpg`; of many the first ones, and how many there are besides."""
    shown = list(names[:_MOST_NAMED])
    rest = len(names) - len(shown)
    last = f"{rest} more" if rest else shown.pop()
    return f"{', '.join(shown)} and {last}" if shown else last


def without_permission(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    """Option `sources`: words of the draft for what is another's."""
    for item in draft.media():
        if item.source is None or _word(item.source) not in options["sources"]:
            continue
        if item.permission or _word(item.license):
            yield PASSED
        else:
            yield Observation(Outcome.FAILED, item.source.whole(), {"file": item.asset.name})


def credit_missing(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    """Option `sources`, as above."""
    for item in draft.media():
        if item.source is None or _word(item.source) not in options["sources"]:
            continue
        if _word(item.credit):
            yield PASSED
        else:
            told = _in_file(item).get("credit", "") or _in_file(item).get("creator", "")
            data = {"file": item.asset.name, "told": told}
            yield Observation(Outcome.FAILED, item.source.whole(), data, "failed-told" if told else "")


def stock_license(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    """Options: `agencies`, expressions for who sells or gives away pictures; `file_names`, for how they name them."""
    for item in draft.media():
        credit = next((one for text in [_word(item.credit)] if (one := _agency(text, options))), "")
        told = next((one for text in _in_file(item).values() if (one := _agency(text, options))), "")
        name = PurePosixPath(item.asset.name).name
        named = next((match[0] for one in expressions(options, "file_names") if (match := one.search(name))), "")
        found = credit or told or named
        if not found:
            continue
        data = {"file": item.asset.name, "found": found}
        if _word(item.license) or item.permission:
            yield PASSED
        elif credit and item.credit:
            yield Observation(Outcome.FAILED, item.credit.whole(), data)
        else:
            yield Observation(Outcome.CANT_TELL, item.place, data, "" if told else "cantTell-name")


def _in_file(item: Image | Video) -> dict[str, str]:
    if isinstance(item, Video):
        return {}
    facts = image_facts(item.asset.path).metadata
    return {key: facts[key] for key in _TOLD_IN_FILE if key in facts}


def _agency(text: str, options: Options) -> str:
    return next((match[0] for one in expressions(options, "agencies") if (match := one.search(text))), "")


def logo_of_others(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    """Options: `cant_tell`, `unless`: expressions for an alt text."""
    for image, alt in searchable(draft):
        fine = [match.span() for one in expressions(options, "unless") for match in one.finditer(alt.value)]
        hits = (match for one in expressions(options, "cant_tell") for match in one.finditer(alt.value))
        spans = (match.span("hit") if "hit" in match.re.groupindex else match.span() for match in hits)
        span = next((span for span in spans if not any(a <= span[0] and span[1] <= b for a, b in fine)), None)
        if span is None:
            yield PASSED
        else:
            data = {"file": image.asset.name, "found": alt.value[slice(*span)]}
            yield Observation(Outcome.CANT_TELL, alt.at(*span), data)


def music(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    """What the draft declares; else what the captions tell, by the expressions of `cant_tell`. Whether there is music
    that nobody tells of is not known here."""
    for video in draft.videos:
        if video.music is not None:
            owed = video.music.value == "licensed" and not (_word(video.license) or video.permission)
            yield Observation(Outcome.FAILED, video.music.whole(), {"file": video.asset.name}) if owed else PASSED
            continue
        for asset in video.captions:
            for cue in cues(asset, context.texts):
                match = next(
                    (found for one in expressions(options, "cant_tell") if (found := one.search(cue.value))), None
                )
                if match:
                    data = {"file": video.asset.name, "found": match[0]}
                    yield Observation(Outcome.CANT_TELL, cue.at(*match.span()), data)
                    break
