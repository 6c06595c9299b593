from __future__ import annotations

from importlib import resources

import pytest

from engine.chunk.spans import Role
from engine.levels.rules import load_rules, parse_rules
from engine.model import ChunkClass

TABLE = resources.files("engine.levels").joinpath("levels.toml").read_text(encoding="utf-8")


def test_every_class_and_role_has_a_rule() -> None:
    rules = load_rules()
    assert set(map(str, ChunkClass)) < set(rules.classes)
    assert len(rules.measure.weights) == len(Role)
    assert all(rule.depth[Role.STRING] > 0 for rule in rules.classes.values())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"SIGNATURE", "NESTED", "DOC_FIRST", "DOC_LEAD", "DOC"', '"DOC_FIRST", "DOC_LEAD", "DOC"'),
        ('gone = ["BLANK", "COMMENT"', 'gone = ["BLANK", "STRING"'),
        ('gone = ["BLANK", "COMMENT"', 'gone = ["BLANK", "SIGNATURE"'),
        ('gone = ["BLANK"', 'gone = ["BLNK"'),
        ("[classes.vendored]", "[classes.vendor]"),
        ('style = "comment"', 'style = "prose"'),
        ("SIGNATURE = 80", "SIGNATURE = -80"),
        ("SIGNATURE = 80\n", ""),
        ("exponent = 0.72", "exponent = 2.0"),
        ("head = [3, 1]", "head = [1, 3]"),
        ("cut_bytes = 160", "cut_bytes = '160'"),
        ("[fold]", "[folds]"),
        ("[fold]", "[fold"),
    ],
)
def test_a_table_that_contradicts_itself_is_refused(old: str, new: str) -> None:
    assert old in TABLE
    with pytest.raises(ValueError, match=r"."):
        parse_rules(TABLE.replace(old, new))
