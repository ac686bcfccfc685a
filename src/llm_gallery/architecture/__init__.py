"""The architecture model: a tree of blocks that all other rooms read; imports nothing of ours."""
