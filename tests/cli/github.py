"""A composite action, run as GitHub runs it: every step by its shell, values through the environment and files."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

_EXPRESSION = re.compile(r"\$\{\{\s*([\w.-]+)\s*\}\}")
_SHELL = ("bash", "--noprofile", "--norc", "-eo", "pipefail")
"""How GitHub calls ``shell: bash``."""


@dataclass
class ActionRun:
    """What an action did."""

    code: int
    log: str
    summary: str
    outputs: dict[str, str] = field(default_factory=dict)
    """Of the action."""


def run_action(
    action: Path, workspace: Path, temp: Path, inputs: Mapping[str, str], event: Mapping[str, Any], **variables: str
) -> ActionRun:
    """Run all steps of an action in a workspace, until one fails.

    Args:
        action: Folder with ``action.yml``.
        workspace: Where the repository is checked out.
        temp: Folder for the files of the runner; steps of one job share it.
        inputs: What the workflow gives; others have their defaults.
        event: The webhook's event.
        variables: Of the environment of all steps.
    """
    told = yaml.safe_load((action / "action.yml").read_text("utf-8"))
    assert set(inputs) <= set(told["inputs"])
    known: dict[str, Any] = {
        "inputs": {**{name: one.get("default", "") for name, one in told["inputs"].items()}, **inputs},
        "github": {"action_path": str(action), "event": event},
        "steps": {},
    }
    run = ActionRun(0, "", "")
    for number, step in enumerate(told["runs"]["steps"]):
        assert step["shell"] == "bash"
        # Whatever is written into the text of a script can be a command.
        assert "${{" not in step["run"]
        files = {name: temp / f"{name}.{number}" for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GITHUB_ENV")}
        for file in files.values():
            file.write_text("")
        script = temp / f"step.{number}.sh"
        script.write_text(step["run"], "utf-8")
        done = subprocess.run(
            [*_SHELL, str(script)],
            cwd=workspace,
            env={
                **os.environ, **variables, **{name: str(file) for name, file in files.items()},
                "GITHUB_ACTIONS": "true", "RUNNER_TEMP": str(temp), "GITHUB_WORKSPACE": str(workspace),
                **{name: _filled(str(value), known) for name, value in step.get("env", {}).items()},
            },
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        run.log += done.stdout + done.stderr
        run.summary += files["GITHUB_STEP_SUMMARY"].read_text("utf-8")
        if "id" in step:
            lines = files["GITHUB_OUTPUT"].read_text("utf-8").splitlines()
            known["steps"][step["id"]] = {"outputs": dict(line.split("=", 1) for line in lines)}
        if done.returncode:
            run.code = done.returncode
            break
    run.outputs = {name: _filled(one["value"], known) for name, one in told["outputs"].items()}
    return run


def _filled(text: str, known: Mapping[str, Any]) -> str:
    def value(match: re.Match[str]) -> str:
        at: Any = known
        for part in match[1].split("."):
            at = at.get(part) if isinstance(at, Mapping) else None
        return "" if at is None else str(at)

    return _EXPRESSION.sub(value, text)
