"""The MCP server: the engine's answers for coding agents, as tools and resources over stdin and stdout.

In: calls of a client, and the folders it allows (roots). Out: typed answers of bounded length, each with a receipt
that says how to go on. Needs the extra ``mcp``; nothing outside this room imports it, and ``import engine`` never does.

It must not: read a path that is not below a root, write to stdout, decide anything about packs (that is asked of
``engine.inspector``), or run engine code outside its one worker thread.
"""
