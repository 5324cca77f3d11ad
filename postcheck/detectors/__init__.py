"""The table of detectors: the word a check file uses, and the function that measures.

A detector takes a draft, the check's options and the context, and yields an observation for each place it looked at,
those in order included. It knows no policy and no severity. Where it yields nothing, there was nothing to look at.

A finder takes one text and yields hits; `writing.reads` makes a detector of it.
"""

from __future__ import annotations

from postcheck.detectors import (
    alt_text,
    capitals,
    dates,
    emoji,
    files,
    governance,
    hashtags,
    letters,
    links,
    numerals,
    platform,
    reading,
    series,
    wording,
)
from postcheck.detectors.writing import Detector, Finder, reads

FINDERS: dict[str, Finder] = {
    "ascii_art": letters.ascii_art,
    "capitals_run": capitals.capitals_run,
    "capitals_word": capitals.capitals_word,
    "current_year": dates.current_year,
    "cut_hashtag": hashtags.cut_hashtag,
    "drawn_out": letters.drawn_out,
    "emoji_as_bullet": emoji.emoji_as_bullet,
    "emoji_for_word": emoji.emoji_for_word,
    "emoji_in_sentence": emoji.emoji_in_sentence,
    "emoji_run": emoji.emoji_run,
    "flag_letters": letters.flag_letters,
    "hashtag_capitals": hashtags.hashtag_capitals,
    "hashtags_in_sentence": hashtags.hashtags_in_sentence,
    "invisible_characters": letters.invisible_characters,
    "link_alone": links.link_alone,
    "long_sentence": reading.long_sentence,
    "numeric_date": dates.numeric_date,
    "pattern": wording.pattern,
    "phrases": wording.phrases,
    "piled_marks": letters.piled_marks,
    "reading_level": reading.reading_level,
    "relative_day": dates.relative_day,
    "sentence_figure": numerals.sentence_figure,
    "serial_comma": series.serial_comma,
    "short_link": links.short_link,
    "struck_letters": letters.struck_letters,
    "styled_letters": letters.styled_letters,
    "substitution": wording.substitution,
    "time_zone_season": dates.time_zone_season,
    "too_many_emoji": emoji.too_many_emoji,
    "too_many_hashtags": hashtags.too_many_hashtags,
    "weekday_disagrees": dates.weekday_disagrees,
}

DETECTORS: dict[str, Detector] = {
    "alt_contradicts_decorative": alt_text.contradicts_decorative,
    "alt_differs_from_embedded": alt_text.differs_from_embedded,
    "alt_emoji": alt_text.with_emoji,
    "alt_empty": alt_text.empty,
    "alt_file_name": alt_text.file_name,
    "alt_missing": alt_text.missing,
    "alt_pattern": alt_text.pattern,
    "alt_repeated": alt_text.repeated,
    "alt_repeats_caption": alt_text.repeats_caption,
    "alt_too_long": alt_text.too_long,
    "alt_too_short": alt_text.too_short,
    "asset_unreadable": files.unreadable,
    "field_missing": governance.field_missing,
    "field_not_listed": governance.field_not_listed,
    "image_format": files.image_format,
    "image_too_large": files.image_too_large,
    "left_to_do": governance.left_to_do,
    "limit_unknown": platform.limit_unknown,
    "nothing_to_post": governance.nothing_to_post,
    "schedule_in_the_past": governance.schedule_in_the_past,
    "text_too_long": platform.text_too_long,
    "too_many_images": platform.too_many_images,
    "too_many_in_text": platform.too_many_in_text,
    "variant_unused": platform.variant_unused,
    "video_format": files.video_format,
    "video_too_large": files.video_too_large,
    **{name: reads(finder) for name, finder in FINDERS.items()},
}
