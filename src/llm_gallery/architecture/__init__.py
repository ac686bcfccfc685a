"""What an architecture is: a tree of blocks, which all other packages read.

It imports nothing of ours.
"""
