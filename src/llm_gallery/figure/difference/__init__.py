"""The difference figure: two to four models, their stacks layer by layer and their parts by role."""

from llm_gallery.figure.difference.difference_figure import difference

__all__ = ["difference"]
