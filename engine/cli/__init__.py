"""The command line: one module per command, each a thin front end of ``engine.inspector``.

Commands parse words, call the facade and print; they compute nothing. Results go to stdout, everything else to stderr.
"""
