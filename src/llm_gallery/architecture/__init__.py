"""What an architecture is: a tree of blocks, which all other rooms read.

It imports nothing of ours.
"""
