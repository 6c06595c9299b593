"""Recorded calls as the app sees them: filters as they are typed, windows of rows, figures, one call in words.

In: answers of the facade, which are the JSON of the commands. Out: what widgets draw. Nothing here asks the engine by
itself, holds more than some windows of calls, or computes a figure that a command does not print.
"""
