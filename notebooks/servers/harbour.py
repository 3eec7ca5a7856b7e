"""A small MCP server, as somebody else might have written it: what is known of two harbours."""

from mcp.server.mcpserver import MCPServer
from mcp.types import ToolAnnotations

server = MCPServer("harbour")
READS = ToolAnnotations(read_only_hint=True)

TIDES = {"Sundal": "06:10 and 18:35", "Hillevag": "05:45 and 18:05"}
SAILINGS = {"Sundal": "every half hour", "Hillevag": "every hour"}


@server.tool(annotations=READS)
def tide(town: str) -> str:
    """When the water is high in a town."""
    return f"High water in {town}: {TIDES.get(town, 'unknown')}."


@server.tool(annotations=READS)
def ferry(town: str) -> str:
    """How often the ferry sails from a town."""
    return f"The ferry from {town} sails {SAILINGS.get(town, 'never')}."


if __name__ == "__main__":
    server.run()
