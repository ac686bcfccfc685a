"""The strip: every layer in order, what it hands on, and what stands at both ends."""
