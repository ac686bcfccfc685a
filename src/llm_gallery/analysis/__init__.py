"""Numbers of a model, each a pure function of its tree: parameters, cache, compute, layers, concepts."""
