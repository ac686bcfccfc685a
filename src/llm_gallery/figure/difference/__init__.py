"""The difference figure: two to four models, layer above layer, frame beside frame, and the facts between them."""

from llm_gallery.figure.difference.difference_figure import DifferenceDetail, difference

__all__ = ["DifferenceDetail", "difference"]
