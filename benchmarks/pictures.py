"""The pictures of the README, made by the real app, headless, on a repository: ``--repo DIR``, or one made by code.

The same repository gives the same bytes: nothing in a picture depends on the clock, on where the repository is, or on
whose machine this is, and a picture fetches nothing when it is shown.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs" / "pictures"
MODEL = "gpt-5.2"
BUDGET = "64k"
RECENT = (MODEL, "grok-4.7", "kimi-k3", "glm-4.6", "sonar", "o3")
"""Models that were used last, as far as the app knows."""
_LIMIT_S = 120.0
_FONTS = "'Fira Code', 'Cascadia Mono', Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono', monospace"
"""In place of a font from another host, which pages that show pictures refuse anyway."""


@dataclass(frozen=True)
class Picture:
    """What to press before the picture is taken."""

    name: str
    """File name without its ending."""
    about: str
    """What to see."""
    keys: tuple[str, ...]
    """Keys, in order; a word that begins with ``@`` goes to that file in the tree instead."""
    theme: str = "ink"
    size: tuple[int, int] = (120, 36)
    """Columns and rows."""


PICTURES = (
    Picture("inspector", "the inspector", ("s", "@src/flask/app.py", *["right"] * 4, *["down"] * 2)),
    Picture("tuning", "weights, shares and deepest levels",
            ("s", "home", "w", "down", *["right"] * 3, "tab", *["right"] * 8, "tab", "up", "3")),
    Picture("text", "the text of the pack", ("p", *["pagedown"] * 2)),
    Picture("compare", "two packs", ("plus", "plus", "d", "n"), size=(132, 34)),
    Picture("light", "packed for a query", ("s", "Q", *"session cookie", "enter", "@src/flask/sessions.py",
            *["right"] * 4), theme="paper"),
)  # fmt: skip


async def take(picture: Picture, repo: Path) -> str:
    """Start the app, press the keys, and return the frame as SVG."""
    from engine.inspector import Inspector
    from engine.request import PackRequest, ScanRequest
    from tui.app import PacksightApp
    from tui.preferences import Preferences, save_preferences
    from tui.setup import Setup

    with tempfile.TemporaryDirectory(prefix="packsight-pictures-") as folder, Inspector() as inspector:
        config = inspector.config(None, {"model": MODEL, "budget": BUDGET})
        window = inspector.model(MODEL).context_window
        save_preferences(Path(folder) / "data", Preferences(models=RECENT))
        app = PacksightApp(
            Setup(
                request=PackRequest(ScanRequest(repo, MODEL), BUDGET),
                make_engine=lambda emit, cancelled: Inspector(emit=emit, cancelled=cancelled),
                config_folder=Path(folder) / "config",
                data_folder=Path(folder) / "data",
                context_window=window,
                config=config,
                theme=picture.theme,
                watch=False,
            )
        )
        async with app.run_test(size=picture.size) as pilot:
            await _until(pilot, lambda: app.state.settled is not None or app.state.trouble)
            await _rest(pilot, app)
            for key in picture.keys:
                if key.startswith("@"):
                    await _go_to(pilot, app, key[1:])
                else:
                    await pilot.press(key)
                await _rest(pilot, app)
            if app.state.trouble:
                raise RuntimeError(app.state.trouble)
            return plain(app.export_screenshot(title="", simplify=True), picture.name)


async def _go_to(pilot: Any, app: Any, path: str) -> None:
    """Walk down the tree by its keys, opening only what leads to a file; ends on the last row when it is not there."""
    tree = app.screen.query_one("PackTree")
    await pilot.press("home")
    for _ in range(len(app.state.chart.columns.files)):
        place = tree.place
        if place is not None and place.file >= 0 and app.state.chart.columns.files[place.file].path == path:
            return
        leads = place is not None and place.file < 0 and place.folder and path.startswith(f"{place.folder}/")
        await pilot.press("right" if leads else "down")


async def _until(pilot: Any, condition: Callable[[], object]) -> None:
    limit_s = time.monotonic() + _LIMIT_S
    while not condition():
        if time.monotonic() > limit_s:
            raise TimeoutError("the app did not get there")
        await pilot.pause()
        await asyncio.sleep(0.005)


async def _rest(pilot: Any, app: Any) -> None:
    """Wait until the engine has nothing to do and all that it said was taken, twice: answers ask for more."""
    for _ in range(3):
        await pilot.pause()
        await _until(pilot, lambda: app.bridge._running is None and not app.bridge._waiting)
    await pilot.pause()


def plain(svg: str, name: str) -> str:
    """Take out of a picture what is fetched from elsewhere and what differs between two runs."""
    svg = re.sub(r"@font-face\s*\{.*?\}", "", svg, flags=re.DOTALL)
    svg = re.sub(r"font-family:[^;]*;", f"font-family: {_FONTS};", svg)
    svg = re.sub(r"terminal-\d+", name, svg)
    return "\n".join(line.rstrip() for line in svg.splitlines() if line.strip()) + "\n"


def leaks(svg: str, words: Iterable[str]) -> list[str]:
    """Which of some words the text of a picture holds."""
    shown = re.sub(r"<[^>]*>", "", svg).replace("&#160;", " ")
    return [word for word in words if word and word in shown]


def main(arguments: list[str] | None = None) -> int:
    """Make the pictures; 1 when one of them would tell where it was made."""
    parser = argparse.ArgumentParser(prog="benchmarks pictures", description=__doc__)
    parser.add_argument("--repo", type=Path, help="a clone to show; one made by code when not given")
    parser.add_argument("--out", type=Path, default=FOLDER)
    parser.add_argument("--only", nargs="*", default=[], choices=[picture.name for picture in PICTURES])
    options = parser.parse_args(arguments)
    os.environ.update(TEXTUAL_ANIMATIONS="none", TEXTUAL_SMOOTH_SCROLL="0")
    os.environ.pop("NO_COLOR", None)
    options.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="packsight-pictures-") as folder:
        for name in ("CACHE", "DATA", "CONFIG"):
            os.environ[f"PACKSIGHT_{name}_DIR"] = str(Path(folder) / name.lower())
        repo = options.repo
        if repo is None:
            from benchmarks.sample import repository

            repo = repository(Path(folder))
        repo = repo.resolve()
        for picture in PICTURES:
            if options.only and picture.name not in options.only:
                continue
            svg = asyncio.run(take(picture, repo))
            found = leaks(svg, (str(repo), str(repo.parent) + "/", str(Path.home()), folder))
            if found:
                print(f"{picture.name} would show {', '.join(found)}", file=sys.stderr)
                return 1
            path = options.out / f"{picture.name}.svg"
            path.write_text(svg, "utf-8")
            print(f"{path.name:16} {len(svg.encode()) / 1000:5.0f} kB  {picture.about}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
