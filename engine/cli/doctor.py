"""``packsight doctor``: whether everything that packsight stands on works here."""

from __future__ import annotations

import json
import os
import shutil
import sys
from typing import Any

import click

from engine.cli.options import db_option
from engine.cli.session import session
from engine.cli.tables import table
from engine.cli.terminal import visible, write_result
from engine.errors import PacksightError


@click.command(name="doctor")
@db_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(db: str | None, as_json: bool) -> int:
    """Look at git, grammars, tokenizers, cache, database, terminal, extras and plugins; exit 1 when one is broken.

    Changes nothing. What is absent and need not be there is no trouble.
    """
    with session(None, {}, quiet=True, no_cache=False) as opened:
        try:
            config, trouble = opened.inspector.config(None, {"db": db}), ""
        except PacksightError as error:
            config, trouble = None, error.message
        found = opened.inspector.doctor(config)
    found["checks"].insert(1, _terminal())
    if trouble:
        found["checks"].append({"name": "settings", "state": "broken", "detail": trouble})
        found["sound"] = False
    write_result(json.dumps(found, indent=2) if as_json else _text(found))
    return 0 if found["sound"] else 1


def _terminal() -> dict[str, str]:
    size = shutil.get_terminal_size()
    encoding = str(getattr(sys.__stdout__, "encoding", "") or "none")
    if not (sys.stdout and sys.stdout.isatty()):
        return {"name": "terminal", "state": "absent", "detail": f"stdout is none, encoding {encoding}"}
    colours = os.environ.get("COLORTERM") or os.environ.get("TERM") or "unknown"
    detail = f"{size.columns} columns, {size.lines} lines, {colours}, encoding {encoding}"
    return {"name": "terminal", "state": "ok", "detail": detail}


def _text(found: dict[str, Any]) -> str:
    rows = [(check["name"], check["state"], visible(check["detail"])) for check in found["checks"]]
    broken = sum(check["state"] == "broken" for check in found["checks"])
    verdict = "everything needed works" if found["sound"] else f"{broken} broken"
    return f"packsight {found['version']}: {verdict}\n\n{table(('check', 'state', 'detail'), rows)}"
