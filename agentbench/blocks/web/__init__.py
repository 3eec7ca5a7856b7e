"""Blocks for the web: requests, pages, feeds, what search engines and encyclopaedias know."""
