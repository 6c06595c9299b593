"""Recorded calls as text for people."""

from __future__ import annotations

from typing import Any

from engine.cli.tables import middle, table
from engine.cli.terminal import visible
from engine.cli.trace_text import trace_text
from engine.telemetry.periods import Period

_MODEL = 18
_MARKS = {"complete": " ", "truncated": "✂", "failed": "✗", "unknown": "?"}


def list_text(page: dict[str, Any]) -> str:
    """One line a call; a mark says how it ended."""
    if not page["events"]:
        return "no recorded calls" if not page["offset"] else f"{page['total']:,} recorded calls, none from there on"
    rows = [
        (
            event["event_id"],
            event["timestamp"][:16].replace("T", " "),
            middle(visible(event["model"]), _MODEL),
            middle(_work(event), 20),
            _count(event["selected_budget"]),
            _ceiling(event),
            _MARKS[event["outcome"]],
            _count(event["actual_output_tokens"]),
        )
        for event in page["events"]
    ]
    head = ("id", "when (UTC)", "model", "work", _right("wanted"), _right("sent"), "", _right("came"))
    shown = f"{page['offset'] + 1:,} to {page['offset'] + len(rows):,} of {page['total']:,}, newest first"
    legend = "✂ cut off   ✗ failed   ? ending unknown   ~ ceiling not measured"
    return f"{table(head, rows)}\n\n{shown}\n{legend}"


def event_text(event: dict[str, Any]) -> str:
    """Everything that is known of a call."""
    facts = [
        (name.replace("_", " "), visible(_fact(value)))
        for name, value in event.items()
        if name not in ("trace", "deliverables") and value not in (None, "", [])
    ]
    width = max(len(name) for name, _ in facts)
    parts = ["\n".join(f"{name.ljust(width)}  {value}" for name, value in facts)]
    if event["deliverables"]:
        more = event["deliverable_count"] - len(event["deliverables"])
        names = [f"  {visible(path)}" for path in event["deliverables"]] + ([f"  … {more:,} more"] if more > 0 else [])
        parts.append("\n".join(["deliverables", *names]))
    if event["trace"]:
        parts.append(trace_text(event["trace"]))
    return "\n\n".join(parts)


def report_text(report: dict[str, Any]) -> str:
    """Groups with their truncation and wastes, and what the figures mean."""
    groups, total = report["groups"], report["total"]
    if not total["n"]:
        return "no recorded calls"
    rows = [(*_names(group), *_figures(group)) for group in groups]
    rows.append(("all", "", *_figures(total)))
    first = (_period(groups[0]), "") if _period(groups[0]) else ("work", "model")
    names = ("calls", "cut off", "ceiling", "intent", "predicted", "cover")
    head = (*first, *map(str.rjust, names, (7, 8, 8, 7, 9, 6)))
    lines = [table(head, rows), ""]
    if total["truncation"] is not None:
        low, high = total["truncation_interval"]
        lines.append(f"cut off: {total['truncation']:.1%} of {total['judged']:,} calls ({low:.1%} to {high:.1%})")
    lines.append(
        f"{total['reserved_tokens']:,} tokens reserved, {total['used_tokens']:,} used; what is not used is not billed"
    )
    if total["cost_usd"] is not None:
        lines.append(f"{total['cost_usd']:,.2f} USD for the {total['priced']:,} calls whose price is known")
    lines += [
        "ceiling: sent / came back, median.  intent: wanted / came back.  predicted: estimate / came back.",
        "cover: share of calls whose ceiling was measured; the others count with what was wanted.",
    ]
    if any(group["coverage_warning"] for group in groups) or total["coverage_warning"]:
        lines.append("! below 80 % cover, the ceiling column says more about budgets than about ceilings")
    for one in report["refused"]:
        lines.append(f"refused as impossible: {one['rows']:,} of {visible(one['source'])}, {one['reason']}")
    return "\n".join(lines)


def packs_text(found: dict[str, Any]) -> str:
    """One line a pack."""
    if not found["packs"]:
        return "no recorded packs"
    rows = [
        (
            pack["timestamp"][:16].replace("T", " "),
            middle(visible(pack["model"]), _MODEL),
            middle(visible("/".join(part for part in (pack["made_by"], pack["intent"]) if part)), 15) or "–",
            *(_count(pack[name]) for name in ("budget", "est_used", "actual", "sent")),
            f"{pack['quality']:.2f}",
        )
        for pack in found["packs"]
    ]
    head = ("when (UTC)", "model", "for", *map(_right, ("budget", "expected", "counted", "sent")), "quality")
    lines = [table(head, rows), "", f"{len(rows):,} of {found['total']:,}, newest first"]
    lines += [_count_error(one) for one in found["errors"]]
    return "\n".join(lines)


def _count_error(one: dict[str, Any]) -> str:
    named = f"{visible(one['model'])}, {visible(one['encoding'])} ({one['method']})"
    band = f"{one['low']:+.2%} to {one['high']:+.2%} for 19 of 20"
    return f"{named}: sent is {one['middle']:+.2%} of counted, {band}, {one['packs']:,} packs"


def _names(group: dict[str, Any]) -> tuple[str, str]:
    if period := _period(group):
        return group[period], ""
    return middle(_work(group), 22), middle(visible(group["model"]) or visible(group["provider"]) or "–", _MODEL)


def _period(group: dict[str, Any]) -> str:
    return next((period for period in Period if period in group), "")


def _work(event: dict[str, Any]) -> str:
    return visible("/".join(part for part in (event["category"], event["complexity"]) if part)) or "–"


def _figures(group: dict[str, Any]) -> tuple[str, ...]:
    warned = "!" if group["coverage_warning"] else ""
    return (
        f"{group['n']:,}".rjust(7),
        _share(group["truncation"]).rjust(8),
        _ratio(group["ceiling_waste"]["p50"]).rjust(8),
        _ratio(group["intent_waste"]["p50"]).rjust(7),
        _ratio(group["prediction_ratio"]).rjust(9),
        (warned + _share(group["coverage"], 0)).rjust(6),
    )


def _ceiling(event: dict[str, Any]) -> str:
    if event["actual_max_tokens"] is None:
        return _count(None)
    doubt = "" if event["ceiling_source"] in ("sent", "imported") else "~"
    return _right(f"{doubt}{event['actual_max_tokens']:,}")


def _count(number: int | None) -> str:
    return _right("–" if number is None else f"{number:,}")


def _right(text: str) -> str:
    return text.rjust(8)


def _share(share: float | None, places: int = 1) -> str:
    return "–" if share is None else f"{share:.{places}%}"


def _ratio(ratio: float | None) -> str:
    return "–" if ratio is None else f"{ratio:.2f}×"


def _fact(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:,}" if isinstance(value, int) else str(value)
