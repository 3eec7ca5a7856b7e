"""Blocks that send and read e-mail, over connections that the door has checked."""
