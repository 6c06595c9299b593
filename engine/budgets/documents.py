"""Documents that cost more than their files: those put together from much reading, and logs that are extended."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from engine.budgets.files import Deliverable, is_document
from engine.budgets.tables import deliverables as tables

SYNTHESIS = "doc_synthesis"
SOT_UPDATE = "doc_sot_update"


@dataclass(frozen=True, slots=True)
class Document:
    """What makes documents special. Only meaningful when every deliverable is one."""

    category: str
    """``doc_synthesis``, ``doc_sot_update``, or ``""`` when nothing is special."""
    tokens: float
    """Output tokens before the safety margin, 0.0 when nothing is special."""
    why: str
    api_reference_required: bool
    examples_required: bool
    research_required: bool
    usage_guide_required: bool
    context_quality: str
    """``none``, ``some`` or ``strong``."""
    sot_file_name: str
    """Name of the log that is kept up to date, or ``""``."""


def read_documents(deliverables: Sequence[Deliverable], description: str, scope_paths: int) -> Document | None:
    """Tell what kind of documents the deliverables are; None when one of them is no document, or there is none."""
    if not deliverables or not all(map(is_document, deliverables)):
        return None
    rules = tables()["documents"]
    text = " ".join((description, *(PurePosixPath(one.path).stem.replace("-", "_") for one in deliverables)))
    needs = {name: _has(text, words) for name, words in rules["words"].items()}
    synthesis = rules["synthesis"]
    quality = "none" if not scope_paths else "strong" if scope_paths >= synthesis["strong_from"] else "some"
    names = {PurePosixPath(one.path).name.lower(): one.path for one in deliverables}
    log = next((path for name, path in names.items() if name in rules["sot_update"]["names"]), "")
    category, tokens, why = "", 0.0, ""
    if log:
        category, why = SOT_UPDATE, f"{PurePosixPath(log).name} is a log that is kept up to date"
        tokens = _sot_tokens(len(deliverables), quality)
    elif needs["api_reference"] or (needs["examples"] and (needs["research"] or needs["usage_guide"])):
        category = SYNTHESIS
        why = "asks for " + ", ".join(name.replace("_", " ") for name, asked in needs.items() if asked)
        tokens = _synthesis_tokens(len(deliverables), quality, needs["api_reference"], needs["examples"])
    return Document(
        category,
        tokens,
        why,
        needs["api_reference"],
        needs["examples"],
        needs["research"],
        needs["usage_guide"],
        quality,
        PurePosixPath(log).name,
    )


def _synthesis_tokens(files: int, quality: str, api_reference: bool, examples: bool) -> float:
    rule = tables()["documents"]["synthesis"]
    writing = float(files * rule["per_file"])
    tokens = float(rule["context"][quality]) + writing
    tokens += float(rule["api_reference"] * api_reference + rule["examples"] * examples)
    return tokens + (float(rule["coordination"]) * writing if files >= int(rule["coordination_from"]) else 0.0)


def _sot_tokens(files: int, quality: str) -> float:
    rule = tables()["documents"]["sot_update"]
    writing = float(files * rule["per_file"])
    return float(rule["context"][quality]) + writing * (1 + float(rule["write_share"]))


def _has(text: str, words: Sequence[str]) -> bool:
    return any(re.search(rf"(?<![A-Za-z0-9]){re.escape(word)}(?![A-Za-z0-9])", text, re.IGNORECASE) for word in words)
