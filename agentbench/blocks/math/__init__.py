"""Blocks that calculate: formulas, sums, statistics, chance."""
