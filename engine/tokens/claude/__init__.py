"""Token counts of Claude generations, reconstructed from measured vocabularies and without a network.

In: text. Out: the number of tokens that a message of this text adds to its frame. The vocabularies and character
tables are third-party data (``data/NOTICE.txt``); everything else is computed here:

1. ``normalize``: the text as the tokenizer reads it (composed, without controls, spaces made equal).
2. ``characters``: which characters form words, and a split of the text into words and the gaps between them.
3. ``marking``: boundary and case markers, written into one word or one gap at a time.
4. ``vocabulary``: the least number of vocabulary pieces that tile a marked segment.
5. ``segments``: the remembered cost of words and gaps, which cannot interact with each other.
6. ``parts``: the share of each part in the count of the whole.

Nothing here prints, opens sockets or keeps texts: memories are bounded and hold short segments only.
"""

from __future__ import annotations

from engine.tokens.claude.counter import ENCODINGS, ClaudeTokenizer

__all__ = ["ENCODINGS", "ClaudeTokenizer"]
