"""The tests: one folder per room, and what holds the whole house."""
