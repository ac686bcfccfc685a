"""What each mechanism is: one module a kind, and one row a fact."""
