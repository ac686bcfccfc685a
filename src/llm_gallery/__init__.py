"""LLM Architecture Gallery: figures and exact numbers derived from a model's own config.json."""
