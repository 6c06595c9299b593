"""``packsight spec``: what it says of the commands is what they are, and what they print fits its schemas."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
import jsonschema
import pytest

from engine.cli.app import COMMANDS, cli
from engine.cli.described import results
from tests.docs.outputs import outputs, printed

PROMISED = (
    "budget", "cache status", "calibrate --backtest", "check", "config show", "count", "db status", "estimate",
    "models", "pack --report", "profile list", "profile show", "scan", "search", "telemetry list", "telemetry report",
)  # fmt: skip


@pytest.fixture(scope="module")
def spec() -> dict[str, Any]:
    found: dict[str, Any] = printed("spec", "--json")
    return found


def test_every_command_that_runs_is_there_with_all_its_parameters(spec: dict[str, Any]) -> None:
    rows = {row["name"]: row for row in spec["commands"]}
    assert {name.partition(" ")[0] for name in rows} == set(COMMANDS)
    for name, row in rows.items():
        command: click.Command = cli
        context = click.Context(cli)
        for word in name.split():
            assert isinstance(command, click.Group)
            found = command.get_command(context, word)
            assert found is not None
            command = found
        assert [one["name"] for one in row["parameters"]] == [one.name for one in command.params]
        assert row["summary"]
        for one, real in zip(row["parameters"], command.params, strict=True):
            assert one["flags"] == ([*real.opts, *real.secondary_opts] if isinstance(real, click.Option) else [])
            assert one["choices"] == list(map(str, getattr(real.type, "choices", ())))
            assert one["required"] is real.required
            assert one["kind"] == real.param_type_name


def test_exit_codes_defaults_limits_and_variables_are_told(spec: dict[str, Any]) -> None:
    assert list(spec["exit_codes"]) == ["0", "1", "2", "3", "4", "130"]
    rows = {row["name"]: {one["name"]: one for one in row["parameters"]} for row in spec["commands"]}
    limit = rows["search"]["limit"]
    assert (limit["default"], limit["limits"], limit["type"]) == (20, {"min": 1}, "integer range")
    assert rows["pack"]["model"]["environment"] == "PACKSIGHT_MODEL"
    assert rows["count"]["models"]["multiple"]
    assert rows["cache prune"]["days"]["limits"] == {"min": 0, "max": 36_500}
    assert rows["scan"]["path"]["default"] == "."


def test_the_schemas_are_schemas_and_all_that_are_promised_are_there(spec: dict[str, Any]) -> None:
    for name, schema in results().items():
        jsonschema.Draft202012Validator.check_schema(schema)
        command = name.partition(" -")[0]
        assert any(row["name"] == command for row in spec["commands"]), name
    assert set(PROMISED) <= set(results())
    rows = {row["name"]: row for row in spec["commands"]}
    assert rows["count"]["result"] == results()["count"]
    assert rows["pack"]["results_with"] == {
        "--report": results()["pack --report"],
        "--split": results()["pack --split"],
    }


def test_what_the_commands_print_fits_their_schemas(tmp_path: Path) -> None:
    schemas = results()
    seen = set()
    for name, value in outputs(tmp_path):
        if name == "spec":
            continue
        seen.add(name)
        errors = [
            f"{name}{error.json_path[1:]}: {error.message[:200]}"
            for error in jsonschema.Draft202012Validator(schemas[name]).iter_errors(value)
        ]
        assert not errors, "\n".join([*errors, "if that is meant: python -m tests.docs.infer NEW-FOLDER widens them"])
    assert set(PROMISED) <= seen


@pytest.mark.parametrize("name", PROMISED)
def test_a_schema_refuses_what_the_command_never_prints(name: str) -> None:
    for wrong in (7, {"unknown": 1}, [{"unknown": 1}], None):
        value: Any = {"model": wrong} if name == "config show" else wrong  # its keys are settings
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(value, results()[name])


def test_one_command_is_described_as_text_and_a_wrong_one_named(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    from engine.cli.app import main

    assert main(["spec"]) == 0
    shown = capfdbinary.readouterr().out.decode()
    assert all(name in shown for name in COMMANDS)
    assert main(["spec", "telemetry", "list"]) == 0
    shown = capfdbinary.readouterr().out.decode()
    assert shown.startswith("Usage: packsight telemetry list")
    assert "--spread" in shown
    assert "dedupe_key" in shown
    assert main(["spec", "telemetri", "list", "--json"]) == 2
    assert "did you mean telemetry list" in capfdbinary.readouterr().err.decode()
    assert main(["spec", "cache", "--json"]) == 0
    only = json.loads(capfdbinary.readouterr().out)["commands"]
    assert [row["name"] for row in only] == ["cache status", "cache prune", "cache clear"]
