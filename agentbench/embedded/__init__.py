"""Servers of our own: started when first needed, shared by this user's kernels, never left behind.

To add one, give it a file named after it, and let a process that outlives the kernels
guard it, as `guard.py` does for Valkey.
"""
