"""The server: the built site on this machine, and answers to questions about configs."""

from llm_gallery.server.serve import serve

__all__ = ["serve"]
