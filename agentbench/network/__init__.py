"""Network: how blocks reach the world, and which parts of it they may not reach."""
