"""How the parts of the preview pane stand."""

from __future__ import annotations

PREVIEW_CSS = """
PreviewPane {
    &.-empty > .empty, &.-blank > .empty { display: block; }
    &.-blank > #texts { display: none; }
    &.-empty > #texts, &.-empty > WhyPanel, &.-empty > LevelStrip { display: none; }
    #texts { width: 1fr; height: 1fr; layout: horizontal; }
    #texts > TextView { width: 1fr; height: 1fr; }
    #texts > #full { display: none; border-left: vkey $panel; }
    &.-side #texts > #full { display: block; }
    &.-side.-stacked #texts { layout: vertical; }
    &.-side.-stacked #texts > #full { border-left: none; border-top: hkey $panel; }
    WhyPanel { max-height: 7; }
}
"""
