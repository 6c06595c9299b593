"""The engine: everything packsight knows how to do, without a screen.

Bytes of a repository walk through the packages in one direction: ``walk`` lists files, ``chunk`` cuts them,
``classify`` names what each piece is, ``tokens`` counts, ``levels`` degrades, ``rank`` values, ``pack`` chooses,
``render`` writes. ``scan`` runs the first five over a whole repository and ``store`` remembers the results.
Front ends import ``engine.inspector``, ``engine.model``, ``engine.events`` and ``engine.errors`` and nothing else.
"""

__version__ = "0.1.0"
