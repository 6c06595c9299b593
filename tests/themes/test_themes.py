from __future__ import annotations

from pathlib import Path

import pytest

from themes import ThemeFile, ThemeUnusable, contrast, load_theme, load_themes, shipped
from themes.loader import BASE, CLASSES, LEVELS, MAX_FILE_BYTES, STATES

BACKGROUNDS = ("background", "surface", "panel")
LEGIBLE = 4.5


@pytest.fixture(params=shipped(), ids=lambda theme: theme.name)
def theme(request: pytest.FixtureRequest) -> ThemeFile:
    found: ThemeFile = request.param
    return found


def test_there_is_a_theme_for_every_kind_of_eye_and_room() -> None:
    names = {theme.name: theme.dark for theme in shipped()}
    assert {"ink", "paper", "contrast", "deuter"} <= set(names)
    assert set(names.values()) == {True, False}


def test_a_shipped_theme_names_every_colour(theme: ThemeFile) -> None:
    wanted = {*(f"level-{name}" for name in LEVELS), *(f"class-{name}" for name in CLASSES), *STATES}
    assert set(theme.base) == set(BASE)
    assert set(theme.variables) == wanted


def test_everything_written_can_be_read(theme: ThemeFile) -> None:
    texts = {**theme.variables, **{key: color for key, color in theme.base.items() if key not in BACKGROUNDS}}
    pale = {
        f"{key} on {place}": round(contrast(color, theme.base[place]), 2)
        for key, color in texts.items()
        for place in BACKGROUNDS
        if contrast(color, theme.base[place]) < LEGIBLE
    }
    assert not pale


def test_what_is_shown_fuller_stands_out_more(theme: ThemeFile) -> None:
    ranks = [contrast(theme.variables[f"level-{name}"], theme.base["background"]) for name in LEVELS[:5]]
    assert ranks == sorted(ranks, reverse=True)


def test_contrast_is_that_of_the_recommendation() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#777777") == pytest.approx(1)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)  # the grey that just passes on white


def test_a_theme_of_one_colour_is_enough(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text('[base]\nprimary = "#FF8800"\n')
    theme = load_theme(tmp_path / "mine.toml")
    assert (theme.name, theme.dark, theme.base) == ("mine", True, {"primary": "#ff8800"})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nonsense", "mine.toml"),
        ('[base]\nsurface = "#112233"\n', "'primary'"),
        ('[base]\nprimray = "#112233"\n', "did you mean 'primary'?"),
        ('[base]\nprimary = "red"\n', "not a colour such as"),
        ("[base]\nprimary = 3\n", "not a colour such as"),
        ('[levels]\nfull = "#112233"\n', "did you mean 'level'?"),
        ('base = "#112233"\n', "must be a table"),
        ('dark = "yes"\n[base]\nprimary = "#112233"\n', "'dark' is true or false"),
    ],
)
def test_what_is_wrong_is_said_with_the_nearest_right_word(text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(text)
    with pytest.raises(ThemeUnusable, match=r"^mine\.toml: ") as trouble:
        load_theme(tmp_path / "mine.toml")
    assert said in str(trouble.value)


def test_one_bad_file_does_not_cost_the_others(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text('[base]\nprimary = "#112233"\n')
    (tmp_path / "b.toml").write_bytes(b"\xff\xfe")
    (tmp_path / "c.toml").write_text("x" * (MAX_FILE_BYTES + 1))
    (tmp_path / "d.txt").write_text("not asked")
    themes, troubles = load_themes(tmp_path)
    assert [theme.name for theme in themes] == ["a"]
    assert [line.split(":")[0] for line in troubles] == ["b.toml", "c.toml"]


def test_a_folder_that_is_not_there_has_no_themes(tmp_path: Path) -> None:
    assert load_themes(tmp_path / "none") == ([], [])
