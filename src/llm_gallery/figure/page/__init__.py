"""The second edition of the page: bands that fit a width, the newest mechanism first."""
