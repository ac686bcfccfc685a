"""The layout of a page: which parts have an inset, which fit, and which arrangement costs least."""
