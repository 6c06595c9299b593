"""The editor stream as editors start it: a process, spoken to line by line."""
