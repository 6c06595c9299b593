"""A whole repository through the first rooms of the pipeline: listing in, columns out.

``job`` analyses one file (in a worker process), ``launch`` starts workers, ``pool`` keeps them alive, ``plan`` decides
what the cache already knows, ``assemble`` builds the columns. Nothing here prints, ranks or packs.
"""
