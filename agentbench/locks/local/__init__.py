"""Locks and rates in the memory of this process: for a kernel that shares nothing with others."""

from agentbench.locks.local.locks import LocalLocks
from agentbench.locks.local.rates import LocalRates

__all__ = ["LocalLocks", "LocalRates"]
