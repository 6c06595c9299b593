from __future__ import annotations

import pytest
from textual import on
from textual.app import ComposeResult

from tests.tui.demo import DemoApp
from tests.tui.drawn import drawn
from tui.widgets.share_slider import Share, ShareSlider, share_words


class ShareDemo(DemoApp):
    def compose(self) -> ComposeResult:
        yield ShareSlider()

    @property
    def slider(self) -> ShareSlider:
        return self.query_one(ShareSlider)

    @on(ShareSlider.Moved)
    def _keep(self, message: ShareSlider.Moved) -> None:
        self.kept.append(message)

    def shares(self) -> list[Share]:
        return [one.share for one in self.kept if isinstance(one, ShareSlider.Moved)]


@pytest.mark.asyncio
async def test_keys_move_one_end_and_space_changes_which() -> None:
    app = ShareDemo()
    async with app.run_test(size=(60, 3)) as pilot:
        await pilot.pause()
        app.slider.focus()
        await pilot.press("right", "shift+right")
        assert app.slider.share == (0.11, 1.0)
        await pilot.press("space", "shift+left", "h")
        assert app.slider.share == (0.11, 0.89)
        assert "11..89%" in drawn(app.slider)[0]
        await pilot.press("home")
        assert app.slider.share == (0.11, 0.11)
        await pilot.press("space", "end", "end")
        assert app.slider.share == (0.11, 0.11)
        assert app.shares()[-1] == (0.11, 0.11)


@pytest.mark.asyncio
async def test_the_nearer_handle_is_dragged_and_the_two_never_cross() -> None:
    app = ShareDemo()
    async with app.run_test(size=(60, 3)) as pilot:
        await pilot.pause()
        await pilot.mouse_down(ShareSlider, offset=(45, 0))
        await pilot.mouse_up(ShareSlider, offset=(25, 0))
        assert app.slider.share == (0.0, 0.5)
        await pilot.mouse_down(ShareSlider, offset=(3, 0))
        await pilot.hover(ShareSlider, offset=(10, 0))
        await pilot.mouse_up(ShareSlider, offset=(40, 0))
        assert app.slider.share == (0.5, 0.5)
        finals = [one.final for one in app.kept if isinstance(one, ShareSlider.Moved)]
        assert finals.count(True) == 2


@pytest.mark.parametrize("width", [2, 9, 20, 200])
@pytest.mark.asyncio
async def test_it_fits_every_width(width: int) -> None:
    app = ShareDemo()
    async with app.run_test(size=(width, 3)) as pilot:
        await pilot.pause()
        for share in ((0.0, 1.0), (0.0, 0.0), (1.0, 1.0), (0.5, 0.5), (0.99, 1.0)):
            app.slider.share = share
            drawn(app.slider)


def test_ranges_in_words() -> None:
    assert [share_words(share) for share in ((0.0, 1.0), (0.1, 1.0), (0.0, 0.4), (0.1, 0.4))] == [
        "any", "≥ 10%", "≤ 40%", "10..40%",
    ]  # fmt: skip
