"""Figures: measured with the shipped font, placed by structure, written as SVG."""
