"""Revisions; their ids are numbers that grow, so that a newer database is told from an older one."""
