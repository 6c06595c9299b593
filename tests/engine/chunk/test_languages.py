"""Languages are told by name, extension or first line."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from importlib.resources import files

import pytest

from engine.chunk import detect_language


@pytest.mark.parametrize(
    ("path", "head", "language"),
    [
        ("a/b.py", b"", "python"),
        ("a/b.PY", b"", "python"),
        ("x.test.ts", b"", "typescript"),
        ("x.d.ts", b"", "typescript"),
        ("App.tsx", b"", "tsx"),
        ("src/lib.rs", b"", "rust"),
        ("a.h", b"int f(void);\n", "c"),
        ("a.h", b"namespace x {\n", "cpp"),
        ("Makefile", b"", "make"),
        ("Dockerfile", b"", "dockerfile"),
        ("Dockerfile.dev", b"", "dockerfile"),
        ("bin/run", b"#!/usr/bin/env python3\n", "python"),
        ("bin/run", b"#!/usr/bin/env -S node --x\n", "javascript"),
        ("bin/run", b"#!/bin/sh\n", "bash"),
        ("docs/intro.txt", b"Title\n=====\n\ntext\n", "rst"),
        ("notes.txt", b"just some words\n", "text"),
        ("x.blade.php", b"", "blade"),
        (".gitignore", b"", "ignore"),
        (".env.local", b"", "ini"),
        ("setup.cfg", b"", "ini"),
        ("main.tf", b"", "hcl"),
        ("noextension", b"hello", None),
        ("odd.zzz", b"", None),
    ],
)
def test_detects(path: str, head: bytes, language: str | None) -> None:
    assert detect_language(path, head) == language


def test_table_is_wide_and_consistent() -> None:
    table = tomllib.loads((files("engine.chunk") / "languages.toml").read_text("utf-8"))
    assert len(table) >= 100
    claimed = [word for row in table.values() for word in row.get("extensions", ())]
    assert len(claimed) == len(set(claimed))


def test_importing_the_room_loads_no_parser() -> None:
    code = "import engine.chunk, sys; sys.exit(any(name.startswith('tree_sitter') for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
