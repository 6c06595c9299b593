"""Widgets: facts come down as attributes, wishes go up as messages; none of them calls the engine."""
