"""Tests of the app: widgets on data made by hand, screens on a stand-in for the engine."""
