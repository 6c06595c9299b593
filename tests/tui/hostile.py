"""Text that tries to be more than text."""

from __future__ import annotations

HOSTILE: tuple[str, ...] = (
    "[bold]x[/bold] [/] [@click=app.quit]y[/] lib/[/slug].py",
    "\x1b]52;c;aGk=\x07 \x1b[2J\x1b[31mred\x9b1m",
    "a\tb\r\nc\rd\x00e\x7f\x85f",
    "漢字かな交じり文 wide ｗｉｄｅ 👩‍👩‍👧‍👦 ❤️ e\u0301\u0301\u0301 z" + "\u0300" * 300,
    "\u202eevil\u202c \u2066x\u2069 \u200f\u061c עברית العربية",
    "lone \udc80\udfff surrogate \ufeff\u2028\u2029 end",
    "tab\t" * 400,
    "",
    "\n\n\n",
)
