"""The architectures that are mapped: every file here holds a tuple ROWS, and there is no other list of them."""
