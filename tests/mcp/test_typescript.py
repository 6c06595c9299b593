"""The SDK that most agents are written with gets on with the server, its checks of schemas included."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.mcp.test_tools import NAMES

SDK = "@modelcontextprotocol/sdk@1.32.2"
HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def modules() -> Path:
    """The SDK, installed once into a folder of its own."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if not npm or not node:
        pytest.skip("node or npm is not installed")
    home = Path(tempfile.gettempdir()) / f"packsight-tests-{os.getuid()}-{SDK.rpartition('@')[2]}"
    if not (home / "node_modules" / "@modelcontextprotocol" / "sdk" / "package.json").exists():
        home.mkdir(mode=0o700, exist_ok=True)
        if home.stat().st_uid != os.getuid():
            pytest.skip(f"{home} belongs to somebody else")
        try:
            done = subprocess.run(
                [npm, "install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", str(home), SDK],
                capture_output=True, text=True, check=False, timeout=120,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            pytest.skip(f"npm did not install {SDK} within two minutes")
        if done.returncode:
            pytest.skip(f"npm could not install {SDK}: {done.stderr[-300:]}")
    shutil.copy(HERE / "client.mjs", home / "client.mjs")
    return home


def test_the_typescript_client_works_with_every_tool(modules: Path, shop: Path) -> None:
    done = subprocess.run(
        ["node", str(modules / "client.mjs"), sys.executable, "-m", "engine", "mcp"],
        cwd=shop.parent, capture_output=True, text=True, check=False, timeout=120,
        env={**os.environ, "TEST_ROOT": str(shop), "PYTHONPATH": str(HERE.parents[1])},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    seen = json.loads(done.stdout.splitlines()[-1])
    assert seen["tools"] == NAMES
    # The client's root, not the folder that the server was started in.
    assert seen["files"] == 6
    assert seen["asked"] == 1
    assert seen["progress"] == sorted(set(seen["progress"]))
    assert seen["progress"]
    assert seen["pages"] > 1
    assert seen["same"]
    assert seen["characters"] > 1000
    assert seen["changes"] >= 1
    assert seen["outside"][0]
    assert "is not below a root of the client" in seen["outside"][1]
    assert seen["wrong"] == [True, "there is no argument 'bugdet'\ndid you mean budget?"]
    assert seen["expanded"].startswith("class Money:")
    assert all(seen["rest"].values()), seen["rest"]
    assert seen["cancelled"]
    assert seen["after"] == 2
