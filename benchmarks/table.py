"""Figures as aligned text."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.measure import Figure

HEADER = ("figure", "measured", "reference", "measured", "ratio", "promise", "")


def lines(figures: Sequence[Figure]) -> list[str]:
    """Lay figures out, one a line, numbers to the right."""
    rows = [HEADER, *map(_row, figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADER))]
    right = {1, 3, 4, 5}
    return [
        "  ".join(
            cell.rjust(width) if column in right else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def show(title: str, figures: Sequence[Figure]) -> None:
    """Print a titled table."""
    print(f"\n{title}\n" + "\n".join(lines(figures)), flush=True)


def number(value: float) -> str:
    """Three significant digits, thousands separated."""
    if value == int(value) or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.2f}" if abs(value) >= 1 else f"{value:.3f}"


def _row(figure: Figure) -> tuple[str, ...]:
    unit = f" {figure.unit}".rstrip()
    promises = []
    if figure.at_most is not None:
        promises.append(f"≤ {figure.at_most:g}")
    if figure.at_least is not None:
        promises.append(f"≥ {figure.at_least:g}")
    return (
        figure.what,
        number(figure.value) + unit,
        figure.reference,
        number(figure.reference_value) + unit,
        f"{figure.ratio:.3f}",
        " ".join(promises),
        {None: "", True: "kept", False: "MISSED"}[figure.kept],
    )
