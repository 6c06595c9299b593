from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import on
from textual.app import ComposeResult

from tests.tui.demo import DemoApp
from tests.tui.drawn import drawn
from tui.widgets.slider import Slider
from tui.widgets.slider_scale import Scale

WEIGHTS = Scale(0.05, 20, steps=44, logarithmic=True)
SCALES = st.sampled_from([WEIGHTS, Scale(0, 1, steps=100), Scale(1, 64, steps=10)])


class SliderDemo(DemoApp):
    def compose(self) -> ComposeResult:
        yield Slider(WEIGHTS, 1.0, default=0.45)

    @property
    def slider(self) -> Slider:
        return self.query_one(Slider)

    @on(Slider.Moved)
    def _keep(self, message: Slider.Moved) -> None:
        self.kept.append(message)

    def values(self) -> list[float]:
        return [one.value for one in self.kept if isinstance(one, Slider.Moved)]


@given(SCALES, st.floats(0, 1))
def test_a_place_and_its_value_agree(scale: Scale, place: float) -> None:
    value = scale.value(place)
    assert value == 0 or scale.low <= value <= scale.high
    assert abs(scale.place(value) - place) <= 1.1 / scale.steps


@given(SCALES, st.floats(0, 30))
def test_a_step_moves_unless_it_is_at_the_end(scale: Scale, value: float) -> None:
    value = scale.kept(value)
    up, down = scale.stepped(value, 1), scale.stepped(value, -1)
    assert up > value or value >= scale.high
    assert down < value or value in (0, scale.low)


def test_the_left_end_of_a_logarithmic_scale_is_zero() -> None:
    assert WEIGHTS.value(0) == 0
    assert WEIGHTS.place(0) == 0
    assert WEIGHTS.value(1) == 20
    assert WEIGHTS.stepped(0.05, -1) == 0
    assert WEIGHTS.stepped(0, 1) == 0.05
    assert WEIGHTS.stepped(0, -1) == 0


@pytest.mark.asyncio
async def test_keys_move_it() -> None:
    app = SliderDemo()
    async with app.run_test(size=(60, 3)) as pilot:
        await pilot.pause()
        app.slider.focus()
        await pilot.press("right", "l")
        fine = app.slider.value
        assert 1 < app.values()[0] < fine
        await pilot.press("shift+right")
        assert app.slider.value > fine * 1.5
        await pilot.press("home")
        assert app.slider.value == 0
        await pilot.press("end")
        assert app.slider.value == 20
        await pilot.press("right")
        assert app.values()[-2:] == [0, 20]


@pytest.mark.asyncio
async def test_a_number_can_be_typed() -> None:
    app = SliderDemo()
    async with app.run_test(size=(60, 3)) as pilot:
        await pilot.pause()
        app.slider.focus()
        await pilot.press("2", "full_stop", "5", "5", "backspace")
        assert "2.5▏" in drawn(app.slider)[0]
        await pilot.press("enter")
        assert app.values() == [2.5]
        await pilot.press("9", "escape")
        assert app.values() == [2.5]
        await pilot.press("9", "9", "9", "enter")
        assert app.slider.value == 20
        await pilot.press("full_stop", "enter")
        assert app.slider.value == 20


@pytest.mark.asyncio
async def test_it_can_be_dragged() -> None:
    app = SliderDemo()
    async with app.run_test(size=(60, 3)) as pilot:
        await pilot.pause()
        await pilot.mouse_down(Slider, offset=(5, 0))
        await pilot.hover(Slider, offset=(30, 0))
        await pilot.mouse_up(Slider, offset=(59, 0))
        finals = [one.final for one in app.kept if isinstance(one, Slider.Moved)]
        assert finals == [False] * (len(finals) - 1) + [True]
        assert app.values()[0] < 1 < app.values()[-1] == 20


@pytest.mark.parametrize("width", [1, 5, 8, 20, 200])
@pytest.mark.asyncio
async def test_it_fits_every_width(width: int) -> None:
    app = SliderDemo()
    async with app.run_test(size=(width, 3)) as pilot:
        await pilot.pause()
        for value in (0, 0.05, 1, 20, 1_000_000):
            app.slider.value = value
            drawn(app.slider)
