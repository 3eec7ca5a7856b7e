"""Blocks for agents: `ports` are an agent's own, `calls` run other agents."""
