"""Saved profiles through the facade: versions, use, files, and what packs make of them."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from engine.errors import InputError, UsageError
from engine.events import Event, Warned
from engine.inspector import Inspector
from engine.model import ChunkClass
from engine.profiles import Profile
from engine.request import ScanRequest, Tuning
from engine.store.paths import data_dir
from engine.usecases.profiles import RepositoryProfiles
from tests.engine.walk.repos import git
from tests.sample import make_repository

MODEL = "gpt-4o"
LEAN = Profile("lean", "2k", tuning=Tuning(weights={ChunkClass.TESTS: 2.0}, pins=(("README.md", 0),)))


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return make_repository(tmp_path / "shop")


@pytest.fixture
def heard() -> list[str]:
    return []


@pytest.fixture
def inspector(tmp_path: Path, heard: list[str]) -> Inspector:
    def hear(event: Event) -> None:
        if isinstance(event, Warned):
            heard.append(event.message)

    return Inspector(cache_path=tmp_path / "blobs.db", emit=hear)


@pytest.fixture
def profiles(inspector: Inspector, shop: Path) -> RepositoryProfiles:
    return inspector.profiles(shop, MODEL, inspector.config(shop, {}))


def test_looking_at_profiles_makes_no_database(profiles: RepositoryProfiles) -> None:
    assert profiles.list() == ()
    assert profiles.active() is None
    profiles.reset()
    with pytest.raises(InputError):
        profiles.use("lean")
    with pytest.raises(InputError):
        profiles.show("lean")
    assert not data_dir().exists()


def test_saves_are_versions_and_one_profile_is_in_use(profiles: RepositoryProfiles) -> None:
    first = profiles.save("lean", LEAN)
    assert (first.version, first.active, first.profile.tuned_at_revision) == (1, False, profiles.revision)
    assert profiles.revision
    assert profiles.save("lean", LEAN) == first
    second = profiles.save("lean", replace(LEAN, budget="3k"))
    assert second.version == 2
    assert [one.version for one in profiles.history("lean")] == [2, 1]
    assert profiles.show("lean", 1).profile.budget == "2k"
    assert profiles.differences(first.profile, second.profile) == ("budget 2k → 3k",)
    profiles.save("wide", LEAN)
    profiles.use("lean")
    used = profiles.use("wide")
    assert used is not None
    assert used.active
    assert [(one.profile.name, one.active) for one in profiles.list()] == [("lean", False), ("wide", True)]
    profiles.reset()
    assert profiles.active() is None
    with pytest.raises(InputError) as error:
        profiles.show("laen")
    assert "lean" in error.value.hint
    with pytest.raises(InputError):
        profiles.show("lean", 3)


@pytest.mark.parametrize(
    "wrong",
    [
        replace(LEAN, budget="9M"),
        replace(LEAN, budget="much"),
        replace(LEAN, format="pdf"),
        replace(LEAN, reserve_tokens=127_000),
        replace(LEAN, reserve_tokens=-1),
        replace(LEAN, tuning=Tuning(shares={ChunkClass.DOCS: (0.6, 1), ChunkClass.CODE: (0.6, 1)})),
        replace(LEAN, tuning=Tuning(weights={ChunkClass.DOCS: -1})),
        replace(LEAN, tuning=Tuning(excludes=("caf\udce9",))),
    ],
)
def test_a_profile_that_could_make_no_pack_is_not_saved(profiles: RepositoryProfiles, wrong: Profile) -> None:
    with pytest.raises(UsageError):
        profiles.save("lean", wrong)
    assert not data_dir().exists()


def test_a_profile_in_use_goes_before_files_and_behind_flags(
    inspector: Inspector, shop: Path, profiles: RepositoryProfiles
) -> None:
    (shop / ".packsight.toml").write_text('budget = "1k"\nreserve = 50\n[pack.weights]\ntests = 0.1\ndocs = 0.9\n')
    scan = ScanRequest(shop, MODEL)
    plain = inspector.request(scan, inspector.config(shop, {}))
    assert (plain.budget, plain.profile) == ("1k", "")
    profiles.save("lean", LEAN)
    profiles.use("lean")
    used = inspector.request(scan, inspector.config(shop, {}), Tuning(weights={ChunkClass.CODE: 3}))
    assert (used.budget, used.reserve_tokens, used.profile) == ("2k", 50, "lean")
    assert used.tuning.weights == {ChunkClass.TESTS: 2.0, ChunkClass.DOCS: 0.9, ChunkClass.CODE: 3}
    assert used.tuning.pins == LEAN.tuning.pins
    assert inspector.request(scan, inspector.config(shop, {"budget": "3k"})).budget == "3k"
    for name in ("none", "default"):
        assert inspector.request(scan, inspector.config(shop, {"profile": name})) == plain
    other = ScanRequest(shop, "gpt-5.5")
    assert inspector.request(other, inspector.config(shop, {})).profile == ""
    packed = inspector.pack(used).report
    assert packed["profile"] == "lean"
    assert {item["level"] for item in packed["items"] if item["path"] == "README.md"} == {0}


def test_shares_of_team_and_person_fit_together(
    inspector: Inspector, shop: Path, profiles: RepositoryProfiles, heard: list[str]
) -> None:
    (shop / ".packsight.toml").write_text("[pack.shares]\ndocs = '60..100%'\n")
    profiles.save("lean", replace(LEAN, tuning=Tuning(shares={ChunkClass.CODE: (0.7, 1)})))
    profiles.use("lean")
    request = inspector.request(ScanRequest(shop, MODEL), inspector.config(shop, {}))
    assert request.tuning.shares[ChunkClass.CODE] == (0.7, 1)
    assert request.tuning.shares[ChunkClass.DOCS][0] == pytest.approx(0.3)
    assert "docs" in heard[-1]
    assert inspector.pack(request).report["fits"]


def test_a_profile_can_be_named_for_one_run(
    inspector: Inspector, shop: Path, profiles: RepositoryProfiles, heard: list[str]
) -> None:
    profiles.save("lean", LEAN)
    scan = ScanRequest(shop, MODEL)
    assert inspector.request(scan, inspector.config(shop, {"profile": "lean"})).profile == "lean"
    with pytest.raises(InputError) as error:
        inspector.request(scan, inspector.config(shop, {"profile": "laen"}))
    assert "lean" in error.value.hint
    (shop / ".packsight.toml").write_text('profile = "lean"\n')
    assert inspector.request(scan, inspector.config(shop, {})).profile == "lean"
    profiles.save("wide", LEAN)
    profiles.use("wide")
    assert inspector.request(scan, inspector.config(shop, {})).profile == "wide"
    profiles.reset()
    assert not heard
    (shop / ".packsight.toml").write_text('profile = "stranger"\n')
    assert inspector.request(scan, inspector.config(shop, {})).profile == ""
    assert "stranger" in heard[-1]


def test_a_profile_moves_to_another_repository_as_text(
    inspector: Inspector, profiles: RepositoryProfiles, tmp_path: Path
) -> None:
    saved = profiles.save("lean", LEAN).profile
    (tmp_path / "x.toml").write_text(profiles.export(saved), "utf-8")
    other = inspector.profiles(make_repository(tmp_path / "other"), "gpt-5.5", profiles.config)
    assert other.import_file(tmp_path / "x.toml") == saved
    assert other.import_file(tmp_path / "x.toml", "mine").name == "mine"
    assert other.list() == ()
    (tmp_path / "x.toml").write_text("budget = '8k'\n[pack]\nwieghts = 3\n")
    with pytest.raises(InputError) as error:
        other.import_file(tmp_path / "x.toml")
    assert "line 3" in error.value.message
    with pytest.raises(InputError):
        other.import_file(tmp_path / "nothing.toml")
    with pytest.raises(InputError):
        other.import_file(tmp_path)


def test_a_profile_becomes_the_teams(inspector: Inspector, profiles: RepositoryProfiles, shop: Path) -> None:
    path = shop / ".packsight.toml"
    path.write_text('# ours\nmodel = "gpt-4o"\n[pack.weights]\ndocs = 0.9 # long\n')
    path.chmod(0o640)
    assert profiles.export_to_repository(LEAN) == path
    text = path.read_text("utf-8")
    assert "# ours" in text
    assert "# long" in text
    assert tomllib.loads(text)["pack"]["weights"] == {"docs": 0.9, "tests": 2}
    assert path.stat().st_mode & 0o777 == 0o640
    assert inspector.request(ScanRequest(shop, MODEL), inspector.config(shop, {})).budget == "2k"
    assert [found.name for found in shop.iterdir() if "packsight" in found.name] == [".packsight.toml"]


def test_no_link_is_followed_and_no_wrong_file_is_changed(profiles: RepositoryProfiles, shop: Path) -> None:
    (shop / "target.toml").write_text("")
    (shop / ".packsight.toml").symlink_to("target.toml")
    with pytest.raises(InputError):
        profiles.export_to_repository(LEAN)
    assert (shop / "target.toml").read_text() == ""
    (shop / ".packsight.toml").unlink()
    (shop / ".packsight.toml").write_text("nonsense = 1\n")
    with pytest.raises(InputError):
        profiles.export_to_repository(LEAN)
    (shop / ".packsight.toml").write_text("[pack.shares]\ncode = '80..100%'\n")
    with pytest.raises(UsageError):
        profiles.export_to_repository(replace(LEAN, tuning=Tuning(shares={ChunkClass.DOCS: (0.3, 1)})))
    assert (shop / ".packsight.toml").read_text() == "[pack.shares]\ncode = '80..100%'\n"


def test_a_suggestion_is_explained_and_can_be_saved(profiles: RepositoryProfiles) -> None:
    found = profiles.suggest("mine")
    assert found == profiles.suggest("mine")
    assert found.profile.name == "mine"
    assert [reason.rule for reason in found.reasons if reason.rule == "budget"]
    assert profiles.save("mine", found.profile).profile.tuning == found.profile.tuning


def test_drift_is_what_changed_since_a_profile_was_tuned(
    inspector: Inspector, profiles: RepositoryProfiles, shop: Path
) -> None:
    profiles.save("lean", LEAN)
    profiles.use("lean")
    scan = ScanRequest(shop, MODEL)
    (shop / "NEWS.md").write_text("# News\n\nThere is a new file.\n", "utf-8")
    git(shop, "add", ".")
    git(shop, "commit", "-q", "-m", "news")
    then, now = (inspector.variant(scan, {}, f"rev={rev}") for rev in ("tuned", "worktree"))
    assert (then.scan.rev, now.scan.rev) == (profiles.revision, None)
    found = inspector.diff(then, now)
    assert "NEWS.md" in {row.path for row in found.rows if row.change == "enters"}


def test_a_body_that_was_damaged_is_named(profiles: RepositoryProfiles, inspector: Inspector, heard: list[str]) -> None:
    from engine.store.database import open_database
    from engine.store.profiles import save_profile, use_profile

    with open_database("", create=True) as database:
        save_profile(database, profiles.repository, MODEL, "lean", "[pack.weights]\ntests = -1\n")
        use_profile(database, profiles.repository, MODEL, "lean")
    with pytest.raises(InputError) as error:
        profiles.show("lean")
    assert "'lean', version 1, line 2" in error.value.message
    scan = ScanRequest(profiles.root, MODEL)
    assert inspector.request(scan, inspector.config(profiles.root, {})).profile == ""
    assert "going on without a profile" in heard[-1]
