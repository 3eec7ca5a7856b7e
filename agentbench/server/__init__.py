"""The door for programs: our agents, offered to whoever asks. Nothing listens by default.

`tools.py` is what an agent looks like as a tool and what a call of it gives, `mcp.py`
speaks the Model Context Protocol, `loopback.py` lets it be reached over HTTP. (The other
direction, tools of others as blocks, is `agentbench.mcp_servers`.)
"""
