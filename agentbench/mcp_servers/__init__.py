"""MCP servers: programs of others whose tools become blocks `mcp.<server>.<tool>`.

`servers.py` is the face; `settings.py` keeps how each is reached, `tool.py` what was
accepted of it, `owner.py` holds its one connection, `ports.py` and `content.py` are the
way between JSON schemas and ports, and between what a tool sends and values. (The other
direction, agents offered as tools, is `agentbench.server`.)
"""
