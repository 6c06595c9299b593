"""The pictures that the documents show are there, are small, and tell nothing of where they were made."""

from __future__ import annotations

import re
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "pictures"
DOCUMENTS = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
MOST_BYTES = 300_000
OF_A_MACHINE = ("/work", "/tmp", "/root", "/home", "/Users", "site-packages", "Traceback")


def shown() -> dict[str, Path]:
    """Every picture that a document shows, by document and name."""
    found = {}
    for document in DOCUMENTS:
        for target in re.findall(r"!\[[^\]]+\]\(([^)\s]+)\)", document.read_text("utf-8")):
            found[f"{document.name}:{target}"] = (document.parent / target).resolve()
    return found


def text_of(picture: Path) -> str:
    """What is written in a picture."""
    texts = ElementTree.parse(picture).getroot().iter("{http://www.w3.org/2000/svg}text")
    return "\n".join("".join(text.itertext()) for text in texts).replace("\xa0", " ")


def test_the_readme_shows_the_inspector() -> None:
    assert FOLDER / "inspector.svg" in shown().values()


def test_every_picture_is_shown_and_is_there() -> None:
    assert {path for path in shown().values() if path.suffix == ".svg"} == set(FOLDER.iterdir())


@pytest.mark.parametrize("picture", sorted(FOLDER.glob("*.svg")), ids=lambda path: path.stem)
def test_a_picture_is_a_small_drawing_of_the_app(picture: Path) -> None:
    assert picture.stat().st_size < MOST_BYTES
    assert ElementTree.parse(picture).getroot().tag == "{http://www.w3.org/2000/svg}svg"
    text = text_of(picture)
    assert "packsight" in text
    assert "budget" in text or "tokens" in text


@pytest.mark.parametrize("picture", sorted(FOLDER.glob("*.svg")), ids=lambda path: path.stem)
def test_a_picture_tells_nothing_of_where_it_was_made_and_fetches_nothing(picture: Path) -> None:
    text, source = text_of(picture), picture.read_text("utf-8")
    assert [words for words in (*OF_A_MACHINE, str(ROOT), sys.prefix) if words in text] == []
    assert re.findall(r"(?:href|src)=|url\((?!#)|@import|@font-face|<script", source) == []


def test_what_a_picture_would_tell_of_a_machine_is_found_before_it_is_written() -> None:
    from benchmarks.pictures import leaks, plain

    svg = plain(
        "<svg><style>@font-face { src: url('https://cdn.example/font.woff') } .terminal-12-r1 { font-family: Fira; }"
        "</style><text>root&#160;in /home/someone/flask</text></svg>",
        "name",
    )
    assert "cdn.example" not in svg
    assert "terminal-12" not in svg
    assert leaks(svg, ["/home/someone", "/elsewhere", ""]) == ["/home/someone"]
