"""The words: plain values and protocols that every other room speaks.

To add a word, give it a file of its own here; it may import only its neighbours.
"""
