"""Faults planted for real: commands killed or starved at every write, damaged files, locks, missing programs.

``trace`` stops a command at each of its writes to disk; ``scenes`` says what is saved before, what the command does and
what must hold after; the tests put the fault in between.
"""
