"""Tests of the editor stream's room, and of counting a text that is edited."""
