"""Render: chunks and their levels become the text of a pack.

In: columns, the solver's levels, and ``Texts`` that fetches chunk text on demand. Out: one string in a format (xml,
markdown, json, plain) with legend, directory tree and files; what its frame costs, counted on the strings it writes;
and the report. This room decides no level, counts nothing itself and never changes a kept line, except that control
characters become visible. Repository text cannot close what it stands in: each format's module says how.
"""

from __future__ import annotations

from engine.render.costs import CountMany, FrameCosts, frame_costs
from engine.render.coverage import Coverage, Scope, covered
from engine.render.directories import Directories
from engine.render.document import FORMATS, FormatName, RenderOptions
from engine.render.estimate import estimate_tokens
from engine.render.layout import alternate
from engine.render.lines import capsule_line, file_line, gap_line
from engine.render.pack_text import check_format, chunk_in_format, render
from engine.render.report import build_report
from engine.render.report_facts import NO_ROOM, Alternative, Exclusion, ReportFacts
from engine.render.summary import summary_lines
from engine.visible import display_path, visible_name, visible_text

__all__ = [
    "FORMATS",
    "NO_ROOM",
    "Alternative",
    "CountMany",
    "Coverage",
    "Directories",
    "Exclusion",
    "FormatName",
    "FrameCosts",
    "RenderOptions",
    "ReportFacts",
    "Scope",
    "alternate",
    "build_report",
    "capsule_line",
    "check_format",
    "chunk_in_format",
    "covered",
    "display_path",
    "estimate_tokens",
    "file_line",
    "frame_costs",
    "gap_line",
    "render",
    "summary_lines",
    "visible_name",
    "visible_text",
]
