"""Themes of the inspector, as data."""
