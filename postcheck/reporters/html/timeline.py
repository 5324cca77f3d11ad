"""Times of a video as a page shows them."""

from __future__ import annotations


def clock(seconds: float) -> str:
    """0:07.5, 12:30.0, 1:02:03.0: to a tenth, as a person finds the place in a player."""
    tenths = round(max(seconds, 0.0) * 10)
    minutes, rest = divmod(tenths, 600)
    hours, minutes = divmod(minutes, 60)
    shown = f"{rest // 10:02}.{rest % 10}"
    return f"{hours}:{minutes:02}:{shown}" if hours else f"{minutes}:{shown}"


def percent(part: float, whole: float, least: float = 0.0) -> str:
    """Of `whole`, from `least` to 100, for a drawing: 12.5."""
    return f"{min(max(part / whole * 100 if whole else 0.0, least), 100.0):.2f}"
