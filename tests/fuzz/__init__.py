"""Fuzzing: generators of hostile input, and for each thing that reads input what must hold whatever it reads.

A case is bytes that follow from a target's name, a seed and a number, so it can be made again; a target makes cases and
checks them. ``test_bounded`` runs a few of each, ``test_corpus`` every case that ever broke something, and
``python -m benchmarks fuzz`` as many as there is time for.
"""
