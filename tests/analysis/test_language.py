"""Which language a text is taken for."""

from __future__ import annotations

import pytest

from postcheck.analysis.language import language_of
from postcheck.analysis.prose import Prose


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Leaf Day is Saturday, and your car must be moved by 8 a.m.", "en"),
        ("LEAF DAY IS SATURDAY AND YOUR CAR MUST BE MOVED", "en"),
        ("El Día de las Hojas es el sábado. Mueva su carro antes de las 8.", "es"),
        ("Vacunas gratis hoy", "es"),
        ("Ngày dọn lá là thứ Bảy. Hãy dời xe của quý vị.", "vi"),
        ("illegal aliens, illegals, ex-cons, felons, junkies", ""),  # Dutch to the library
        ("Leaf Day!", ""),
        ("", ""),
        ("🍁 📅 8:00", ""),
    ],
)
def test_language(text: str, language: str) -> None:
    assert language_of(text) == language


def test_a_mixed_post_has_its_languages_by_sentence() -> None:
    english = "Leaf Day is Saturday, and your car must be moved by 8 a.m."
    read = Prose(f"{english}\n\nEl Día de las Hojas es el sábado. Mueva su carro antes de las 8, por favor.")
    assert read.languages >= {"en", "es"}
    assert read.language_at(5) == "en"
    assert read.language_at(len(english) + 10) == "es"
    assert read.language_at(len(read.value) - 3) == "es"


def test_an_english_address_makes_no_english_sentence() -> None:
    spanish = "Reciba su vacuna este sábado en el centro de la ciudad, con su familia."
    read = Prose(f"{spanish} Dirección: 9201 Seawell School Rd. Chapel Hill, NC 27516")
    assert read.languages == {"es"}


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Come at 9 a.m. Saturday, Nov. 14. Bring Dr. Doe.", ["Come at 9 a.m. Saturday, Nov. 14.", "Bring Dr. Doe."]),
        ("Meet at 9 a.m. EST. Move your car!", ["Meet at 9 a.m. EST.", "Move your car!"]),
        ("We open at 9 a.m. Bring a rake.", ["We open at 9 a.m.", "Bring a rake."]),
        ("One line\nanother line", ["One line", "another line"]),
        ("Is it “open?” Yes.", ["Is it “open?”", "Yes."]),
        ("\n \n", []),
    ],
)
def test_sentences(text: str, sentences: list[str]) -> None:
    assert [text[start:end] for start, end in Prose(text).sentences] == sentences
