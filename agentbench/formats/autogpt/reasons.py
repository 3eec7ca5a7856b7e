"""Reasons: why a block of AutoGPT cannot be had here, where more than time is lacking.

What is no more than another API of somebody's is not listed: it may come.
"""

from collections.abc import Mapping

_STORE = "asks AutoGPT's marketplace, which is of its cloud and is not there here."

NOT_HERE: Mapping[str, str] = {
    "SearchStoreAgentsBlock": f"SearchStoreAgents {_STORE}",
    "GetStoreAgentDetailsBlock": f"GetStoreAgentDetails {_STORE}",
    "AddToLibraryFromStoreBlock": f"AddToLibraryFromStore {_STORE}",
    "ListLibraryAgentsBlock": "ListLibraryAgents lists the library of an account of AutoGPT;"
    " the library here is not open to blocks.",
}
"""By AutoGPT's name of the block."""
