"""Where a page's parts stand: what has an inset, what fits, and which arrangement costs least."""
