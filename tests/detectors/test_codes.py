"""What a QR code holds, and whether a text tells it."""

from __future__ import annotations

import pytest

from postcheck.catalog import check_path, read_check
from postcheck.detectors.codes import _verdict
from postcheck.model import Options

OPTIONS = Options(read_check(check_path("image/qr-code-alone")).options)


@pytest.mark.parametrize(
    ("holds", "text"),
    [
        ("https://portland.gov/leaf", "See http://www.portland.gov/leaf/."),
        ("https://portland.gov/leaf", "See (https://portland.gov/leaf), please"),
        ("https://portland.gov/leaf", "[Leaf Day](https://portland.gov/leaf)"),
        ("https://portland.gov/leaf", "“portland.gov/leaf”…"),
        ("https://portland.gov/leaf?utm_campaign=a&fbclid=b", "portland.gov/leaf"),
        ("https://portland.gov/?id=2&day=3", "portland.gov?day=3&id=2&utm_source=x"),
        ("https://portland.gov/leaf#where", "portland.gov/leaf"),
        ("https://portland.gov/a%20b", "https://portland.gov/a%20b"),
        ("www.portland.gov", "Portland.gov!"),
        ("portland.gov/wiki/Leaf_(day)", "See portland.gov/wiki/Leaf_(day)."),
        ("HTTP://PORTLAND.GOV/LEAF", "portland.gov/leaf"),
        ("tel:311", "Call 311."),
        ("tel:5038234000", "Call 1-503-823-4000 now"),
        ("sms:888777?body=LEAF", "Text 888777"),
        ("SMSTO:888777:LEAF", "Text LEAF to 888777"),
        ("mailto:leaves%40portland.gov", "leaves@portland.gov"),
        ("Rake!", "Bring a rake."),
        ("🍁", "🍁"),
        ("WIFI:S:Tom\\;s;T:nopass;;", "It is called Tom;s"),
    ],
)
def test_told(holds: str, text: str) -> None:
    assert _verdict(holds, text, OPTIONS) == ""


@pytest.mark.parametrize(
    ("holds", "text", "verdict"),
    [
        ("https://portland.gov/leaf", "", "failed"),
        ("https://portland.gov/leaf", "leaf@portland.gov/leaf", "failed"),
        ("https://portland.gov/leaf", "portland.gov/leaf-day", "cantTell-same-site"),
        ("https://portland.gov/leaf?id=2", "portland.gov/leaf?id=3", "cantTell-same-site"),
        ("https://portland.gov/leaf", "parks.portland.gov/leaf", "failed"),
        ("https://portland.gov/leaf", "https://bit.ly/leaf", "cantTell-short"),
        ("https://qrco.de/leaf", "portland.gov", "cantTell-short"),
        ("https://qrco.de/leaf", "Scan it.", "failed"),
        ("tel:311", "Call 3110 or 5311.", "failed"),
        ("SMSTO:888777:LEAF", "Text 888777", "failed"),
        ("mailto:leaves@portland.gov", "Write to us", "failed"),
        ("mailto:", "Write to us", "failed"),
        ("Note: bring a rake", "Bring a rake", "failed"),
        ("🍁", "🍂", "failed"),
        ("WIFI:S:Guest;T:nopass;;", "Free Wi-Fi", "failed"),
        ("WIFI:S:Guest;T:WPA;P:***;;", "Guest", "cantTell-wifi"),
        ("BEGIN:VCARD\nFN:City Hall\nEND:VCARD", "City Hall", "cantTell-other"),
        ("https://[portland.gov", "portland.gov", "cantTell-other"),
    ],
)
def test_not_told(holds: str, text: str, verdict: str) -> None:
    assert _verdict(holds, text, OPTIONS) == verdict


def test_long_texts_take_no_time() -> None:
    for text in (
        "a." * 50_000,
        "a-" * 50_000,
        "1" * 100_000,
        "(" * 100_000,
        "portland.gov/" + ")" * 100_000,
        "1 " * 50_000,
    ):
        assert _verdict("https://portland.gov/leaf", text, OPTIONS) in ("failed", "cantTell-same-site")
        assert _verdict("tel:15038234000", text, OPTIONS) == "failed"
        assert _verdict("a" * 4000, text, OPTIONS) == "failed"
