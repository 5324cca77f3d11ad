"""The table of detectors: the word a check file uses, and the function that measures.

A detector takes a draft, the check's options and the context, and yields an observation for each place it looked at,
those in order included. It knows no policy and no severity. Where it yields nothing, there was nothing to look at.

A finder takes one text and yields hits; `writing.reads` makes a detector of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

from postcheck.analysis.prose import Prose
from postcheck.detectors import (
    account,
    alt_text,
    codes,
    embedded,
    files,
    flashes,
    governance,
    lettering,
    people,
    pictures,
    platform,
    releases,
    rights,
    staff,
    told,
)
from postcheck.detectors.writing import Detector, Finder, Hit, reads
from postcheck.model import Context, Draft, Observation, Options

_MODULES = {
    "ad_link": "links",
    "ascii_art": "letters",
    "capitals_run": "capitals",
    "capitals_word": "capitals",
    "current_year": "dates",
    "checked_number": "numbers",
    "cut_hashtag": "hashtags",
    "disguised_words": "disguised",
    "doubted_pattern": "tone",
    "drawn_out": "letters",
    "emoji_as_bullet": "emoji",
    "emoji_for_word": "emoji",
    "emoji_in_sentence": "emoji",
    "emoji_run": "emoji",
    "ends_before_it_begins": "dates",
    "flag_letters": "letters",
    "hashtag_capitals": "hashtags",
    "hashtags_in_sentence": "hashtags",
    "invisible_characters": "letters",
    "link_alone": "links",
    "long_sentence": "reading",
    "numeric_date": "dates",
    "past_event": "dates",
    "pattern": "wording",
    "pattern_in_links": "wording",
    "phrases": "wording",
    "piled_marks": "letters",
    "reading_level": "reading",
    "reads_as": "tone",
    "relative_day": "dates",
    "sales_talk": "commerce",
    "sentence_figure": "numerals",
    "serial_comma": "series",
    "short_link": "links",
    "struck_letters": "letters",
    "styled_letters": "letters",
    "substitution": "wording",
    "time_zone_season": "dates",
    "too_many_emoji": "emoji",
    "too_many_hashtags": "hashtags",
    "weekday_disagrees": "dates",
    "weighed_pattern": "tone",
}
"""Of each finder, which is named after its function. A module is imported when one of its finders is first needed: most
drafts need few, and a start must not wait for the expressions of all."""


def _finder(name: str) -> Finder:
    def find(prose: Prose, options: Options, draft: Draft, context: Context) -> Iterator[Hit]:
        finder: Finder = getattr(import_module(f"postcheck.detectors.{_MODULES[name]}"), name)
        return finder(prose, options, draft, context)

    return find


_OF_CAPTIONS = {
    "all_capitals": "words",
    "auto_made": "words",
    "empty_cue": "timing",
    "forgiven_fault": "faults",
    "invalid": "faults",
    "line_count": "timing",
    "line_length": "timing",
    "no_sound_cues": "words",
    "other_kind": "faults",
    "out_of_order": "timing",
    "overlap": "timing",
    "platform_format": "platforms",
    "reading_speed": "timing",
    "too_brief": "timing",
    "too_long_on_screen": "timing",
    "wrong_language": "words",
}
"""Detectors of captions files, and the module caption_... of each; imported when a draft has such a file."""


def _of_captions(name: str) -> Detector:
    def detect(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
        if any(video.captions for video in draft.videos):
            module = import_module(f"postcheck.detectors.caption_{_OF_CAPTIONS[name]}")
            detector: Detector = getattr(module, name)
            yield from detector(draft, options, context)

    return detect


_OF_VIDEOS = {
    "captions_missing": "video_captions",
    "description_missing": "video_captions",
    "gap_with_speech": "video_captions",
    "no_audio": "videos",
    "out_of_sync": "video_captions",
    "past_the_end": "video_captions",
    "sound_cut_off": "videos",
    "video_codec": "videos",
    "video_location": "videos",
    "video_shape": "videos",
    "video_too_long": "videos",
    "video_unreadable": "videos",
}
"""Detectors of what is in videos, and the module of each; imported when a draft has one."""


def _of_videos(name: str) -> Detector:
    def detect(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
        if draft.videos:
            module = import_module(f"postcheck.detectors.{_OF_VIDEOS[name]}")
            detector: Detector = getattr(module, name)
            yield from detector(draft, options, context)

    return detect


FINDERS: dict[str, Finder] = {name: _finder(name) for name in _MODULES}

DETECTORS: dict[str, Detector] = {
    "account_biography_silent": account.biography_silent,
    "account_contact_missing": account.contact_missing,
    "account_name_not_descriptive": account.name_not_descriptive,
    "account_name_without_city": account.name_without_city,
    "account_not_approved": account.not_approved,
    "account_not_called_official": account.not_called_official,
    "account_personal_name": account.personal_name,
    "account_platform_not_approved": account.platform_not_approved,
    "account_policy_link_missing": account.policy_link_missing,
    "account_reads_as_official": account.reads_as_official,
    "account_too_few_holders": account.too_few_holders,
    "account_unarchived": account.not_archived,
    "account_not_archived": staff.account_not_archived,
    "ai_made": embedded.ai_made,
    "alt_contradicts_decorative": alt_text.contradicts_decorative,
    "alt_differs_from_embedded": alt_text.differs_from_embedded,
    "alt_emoji": alt_text.with_emoji,
    "alt_empty": alt_text.empty,
    "alt_file_name": alt_text.file_name,
    "alt_misses_text": told.misses_text,
    "alt_missing": alt_text.missing,
    "alt_pattern": alt_text.pattern,
    "alt_repeated": alt_text.repeated,
    "alt_repeats_caption": alt_text.repeats_caption,
    "alt_too_long": alt_text.too_long,
    "alt_too_short": alt_text.too_short,
    "asset_unreadable": files.unreadable,
    **{f"captions_{name}": _of_captions(name) for name in _OF_CAPTIONS},
    "emergency_release": staff.emergency_release,
    "extended_flashing": flashes.extended,
    "field_missing": governance.field_missing,
    "field_not_listed": governance.field_not_listed,
    "flashing": flashes.flashing,
    "image_device_data": embedded.image_device_data,
    "image_format": files.image_format,
    "image_location": embedded.image_location,
    "image_too_large": files.image_too_large,
    "image_too_small": pictures.too_small,
    "left_to_do": governance.left_to_do,
    "link_elsewhere": governance.link_elsewhere,
    "limit_unknown": platform.limit_unknown,
    "name_of_a_minor": people.name_of_a_minor,
    "nothing_to_post": governance.nothing_to_post,
    "minor_without_consent": people.minor_without_consent,
    "people_not_declared": people.not_declared,
    "person_not_listed": staff.person_not_listed,
    "police_without_permission": people.police_without_permission,
    "prominent_without_release": people.prominent_without_release,
    "release_beyond_scope": releases.beyond_scope,
    "release_by": releases.signed_by,
    "release_changed": releases.changed,
    "release_expired": releases.expired,
    "release_for_another": releases.for_another,
    "release_missing": releases.missing,
    "qr_code_alone": codes.alone,
    "schedule_in_the_past": governance.schedule_in_the_past,
    "source_undeclared": rights.source_undeclared,
    "without_permission": rights.without_permission,
    "credit_missing": rights.credit_missing,
    "stock_license": rights.stock_license,
    "logo_of_others": rights.logo_of_others,
    "music_in_video": rights.music,
    "text_contrast": lettering.text_contrast,
    "text_heavy": lettering.text_heavy,
    "text_size": lettering.text_size,
    "text_too_long": platform.text_too_long,
    "too_many_images": platform.too_many_images,
    "too_many_in_text": platform.too_many_in_text,
    "variant_unused": platform.variant_unused,
    **{name: _of_videos(name) for name in _OF_VIDEOS},
    "video_format": files.video_format,
    "video_too_large": files.video_too_large,
    **{name: reads(finder) for name, finder in FINDERS.items()},
}
