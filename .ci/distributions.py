"""Builds wheel and sdist, and uses both in empty environments of every interpreter that is here.

    python .ci/distributions.py [--pythons PYTHON…] [--minutes N] [--quick]

Checks that the sdist builds the very same wheel, that neither holds anything but the product, and that what is
installed counts and packs. Says which of Python 3.11 to 3.14 are missing here. Fails when anything differs, or the time
is up.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
import tomllib
import venv
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VERSIONS = ("3.11", "3.12", "3.13", "3.14")
IN_WHEEL = ("engine", "tui", "themes")
SDIST_OWN = ("pyproject.toml", "PKG-INFO", ".gitignore")
"""What the builder adds."""
JUNK = ("__pycache__", ".pyc", ".DS_Store", ".orig", ".rej", ".swp", ".egg-info", ".hypothesis", ".env", "~")
LARGEST_BYTES = 40_000_000
TEXT = "One, two: three.\n"


class Failed(Exception):
    """Something is not as it must be."""


class Clock:
    """The time that all of it may take."""

    def __init__(self, seconds: float) -> None:
        self.began_s = time.monotonic()
        self._until_s = self.began_s + seconds

    def left_s(self) -> float:
        """Seconds that are left."""
        left_s = self._until_s - time.monotonic()
        if left_s <= 0:
            raise Failed("the time is up")
        return left_s


def run(clock: Clock, *words: str | Path, cwd: Path, env: dict[str, str] | None = None) -> str:
    """Run a command; gives its stdout."""
    try:
        done = subprocess.run(
            [str(word) for word in words], cwd=cwd, env=env, capture_output=True, text=True, timeout=clock.left_s()
        )
    except subprocess.TimeoutExpired:
        raise Failed("the time is up") from None
    if done.returncode:
        raise Failed(f"{' '.join(map(str, words))}: exit code {done.returncode}\n{done.stderr[-2000:]}")
    return done.stdout


def found_pythons() -> dict[str, Path]:
    """Interpreters of this machine by version, also those that pyenv keeps."""
    found: dict[str, Path] = {}
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    for version in VERSIONS:
        candidates = [*sorted(pyenv.glob(f"{version}.*/bin/python"), reverse=True)]
        named = shutil.which(f"python{version}")
        for candidate in [*candidates, *([Path(named)] if named else [])]:
            if version_of(candidate) == version:
                found[version] = candidate
                break
    return found


def version_of(python: Path) -> str:
    """``3.12``, or nothing where it does not run: a shim of pyenv may lead nowhere."""
    words = [str(python), "-c", "import sys, venv; print('%d.%d' % sys.version_info[:2])"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    return done.stdout.strip()


def build(clock: Clock, source: Path, out: Path, python: Path) -> tuple[Path, Path]:
    """Build the sdist, and the wheel from the sources; then the wheel from the sdist, which must be the same."""
    run(clock, python, "-m", "build", "--no-isolation", "--wheel", "--sdist", "--outdir", out, source, cwd=out)
    wheel, sdist = next(out.glob("*.whl")), next(out.glob("*.tar.gz"))
    again = out / "again"
    again.mkdir()
    with tarfile.open(sdist) as archive:
        archive.extractall(again, filter="data")
    unpacked = next(again.iterdir())
    run(clock, python, "-m", "build", "--no-isolation", "--wheel", "--outdir", again, unpacked, cwd=again)
    if contents(wheel) != contents(next(again.glob("*.whl"))):
        raise Failed("the sdist builds another wheel than the sources")
    return wheel, sdist


def contents(wheel: Path) -> dict[str, bytes]:
    """Every file of a wheel."""
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def check_contents(wheel: Path, sdist: Path) -> None:
    """Refuse what belongs into neither."""
    with tarfile.open(sdist) as archive:
        inside = [name.partition("/")[2] for name in archive.getnames()]
    packed = [name for name in contents(wheel) if ".dist-info/" not in name and ".data/" not in name]
    with (ROOT / "pyproject.toml").open("rb") as file:
        included = tomllib.load(file)["tool"]["hatch"]["build"]["targets"]["sdist"]["include"]
    for names, allowed, where in ((packed, IN_WHEEL, "wheel"), (inside, (*included, *SDIST_OWN), "sdist")):
        strange = [name for name in names if name and name.partition("/")[0] not in allowed]
        junk = [name for name in names if any(f"{mark}/" in name or name.endswith(mark) for mark in JUNK)]
        if strange or junk:
            raise Failed(f"the {where} holds {(strange + junk)[:5]}")
    for path in (wheel, sdist):
        if path.stat().st_size > LARGEST_BYTES:
            raise Failed(f"{path.name} has {path.stat().st_size:,} bytes")


def use(clock: Clock, distribution: Path, python: Path, at: Path) -> None:
    """Install into an empty environment, and count and pack with it."""
    run(clock, python, "-m", "venv", at, cwd=at.parent)
    scripts = at / ("Scripts" if os.name == "nt" else "bin")
    run(clock, scripts / "python", "-m", "pip", "install", "-q", "-c", ROOT / "constraints.txt", distribution, cwd=at)
    project, home = at / "project", at / "home"
    (project / "shop").mkdir(parents=True)
    (project / "shop" / "money.py").write_text('"""Money."""\n\n\ndef total(prices):\n    return sum(prices)\n')
    (project / "README.md").write_text("# Shop\n\nIt sells nothing.\n")
    run(clock, "git", "init", "-q", ".", cwd=project)
    env = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "PACKSIGHT_", "GIT_"))}
    env |= {f"PACKSIGHT_{name}_DIR": str(home / name) for name in ("CACHE", "DATA", "CONFIG")}
    packsight = scripts / "packsight"
    version = run(clock, packsight, "--version", cwd=project, env=env)
    if version.split()[-1] not in distribution.name:
        raise Failed(f"{distribution.name} installs {version.strip()}")
    row = json.loads(run(clock, packsight, "count", TEXT, "--json", "-m", "gpt-5.5", cwd=project, env=env))
    if (row["count"], row["method"]) != (6, "exact"):
        raise Failed(f"counted {row['count']} tokens, {row['method']}")
    words = ("pack", ".", "--budget", "600", "--json", "--quiet")
    packed = json.loads(run(clock, packsight, *words, cwd=project, env=env))
    if "def total(prices)" not in packed["text"] or not 0 < packed["report"]["actual"] <= 600:
        raise Failed("the pack is not what it must be")


def main() -> int:
    """Build once, use everywhere."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pythons", nargs="+", metavar="PYTHON", help="interpreters instead of those found here")
    parser.add_argument("--minutes", type=float, default=15.0, help="what all of it may take (default 15)")
    parser.add_argument("--quick", action="store_true", help="install the wheel everywhere, the sdist only once")
    options = parser.parse_args()
    clock = Clock(60 * options.minutes)
    named = {version_of(Path(one)): Path(one) for one in options.pythons or ()}
    pythons = named or found_pythons()
    with tempfile.TemporaryDirectory(prefix="packsight-dist-") as folder:
        work = Path(folder)
        try:
            venv.create(work / "builder", with_pip=True)
            builder = work / "builder" / ("Scripts" if os.name == "nt" else "bin") / "python"
            pinned = ("-c", ROOT / "constraints.txt", "build", "hatchling")
            run(clock, builder, "-m", "pip", "install", "-q", *pinned, cwd=work)
            (work / "dist").mkdir()
            wheel, sdist = build(clock, ROOT, work / "dist", builder)
            check_contents(wheel, sdist)
            print(
                f"{wheel.name} {wheel.stat().st_size:,} bytes, {sdist.name} {sdist.stat().st_size:,} bytes", flush=True
            )
            for number, (version, python) in enumerate(pythons.items()):
                for distribution in (wheel, sdist)[: 1 if options.quick and number else 2]:
                    use(clock, distribution, python, work / f"{version}-{distribution.suffix[1:]}")
                    print(f"Python {version}: {distribution.name} counts and packs", flush=True)
        except Failed as failure:
            print(f"distributions: {failure}", file=sys.stderr)
            return 1
    missing = [version for version in VERSIONS if version not in pythons]
    print(f"not here: Python {', '.join(missing)}" if missing else "every version is here")
    print(f"{time.monotonic() - clock.began_s:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
