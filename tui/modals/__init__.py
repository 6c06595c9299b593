"""Screens that ask one thing and are gone: each dismisses with its answer, ``None`` when nothing was chosen."""
