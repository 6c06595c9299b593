"""A bar of two parts that differ in height as well as in colour: what is kept, and the rest."""

from __future__ import annotations


def two_tone(share: float, kept: float, width: int) -> tuple[str, str, str]:
    """Draw a bar in half cells; anything above zero shows.

    Args:
        share: Length of the whole bar, as a fraction of ``width``.
        kept: The high part, as a fraction of the bar.
        width: Cells.

    Returns:
        The high part, the low part and the empty rest; ``width`` cells together.
    """
    halves = _halves(share, 2 * width)
    high = min(_halves(share * kept, 2 * width), halves)
    whole, joint = divmod(high, 2)
    strong = "█" * whole
    low = halves - high
    if joint:
        # One cell holds the end of the one and the beginning of the other.
        strong += "▙" if low else "▌"
        low = max(0, low - 1)
    weak = "▄" * (low // 2) + ("▖" if low % 2 else "")
    return strong, weak, " " * (width - len(strong) - len(weak))


def _halves(share: float, most: int) -> int:
    share = min(max(share, 0.0), 1.0)
    return max(1, round(share * most)) if share > 0 else 0
