"""Of several layers each value comes from the strongest that names it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engine.profiles.layers import Layer, LayeredValue, layered

TABLES = st.fixed_dictionaries(
    {},
    optional={
        "budget": st.sampled_from(["1k", "2k"]),
        "format": st.sampled_from(["xml", "plain"]),
        "pack": st.fixed_dictionaries(
            {},
            optional={
                "weights": st.dictionaries(st.sampled_from(["code", "docs"]), st.sampled_from([0.5, 2])),
                "pins": st.dictionaries(st.sampled_from(["a.py", "b.py"]), st.sampled_from([0, 3])),
                "excludes": st.lists(st.sampled_from(["x/", "y/"])),
            },
        ),
    },
)
NAMES = ("run", "personal", "team", "default")


@given(st.lists(TABLES, min_size=4, max_size=4))
def test_the_strongest_layer_that_names_a_value_is_told(tables: list[dict[str, object]]) -> None:
    layers = [Layer(name, name.upper(), table) for name, table in zip(NAMES, tables, strict=True)]  # type: ignore[arg-type]
    found = {value.key: value for value in layered(layers, {})}
    for key in ("budget", "format"):
        names = [layer.name for layer in layers if key in layer.table]
        assert (found[key].layer if key in found else None) == (names[0] if names else None)
    for part, name in (("weights", "docs"), ("pins", "a.py")):
        tables_of = [(layer, layer.table.get("pack", {}).get(part, {})) for layer in layers]
        naming = [(layer.origin, table[name]) for layer, table in tables_of if name in table]
        value = found.get(f"{part}.{name}")
        assert (None if value is None else (value.origin, value.value)) == (naming[0] if naming else None)


def test_a_value_that_was_made_to_fit_is_told_as_it_is_in_force() -> None:
    layers = [
        Layer("personal", "profile 'p'", {"pack": {"shares": {"code": "80..100%"}}}),
        Layer("team", "file", {"pack": {"shares": {"docs": "40..100%"}}}),
    ]
    found = layered(layers, {"shares": {"code": "80..100%", "docs": "20..100%"}})
    assert found == (
        LayeredValue("shares.docs", "20..100%", "team", "file"),
        LayeredValue("shares.code", "80..100%", "personal", "profile 'p'"),
    )
