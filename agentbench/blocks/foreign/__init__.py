"""Which of our blocks do what the blocks of other programs do: tables for importers."""
