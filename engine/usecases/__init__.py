"""What a person can ask for, end to end: scan, pack, show, count. Each module joins the rooms of the pipeline.

Only ``engine.inspector`` imports from here.
"""
