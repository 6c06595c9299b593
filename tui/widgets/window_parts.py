"""What the window holds, part by part, as the window bar draws it."""

from __future__ import annotations

from dataclasses import dataclass

from engine.live import LivePack
from engine.model import CLASSES
from tui.answer import Answer
from tui.state import Found
from tui.text import number, percent
from tui.widgets.class_marks import CLASS_LETTERS

FRAME, UNUSED, FREE, ANSWER, RESERVE, BEYOND = "frame", "unused", "free", "answer", "reserve", "beyond"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the window."""

    key: str
    """Component class of its colour."""
    letter: str
    """One cell that stands for it where its name does not fit."""
    name: str
    tokens: int
    fill: str = ""
    """Character that fills it; empty for parts in solid colour that hold their name."""
    thin: str = "▄"
    """Character that fills it in a bar of half the height."""


def pack_parts(pack: LivePack, budget_tokens: int, reserve_tokens: int, answer_tokens: int = 0) -> list[Part]:
    """Classes, frame, what the budget leaves, what nobody asked for, answer and reserve: the window or more.

    Args:
        pack: What is packed.
        budget_tokens: The budget in force.
        reserve_tokens: Kept free for the answer.
        answer_tokens: What the answer needs; what the reserve does not hold of it is taken from what is free.
    """
    parts = [
        Part(f"class-{kind.value}", CLASS_LETTERS[kind], kind.value, int(tokens))
        for kind, tokens in zip(CLASSES, pack.class_tokens, strict=True)
        if tokens > 0
    ]
    parts.append(Part(FRAME, "i", "instructions", pack.frame_tokens))
    unused = max(0, budget_tokens - pack.used_tokens)
    parts.append(Part(UNUSED, "░", "unused", unused, "░", "░"))
    free = max(0, pack.context_window - reserve_tokens - max(budget_tokens, pack.used_tokens))
    answer = min(free, max(0, answer_tokens - reserve_tokens))
    parts.append(Part(FREE, "·", "free", free - answer, " ", "·"))
    parts.append(Part(ANSWER, "╱", "answer", answer, "╱", "╱"))
    parts.append(Part(RESERVE, "▚", "reserve", reserve_tokens, "▚", "▚"))
    return parts


def found_parts(found: Found, window: int, reserve_tokens: int) -> list[Part]:
    """What a running scan found, all of it full; the rest of the window is free."""
    parts = [
        Part(f"class-{kind.value}", CLASS_LETTERS[kind], kind.value, tokens)
        for kind in CLASSES
        if (tokens := found.classes.get(kind, 0)) > 0
    ]
    used = sum(part.tokens for part in parts)
    parts.append(Part(FREE, "·", "free", max(0, window - reserve_tokens - used), " ", "·"))
    parts.append(Part(RESERVE, "▚", "reserve", reserve_tokens, "▚", "▚"))
    return parts


def zoomed(parts: list[Part], total: int) -> list[Part]:
    """The parts that lie in the first ``total`` tokens; whatever is behind the budget is drawn as beyond it."""
    near = [part for part in parts if part.key not in (FREE, ANSWER, RESERVE)]
    rest = max(0, total - sum(part.tokens for part in near))
    return [*near, Part(BEYOND, " ", "", rest, " ", " ")]


def pack_numbers(pack: LivePack, budget_tokens: int) -> str:
    """The live numbers: ``41,208 of 48,000 · 86.0 %``, in words when it is too much."""
    used = pack.used_tokens
    words = f"{number(used)} of {number(budget_tokens)} · {percent(used / max(1, budget_tokens))}"
    return words if used <= budget_tokens else f"OVER +{number(used - budget_tokens)} · {words}"


def found_numbers(found: Found, window: int) -> str:
    """What was found so far, against the window."""
    times = found.tokens / max(1, window)
    fill = percent(times) + " of the window" if times <= 1 else f"{times:,.1f} × the window"
    return f"{number(found.tokens)} found so far · {fill}"


def answer_words(answer: Answer, pack: LivePack, budget_tokens: int, reserve_tokens: int) -> str:
    """What the answer needs, and whether the window has it: ``answer 4,096 kept free``."""
    wanted = answer.ceiling_tokens
    left = max(0, pack.context_window - max(budget_tokens, pack.used_tokens))
    words = f"answer {number(wanted)}"
    if wanted > left:
        return f"{words}, only {number(left)} left"
    return f"{words} kept free" if reserve_tokens >= wanted else words
