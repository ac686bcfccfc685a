"""The difference figure: two to four models, layer above layer, frame beside frame, and the facts between them."""

from llm_gallery.figure.difference.compared import Compared, compared
from llm_gallery.figure.difference.difference_figure import DifferenceDetail, difference, drawn

__all__ = ["Compared", "DifferenceDetail", "compared", "difference", "drawn"]
