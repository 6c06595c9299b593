"""Tools for the answer's half of the window: estimating it, recording what came back, reporting."""

from __future__ import annotations

import datetime
import uuid

from engine.budgets.task import Task
from engine.errors import InputError
from engine.mcp.call import Call, Outcome, Tool
from engine.mcp.results import Estimated, Recorded, Telemetry
from engine.mcp.words import EstimateOutput, RecordUsage, TelemetryReport, Words
from engine.telemetry.by_hand import event_by_hand
from engine.telemetry.filters import EventFilter
from engine.telemetry.since import read_moment


def estimate_output(call: Call, words: EstimateOutput) -> Outcome:
    """Decide how many output tokens to allow."""
    task = Task(
        category=words.category,
        complexity=words.complexity,
        deliverables=words.deliverables,
        description=words.description,
        scope=tuple(words.scope),
        # No disk is looked at unless a folder is named.
        workspace=call.path(words.workspace) if words.workspace else None,
        mode=words.mode,
    )
    report = call.inspector.estimate(
        task,
        call.config(None, words),
        provider=words.provider,
        hard_cap_tokens=words.hard_cap or None,
        used_tokens=words.context_used,
        streaming=words.streaming,
    )
    return call.outcome(report)


def record_usage(call: Call, words: RecordUsage) -> Outcome:
    """Write a call down."""
    own = set(Words.model_fields)
    told = words.model_dump(mode="json").items()
    given = {name: value for name, value in told if name not in own and value not in ("", None)}
    key = str(given.setdefault("dedupe_key", uuid.uuid4().hex))
    if given == {"dedupe_key": key, "failed": False}:
        raise InputError("there is nothing to record", "say at least model and actual_output_tokens")
    done = call.inspector.telemetry(call.config(None)).record([event_by_hand(given)])
    if done["refused"]:
        raise InputError(f"the call was not recorded: {'; '.join(done['refused'])}", "check the counts")
    return call.outcome({**{name: done[name] for name in ("added", "updated", "unchanged")}, "dedupe_key": key})


def telemetry_report(call: Call, words: TelemetryReport) -> Outcome:
    """How often answers were cut off, and what was reserved in vain."""
    now = datetime.datetime.now(datetime.UTC)
    wanted = EventFilter(
        since=read_moment(words.since, now) if words.since else None,
        until=read_moment(words.until, now) if words.until else None,
        providers=tuple(words.providers),
        models=tuple(words.models),
        categories=tuple(words.categories),
        complexities=tuple(words.complexities),
    )
    telemetry = call.inspector.telemetry(call.config(None))
    found = telemetry.report(wanted)
    if words.daily:
        found["days"] = telemetry.daily(wanted)
    return call.outcome(found)


OUTPUT = (
    Tool(
        "estimate_output",
        "Estimate the output budget",
        "How many output tokens to allow a call (selected_budget, actual_max_tokens), with the decision trace.",
        EstimateOutput,
        Estimated,
        estimate_output,
    ),
    Tool(
        "record_usage",
        "Record a call",
        "Write down what a call was allowed and what came back, so that later estimates are better. Never its texts.",
        RecordUsage,
        Recorded,
        record_usage,
        reads_paths=False,
        writes=True,
        idempotent=False,
    ),
    Tool(
        "telemetry_report",
        "Report on recorded calls",
        "How often answers were cut off, and how much was reserved that nobody used, by kind of work and model.",
        TelemetryReport,
        Telemetry,
        telemetry_report,
        reads_paths=False,
    ),
)
