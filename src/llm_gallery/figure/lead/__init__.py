"""What leads a figure and what is told of it: which mechanism, what is new in it, what it saves, and its plate."""
