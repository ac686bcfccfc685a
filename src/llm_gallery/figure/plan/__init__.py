"""The plan of a figure, read from the tree: layers, kinds, branches and insets."""
