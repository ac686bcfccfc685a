"""The frame of one layer: its stream, its blocks and their numbers."""
