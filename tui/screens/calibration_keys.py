"""Keys of the calibration screen."""

from __future__ import annotations

from textual.binding import Binding, BindingType

CALIBRATION_KEYS: list[BindingType] = [
    Binding("a,enter", "accept", "Accept", id="calibration.accept",
            tooltip="Put the proposal of this cell in force, as a new estimator version", key_display="a"),
    Binding("A", "accept_all", "Accept all", id="calibration.accept-all",
            tooltip="Put every proposal in force that was not refused"),
    Binding("x", "refuse", "Refuse", id="calibration.refuse",
            tooltip="Refuse the proposal for this session, or take that back"),
    Binding("r", "roll_back", "Roll back", id="calibration.roll-back",
            tooltip="Undo what was applied last; asks, and shows every change"),
    Binding("b", "backtest", "Backtest", id="calibration.backtest",
            tooltip="Replay the calls under every policy, or go back to the curve"),
    Binding("f5", "read", "Read", id="calibration.read", tooltip="Read the recorded calls again", show=False),
    Binding("ctrl+c,escape", "stop", "Stop", id="calibration.stop", tooltip="Stop the backtest", show=False),
]  # fmt: skip
