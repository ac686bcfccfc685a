"""A census: the same questions asked of very many configs, each different one described once."""

from llm_gallery.census.run import Progress, Totals, census

__all__ = ["Progress", "Totals", "census"]
