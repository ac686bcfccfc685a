"""What a figure shows of a model, read from its tree: layers, kinds, branches and what has an inset."""
