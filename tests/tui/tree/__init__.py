"""Tests of the tree's rows, without a terminal."""
