"""What is installed with packsight: pinned, hashed, in step with ``pyproject.toml``, its licences allowed."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import NormalizedName, canonicalize_name

from benchmarks.licences import known, licence_of
from benchmarks.licences import pins as pinned_versions

ROOT = Path(__file__).parents[2]
FILES = {"run": (), "test": ("test",), "dev": ("dev",), "gateway": ("litellm", "otel")}
"""Each file of requirements with the extras it is for."""
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
AGAIN = "make it anew: .ci/lock"


def entries(name: str) -> dict[NormalizedName, tuple[Requirement, list[str]]]:
    """What a file says, as pip reads it: requirements with their hashes."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text("utf-8").replace("\\\n", " ")
    found: dict[NormalizedName, tuple[Requirement, list[str]]] = {}
    for line in text.splitlines():
        words, *hashes = re.split(r"\s+--hash=", line)
        if words and not words.startswith("#"):
            requirement = Requirement(words.strip())
            found[canonicalize_name(requirement.name)] = requirement, [one.strip() for one in hashes]
    return found


def wanted(extras: tuple[str, ...]) -> Iterator[Requirement]:
    """Direct requirements of the project with some extras, and of building it."""
    project = PROJECT["project"]
    named = [*project["dependencies"], *PROJECT["build-system"]["requires"]]
    for extra in extras:
        named += project["optional-dependencies"][extra]
    for words in named:
        requirement = Requirement(words)
        if canonicalize_name(requirement.name) == "packsight":
            yield from wanted(tuple(sorted(requirement.extras)))
        else:
            yield requirement


@pytest.mark.parametrize("name", FILES)
def test_every_requirement_is_pinned_within_its_bounds_and_hashed(name: str) -> None:
    pinned = entries(name)
    for requirement in wanted(FILES[name]):
        assert canonicalize_name(requirement.name) in pinned, f"{requirement} is not in {name}.txt; {AGAIN}"
        (pin,) = pinned[canonicalize_name(requirement.name)][0].specifier
        assert requirement.specifier.contains(pin.version, prereleases=True), f"{requirement}, {pin}; {AGAIN}"
    for requirement, hashes in pinned.values():
        (pin,) = requirement.specifier
        assert pin.operator == "=="
        assert hashes, requirement
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", one) for one in hashes), requirement


@pytest.mark.parametrize("name", FILES)
def test_what_is_needed_by_what_is_needed_is_pinned_too(name: str) -> None:
    pinned = entries(name)
    waiting = [(canonicalize_name(one.name), frozenset(one.extras)) for one in wanted(FILES[name])]
    seen = set(waiting)
    while waiting:
        package, extras = waiting.pop()
        try:
            needs = distribution(package).requires or []
        except PackageNotFoundError:
            continue  # for another system, or of an extra that is not installed
        for requirement in map(Requirement, needs):
            marker = requirement.marker
            if marker and not any(marker.evaluate({"extra": extra}) for extra in (*extras, "")):
                continue
            one = canonicalize_name(requirement.name), frozenset(requirement.extras)
            assert one[0] in pinned, f"{package} needs {requirement}; {AGAIN}"
            waiting += [one] if one not in seen else []
            seen.add(one)


def test_the_files_agree_with_each_other_and_with_the_versions_that_were_chosen() -> None:
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    chosen = [Requirement(line) for line in lines if line and not line.startswith("#")]
    versions = {canonicalize_name(one.name): str(one.specifier) for one in chosen}
    run, test, dev = (entries(name) for name in ("run", "test", "dev"))
    assert set(run) <= set(test) <= set(dev)
    for pinned in (run, test, dev):
        for name, (requirement, hashes) in pinned.items():
            assert str(requirement.specifier) == versions.get(name, str(requirement.specifier)), AGAIN
            assert (str(requirement.specifier), hashes) == (str(dev[name][0].specifier), dev[name][1])
    # The environment of the gateway's tests may differ in what only LiteLLM bounds; what people get is the same.
    gateway = entries("gateway")
    assert {name: gateway[name] for name in run} == run


