"""Novelty: which mechanism, wiring or order of parts leads a model, what stood there before, and what it saves."""
