"""Which profile is in force, as a pack that must not wait for a database library sees it."""

from __future__ import annotations

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.store.database import open_database
from engine.store.glance import glance_at_profile
from engine.store.paths import data_dir
from engine.store.profiles import active_profile, list_profiles, save_profile, use_profile
from tests.architecture.test_imports import DATABASE, command

REPOSITORIES = ("shop", "/caf\udce9", "/日本 '\"; --")
NAMES = ("lean", "日本", "a' OR '1'='1")
STEPS = st.lists(
    st.tuples(st.sampled_from(REPOSITORIES), st.sampled_from(["m", "n"]), st.sampled_from([*NAMES, None]), st.text()),
    max_size=6,
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_a_glance_sees_what_the_database_holds(steps: list[tuple[str, str, str | None, str]], tmp_path: Path) -> None:
    with open_database(None, create=True) as database:
        for repository, model, name, body in steps:
            if name is not None:
                save_profile(database, repository, model, name, body.replace("\0", ""))
            use_profile(database, repository, model, name)
        for repository in (*REPOSITORIES, "never saved"):
            for model in ("m", "n"):
                saved = {one.name: one for one in list_profiles(database, repository, model)}
                expected = {name: saved.get(name) for name in NAMES} | {
                    None: active_profile(database, repository, model)
                }
                for name, one in expected.items():
                    glance = glance_at_profile(data_dir() / "packsight.db", repository, model, name)
                    assert glance is not None
                    seen = glance.profile
                    assert (seen and (seen.name, seen.version, seen.body)) == (
                        one and (one.name, one.version, one.body)
                    )


def test_what_cannot_be_glanced_at_is_no_answer(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_bytes(b"damaged!" * 1000)
    assert glance_at_profile(tmp_path / "x.db", "shop", "m", None) is None
    assert glance_at_profile(tmp_path / "none.db", "shop", "m", None) is None
    assert glance_at_profile(tmp_path / "x.db", "shop", "m", "\udce9") is None


def test_a_pack_with_a_profile_in_use_loads_no_database_library_and_no_writer(tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text("# Title\n\nSome words.\n")
    assert not command("profile", "list", tmp_path) & {*DATABASE, "tomlkit", "numpy"}
    assert "tomlkit" in command("profile", "set", "budget=900", "weights.docs=2", f"{tmp_path}/")
    for name in ("pack", "scan"):
        assert not command(name, tmp_path) & {*DATABASE, "tomlkit"}
