"""The kit that every figure is drawn with: text of known width, shapes, blocks, axes, gates, SVG; it knows no model."""
