"""Numbers: pure functions of a tree of blocks."""
