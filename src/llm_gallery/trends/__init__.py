"""Where the field is heading, counted from the catalog, with the evidence."""
