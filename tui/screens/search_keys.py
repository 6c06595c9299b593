"""Keys of the search screen."""

from __future__ import annotations

from textual.binding import Binding, BindingType

SEARCH_KEYS: list[BindingType] = [
    Binding("slash,Q", "type", "Query", id="hits.query", key_display="/", tooltip="Type or paste what to look for"),
    Binding("enter", "read", "Read", id="hits.read", tooltip="To the text of the hit"),
    Binding("o", "tree", "Tree", id="hits.tree", tooltip="Show the hit in the tree of the inspector"),
    Binding("I", "intent", "Intent", id="hits.intent",
            tooltip="Choose by hand what the query is after; after the last intent the rules decide again"),
    Binding("space", "pin", "Pin", id="hits.pin", tooltip="Pin the file of the hit at the hit's level, or let go"),
    Binding("left_square_bracket", "level(1)", "Deeper", id="hits.deeper", key_display="[", show=False,
            tooltip="Pin the file of the hit a level deeper"),
    Binding("right_square_bracket", "level(-1)", "Fuller", id="hits.fuller", key_display="]", show=False,
            tooltip="Pin the file of the hit a level fuller"),
    Binding("U", "mark('useful')", "Useful", id="hits.useful",
            tooltip="Note that the hit was of use; learning counts it"),
    Binding("X", "mark('useless')", "Useless", id="hits.useless", tooltip="Note that the hit was of no use"),
    Binding("v", "pane", "Pane", id="hits.pane", tooltip="Numbers or text of the hit, where there is room for one"),
    Binding("D", "diff", "Since", id="pack.diff", tooltip="Compare with a revision: what changed ranks first"),
    Binding("b", "budget", "Budget", id="pack.budget", tooltip="Type a budget: 32k, 40%, 1M"),
    Binding("minus", "step(-1, False)", "Less", id="pack.less", tooltip="A little less budget", key_display="-",
            show=False),
    Binding("equals_sign", "step(1, False)", "More", id="pack.more", tooltip="A little more budget", key_display="=",
            show=False),
    Binding("underscore", "step(-1, True)", "Much less", id="pack.much-less", tooltip="Much less budget", show=False,
            key_display="_"),
    Binding("plus", "step(1, True)", "Much more", id="pack.much-more", tooltip="Much more budget", show=False,
            key_display="+"),
    Binding("ctrl+c,escape", "stop", "Stop", id="hits.stop", show=False, tooltip="Stop reading words, or the search"),
]  # fmt: skip
