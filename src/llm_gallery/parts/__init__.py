"""The parts of a figure: meaning, shapes, counts, formula and code of each."""
