"""Keys of the inspector: what changes the pack; moving and pinning are the tree's."""

from __future__ import annotations

from textual.binding import Binding, BindingType

INSPECTOR_KEYS: list[BindingType] = [
    Binding("minus", "step(-1, False)", "Less", id="pack.less", tooltip="A little less budget", key_display="-"),
    Binding("equals_sign", "step(1, False)", "More", id="pack.more", tooltip="A little more budget",
            key_display="="),
    Binding("underscore", "step(-1, True)", "Much less", id="pack.much-less", tooltip="Much less budget",
            show=False, key_display="_"),
    Binding("plus", "step(1, True)", "Much more", id="pack.much-more", tooltip="Much more budget", show=False,
            key_display="+"),
    Binding("b", "budget", "Budget", id="pack.budget", tooltip="Type a budget: 32k, 40%, 1M"),
    Binding("m", "model", "Model", id="pack.model", tooltip="Choose a model"),
    Binding("w", "tune", "Weights", id="pack.weights", tooltip="Weights, shares and deepest levels of classes"),
    Binding("A", "task", "Answer", id="pack.answer", tooltip="Say what the answer is for: how much room it needs"),
    Binding("Q", "query", "Query", id="pack.query", tooltip="Say what the pack is for", show=False),
    Binding("D", "diff", "Since", id="pack.diff", tooltip="Compare with a revision: what changed is shown in full",
            show=False),
    Binding("slash", "filter", "Filter", id="tree.filter", key_display="/",
            tooltip="Show what matches words, class:tests or level:omitted"),
    Binding("P", "pin_glob", "Pin glob", id="pack.pin-glob", tooltip="Pin whatever matches a glob", show=False),
    Binding("v", "pane", "Pane", id="view.pane", tooltip="Matrix, preview or neither beside the tree", show=False),
    Binding("ctrl+c,escape", "app.stop", "Stop", id="app.stop", show=False,
            tooltip="Stop reading the repository, or its words for a query"),
]  # fmt: skip
