"""A model's figure: its page, and what stands on it."""
