"""The static site, built from the catalog; same input, same bytes."""
