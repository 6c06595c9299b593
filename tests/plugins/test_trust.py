"""Only what is installed is a plugin, and where there is none, looking for one costs next to nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.engine.walk.repos import make
from tests.plugins.place import Place

_EVIL = """
from pathlib import Path
Path(r'MARK').write_text('was loaded')
from engine.extending import *
X = LanguagePlugin(extensions=('recipe',), cut=len)
"""
_ENTRIES = {
    "packsight.languages": {"recipe": "evil:X"}, "packsight.tokenizers": {"vowels": "evil:X"},
    "packsight.class_rules": {"odd": "evil:X"}, "packsight.levels": {"odd": "evil:X"},
    "packsight.importers": {"odd": "evil:X"}, "packsight.formats": {"odd": "evil:X"},
}  # fmt: skip


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """A repository that looks like an installed distribution with plugins, and holds their module."""
    files: dict[str, str | bytes] = {
        "evil.py": _EVIL.replace("MARK", str(tmp_path / "mark")),
        "cake.recipe": "== Cake ==\n1 egg\n",
    }
    root = make(tmp_path / "repository", files)
    Place.register(root, "evil", _ENTRIES)
    (root / "evil.egg-info").mkdir()
    (root / "evil.egg-info" / "entry_points.txt").write_text("[packsight.languages]\nrecipe = evil:X\n", "utf-8")
    return root


@pytest.mark.parametrize("safe", [True, False])
def test_a_repository_can_neither_name_nor_load_a_plugin(
    place: Place, hostile: Path, tmp_path: Path, safe: bool
) -> None:
    for words in (("scan", ".", "--json"), ("pack", ".", "-b", "2k", "--json"), ("doctor", "--json")):
        done = place.run(*words, cwd=hostile, safe=safe, PYTHONPATH=str(hostile))
        assert done.returncode == 0, done.stderr
        if words[0] == "doctor":
            checks = [check["name"] for check in json.loads(done.stdout)["checks"]]
            assert [name for name in checks if name.startswith("plugin")] == []
    assert not (tmp_path / "mark").exists()


def test_no_setting_names_a_plugin(place: Place, hostile: Path) -> None:
    (hostile / ".packsight.toml").write_text('plugins = ["evil:X"]\n', "utf-8")
    done = place.run("scan", ".", cwd=hostile)
    assert done.returncode == 3
    assert "plugins" in done.stderr


def test_a_module_of_the_current_folder_is_not_taken_for_an_installed_plugin(
    place: Place, hostile: Path, tmp_path: Path
) -> None:
    place.install("evil", {"packsight.languages": {"recipe": "evil:X"}}, _EVIL.replace("MARK", str(tmp_path / "good")))
    done = place.run("scan", ".", "--json", cwd=hostile, safe=False)
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "mark").exists()
    assert "the current folder has a 'evil' of its own" in done.stderr
    assert place.run("scan", ".", "--json", cwd=hostile).returncode == 0
    assert (tmp_path / "good").exists()


def test_nothing_is_looked_for_to_tell_the_version(example: Place) -> None:
    code = (
        "import sys; sys.argv[1:] = ['--version']; from engine.cli.main import run; run();"
        "print([name for name in sys.modules if name.startswith(('engine.plugins', 'example_plugins'))])"
    )
    done = example.run(code=code)
    assert done.stdout.splitlines()[1:] == ["[]"], done.stdout + done.stderr


def test_a_scan_of_a_known_state_imports_no_plugin(example: Place, kitchen: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from engine.inspector import Inspector;"
        "from engine.request import ScanRequest\n"
        "with Inspector() as inspector: report = inspector.scan(ScanRequest(Path(sys.argv[1]), 'gpt-5.5'))\n"
        "print(report['cache']['misses'], any(name.startswith('example_plugins') for name in sys.modules),"
        "      'importlib.metadata' in sys.modules)"
    )
    first = example.run(kitchen, code=code)
    assert first.stdout.split()[:2] == ["4", "True"], first.stderr
    assert example.run(kitchen, code=code).stdout.split() == ["0", "False", "False"]


def test_finding_out_that_there_is_none_takes_milliseconds(place: Place) -> None:
    for number in range(200):
        Place.register(place.site, f"package_{number}", {"console_scripts": {f"p{number}": "p:main"}})
    code = (
        "import time\nfrom engine.plugins import installed\nspent = []\n"
        "for _ in range(20):\n"
        "    installed.cache_clear()\n    begun = time.process_time()\n    assert installed() == ()\n"
        "    spent.append(time.process_time() - begun)\n"
        "print(min(spent))"
    )
    done = place.run(code=code)
    assert float(done.stdout) < 0.010, done.stdout
