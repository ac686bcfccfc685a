"""Serves the built site on loopback."""

from llm_gallery.server.serve import serve

__all__ = ["serve"]
