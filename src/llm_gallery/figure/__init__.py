"""Figures: a tree of blocks drawn as SVG; structure decides layout, no coordinate is kept per model."""
