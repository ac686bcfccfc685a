"""Serves the built site on loopback."""
