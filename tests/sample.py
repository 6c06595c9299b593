"""Small repositories made by code, for tests above the single rooms."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tests.engine.walk.repos import make

SERVICE = '''"""Orders of the shop."""

import json

from shop.money import Money

LIMIT = 100


class Order:
    """An order with its lines."""

    def __init__(self, lines):
        self.lines = lines

    def total(self):
        """Add up the lines.

        Empty orders cost nothing.
        """
        # a plain sum
        amount = Money(0)
        for line in self.lines:
            amount = amount + line.price
        return amount

    def to_json(self):
        return json.dumps({"lines": [line.name for line in self.lines], "total": str(self.total())})


if __name__ == "__main__":
    print(Order([]).total())
'''
MONEY = '''class Money:
    """An amount in cents."""

    def __init__(self, cents):
        if cents < 0:
            raise ValueError("negative")
        self.cents = cents

    def __add__(self, other):
        return Money(self.cents + other.cents)
'''
TEST = """from shop.orders import Order


def test_empty_order_costs_nothing():
    order = Order([])
    assert order.total().cents == 0
"""
README = """# Shop

A shop in two files.

## Use

```python
from shop.orders import Order
```

## Limits

It sells nothing.
"""
FILES: dict[str, str | bytes] = {
    "README.md": README,
    "pyproject.toml": '[project]\nname = "shop"\nversion = "1.0"\n\n[tool.thing]\nlist = ["a", "b"]\n',
    "shop/__init__.py": "",
    "shop/orders.py": SERVICE,
    "shop/money.py": MONEY,
    "tests/test_orders.py": TEST,
    "data/prices.csv": "name,price\n" + "".join(f"thing{i},{i}\n" for i in range(200)),
    "logo.png": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
}
"""A small project with most classes and one binary."""


def make_repository(root: Path, files: Mapping[str, str | bytes] = FILES) -> Path:
    """A git repository with one commit."""
    return make(root, dict(files))
