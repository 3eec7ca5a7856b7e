"""Vaults: where credentials are kept. A file is a kind of vault; add it to `VAULTS`."""

VAULTS = (
    "agentbench.vaults.environment:EnvironmentVault",
    "agentbench.vaults.keyring:KeyringVault",
    "agentbench.vaults.file:FileVault",
)
"""In the order in which they are asked; a new credential goes to the first that takes it."""
