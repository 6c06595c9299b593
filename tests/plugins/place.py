"""An environment of its own, in which plugins can be installed without touching the one that runs the tests."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

EXAMPLE = Path(__file__).parent / "example"
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Place:
    """A virtual environment that sees everything that is installed here, and has a folder for more."""

    folder: Path

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.folder / "bin" / "python"

    @property
    def site(self) -> Path:
        """Where its distributions are."""
        return next((self.folder / "lib").glob("python3*")) / "site-packages"

    def install(self, name: str, entries: Mapping[str, Mapping[str, str]], source: str, version: str = "1.0") -> None:
        """Install a distribution of one module, as an installer does: the module, and its metadata beside it."""
        (self.site / f"{name}.py").write_text(source, "utf-8")
        self.register(self.site, name, entries, version)

    @staticmethod
    def register(site: Path, name: str, entries: Mapping[str, Mapping[str, str]], version: str = "1.0") -> None:
        """Write the metadata of a distribution into a folder."""
        for old in site.glob(f"{name}-*.dist-info"):
            for file in old.iterdir():
                file.unlink()
            old.rmdir()
        folder = site / f"{name}-{version}.dist-info"
        folder.mkdir(parents=True)
        (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n", "utf-8")
        lines = []
        for group, named in entries.items():
            lines += [f"[{group}]", *(f"{entry} = {value}" for entry, value in named.items()), ""]
        (folder / "entry_points.txt").write_text("\n".join(lines), "utf-8")

    def run(
        self, *words: object, code: str = "", cwd: Path | None = None, safe: bool = True, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """Run the command, or Python code, in this environment."""
        what = ["-c", code] if code else ["-m", "engine"]
        return subprocess.run(
            [str(self.python), *(["-P"] if safe else []), *what, *map(str, words)],
            capture_output=True, text=True, encoding="utf-8", check=False, cwd=cwd or self.folder,
            env={**os.environ, **environment},
        )  # fmt: skip

    def json(self, *words: object, cwd: Path | None = None) -> Any:
        """What a command prints as JSON."""
        done = self.run(*words, "--json", cwd=cwd)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


def make_place(folder: Path) -> Place:
    """Make an environment; takes no network."""
    venv.create(folder, with_pip=False, symlinks=True)
    made = Place(folder)
    seen = [sysconfig.get_path("purelib"), sysconfig.get_path("platlib"), str(ROOT)]
    (made.site / "seen.pth").write_text("\n".join(dict.fromkeys(seen)) + "\n", "utf-8")
    return made


def install_example(place: Place) -> None:
    """Build the example and install it, with the tools that are here and without a network."""
    done = subprocess.run(
        [sys.executable, "-m", "pip", "install", "-q", "--no-build-isolation", "--no-deps", "--no-index",
         "--disable-pip-version-check", "--target", str(place.site), str(EXAMPLE)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
