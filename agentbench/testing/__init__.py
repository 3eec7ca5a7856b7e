"""The door of pytest: cases are tests, and `replay` gives a test its own recording."""
