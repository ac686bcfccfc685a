"""Parts: meaning, shapes, counts, formula and code of each part of a figure."""
