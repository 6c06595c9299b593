"""``packsight telemetry export --otlp-endpoint``: recorded calls for an OpenTelemetry collector."""

from __future__ import annotations

import click
from click.core import ParameterSource

from engine.cli.session import session
from engine.cli.terminal import write_result
from engine.errors import UsageError

_WITH_IT = frozenset({"otlp_endpoint", "db", "quiet"})


def send(endpoint: str, db: str | None, quiet: bool) -> None:
    """Send what a collector does not have, and say how much that was.

    Raises:
        UsageError: options that pick or write calls were given too: then a call could be passed over for good.
        PacksightError: as ``Telemetry.send``.
    """
    context = click.get_current_context()
    for parameter in context.command.params:
        name = parameter.name or ""
        if name not in _WITH_IT and context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            raise UsageError(
                f"{parameter.opts[0]} does not go with --otlp-endpoint",
                "a collector receives every call, and each one once",
            )
    with session(None, {"db": db}, quiet=quiet, no_cache=True) as opened:
        done = opened.inspector.telemetry(opened.config).send(endpoint)
    calls = f"{done['spans']:,} call{'' if done['spans'] == 1 else 's'}"
    write_result(f"{calls} sent to {done['endpoint']}; {done['measured']:,} added to its metrics")
