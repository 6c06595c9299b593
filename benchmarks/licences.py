"""Licences of everything that is installed with packsight: ``python -m benchmarks licences``.

Read from the metadata of what is installed. What that says in other words than the SPDX list, and packages for other
systems, are in ``licence_words.toml``.
"""

from __future__ import annotations

import argparse
import re
import sys
import tomllib
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "licences.md"
_PIN = re.compile(r"^(?P<name>[A-Za-z0-9_.-]+)==(?P<version>[^\s;\\]+)", re.MULTILINE)
_ROW = re.compile(
    r"^\| (?P<name>[^ |]+) \| (?P<version>\d[^ |]*) \| (?P<licence>[^|]+) \| (?P<where>[^|]+) \|$", re.MULTILINE
)
_WHERE = {"run": "every installation", "test": "extras and tests", "dev": "development"}
_HEAD = """# Licences of what is installed beside packsight

Nothing of these packages is copied into packsight; pip installs them under their own licences. `requirements/*.txt`
pins them. The list is made from their metadata by `python -m benchmarks licences > docs/licences.md`; a licence that is
not among those of `tests/security/allowed_licences.toml` fails the tests. Data that packsight itself ships is listed
in [THIRD_PARTY.md](../THIRD_PARTY.md).

| package | version | licence | installed with |
|---|---|---|---|
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One package."""

    name: str
    version: str
    licence: str
    where: str


def canonical(name: str) -> str:
    """A name of a package as indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(which: str) -> dict[str, str]:
    """Versions by canonical name of a requirements file."""
    text = (ROOT / "requirements" / f"{which}.txt").read_text("utf-8")
    return {canonical(found["name"]): found["version"] for found in _PIN.finditer(text)}


def known() -> dict[str, Row]:
    """Rows of the page as it is."""
    text = PAGE.read_text("utf-8") if PAGE.exists() else ""
    return {found["name"]: Row(**found.groupdict()) for found in _ROW.finditer(text)}


def licence_of(name: str) -> str | None:
    """The licence that a package states, in SPDX words where they are known; None when it is not installed."""
    words = tomllib.loads((Path(__file__).parent / "licence_words.toml").read_text("utf-8"))
    if name in words["packages"]:
        return str(words["packages"][name])
    try:
        facts = metadata(name)
    except PackageNotFoundError:
        return None
    if stated := facts.get_all("License-Expression"):
        return str(stated[0]).strip()
    prefix = "License :: OSI Approved :: "
    classes = [one.removeprefix(prefix) for one in facts.get_all("Classifier") or [] if one.startswith(prefix)]
    text = "".join(facts.get_all("License") or []).partition("\n")[0].strip()
    for said in (*classes, text):
        if said in words["words"]:
            return str(words["words"][said])
    return " and ".join(classes) or text or "not stated"


def rows() -> list[Row]:
    """One row for each pinned package, by name."""
    found: dict[str, Row] = {}
    for which in ("dev", "test", "run"):
        for name, version in pins(which).items():
            found[name] = Row(name, version, licence_of(name) or "not known on this system", _WHERE[which])
    return [found[name] for name in sorted(found)]


def main(arguments: list[str] | None = None) -> int:
    """Print the page."""
    argparse.ArgumentParser(prog="benchmarks licences", description=__doc__).parse_args(arguments)
    print(_HEAD + "\n".join(f"| {row.name} | {row.version} | {row.licence} | {row.where} |" for row in rows()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