@pytest.mark.parametrize("name", ["constraints.txt", *(f"requirements/{name}.txt" for name in FILES)])
def test_no_file_names_an_index_an_address_or_a_place(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    for word in ("://", "--index", "--extra-index", "--find-links", "--trusted-host", " @ ", "file:", "/home", "/tmp"):
        assert word not in text
    assert {line.split()[0] for line in text.splitlines() if line.startswith("-")} == set()


def test_readme_ci_and_action_install_nothing_without_hashes() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    for mark in ("start", "test"):
        command = readme.partition(f"<!-- {mark} -->\n```\n")[2].partition("\n```")[0]
        assert_hashed(command.split(" && "))
    assert_hashed((ROOT / ".ci" / "run").read_text("utf-8").splitlines())
    assert_hashed((ROOT / "action.yml").read_text("utf-8").replace("\\\n", " ").splitlines())


def assert_hashed(commands: list[str]) -> None:
    """Each call of pip either needs hashes or installs only what is here."""
    calls = [one for one in commands if re.search(r'pip"? install', one)]
    assert calls
    for one in calls:
        assert "--require-hashes" in one or ("--no-deps" in one and "://" not in one), one


def test_every_licence_was_looked_at() -> None:
    allowed = tomllib.loads((Path(__file__).parent / "allowed_licences.toml").read_text("utf-8"))
    rows, everyone = known(), pinned_versions("dev")
    again = "python -m benchmarks licences > docs/licences.md"
    assert {name: row.version for name, row in rows.items()} == everyone, again
    always = set(allowed["permissive"]) | set(allowed["weak_copyleft"])
    for name, row in rows.items():
        parts = set(re.split(r" (?:AND|OR) |[()]", row.licence.strip())) - {""}
        assert parts <= always | set(allowed["extras_only"]), f"{name}: {row.licence}"
        if name in pinned_versions("run"):
            assert parts <= always, f"{name} comes with every installation: {row.licence}"
        assert licence_of(name) in (None, row.licence.strip()), f"{name}; {again}"


def test_the_audit_never_fails_for_what_it_cannot_ask(tmp_path: Path) -> None:
    none = audit(tmp_path, PIP_AUDIT=str(tmp_path / "none"))
    assert (none.returncode, len(none.stdout.splitlines())) == (0, 1), none.stderr
    assert none.stdout.startswith("audit skipped: no vulnerability data here")
    assert "nothing was checked" in none.stdout
    down = audit(tmp_path, PIP_AUDIT=fake(tmp_path, "echo 'no route to host' >&2; exit 1"))
    assert down.returncode == 0
    assert down.stdout.count("nothing was checked: no route to host") == 2
    assert "0 vulnerabilities" not in none.stdout + down.stdout


@pytest.mark.parametrize("bug", [{"id": "PYSEC-1", "fix_versions": ["9"]}, None])
def test_the_audit_fails_for_a_vulnerability_and_for_nothing_else(
    tmp_path: Path, bug: dict[str, object] | None
) -> None:
    report = {"dependencies": [{"name": "click", "version": "8.5.1", "vulns": [bug] if bug else []}]}
    (tmp_path / "report.json").write_text(json.dumps(report))
    write = f'while [ "$1" != --output ]; do shift; done; cat {tmp_path}/report.json >"$2"; exit 1'
    done = audit(tmp_path, PIP_AUDIT=fake(tmp_path, write))
    assert done.returncode == (1 if bug else 0), done.stderr
    assert ("click 8.5.1: PYSEC-1, mended in 9" in done.stdout) == bool(bug)


def audit(tmp_path: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the step of the continuous integration."""
    environment = {**os.environ, "PYTHON": sys.executable, "TMPDIR": str(tmp_path), **variables}
    return subprocess.run(
        [str(ROOT / ".ci" / "audit")], env=environment, capture_output=True, text=True, timeout=60, check=False
    )


def fake(tmp_path: Path, script: str) -> str:
    """A program in the place of pip-audit."""
    path = tmp_path / "pip-audit"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return str(path)
