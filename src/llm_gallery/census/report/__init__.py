"""What a census says: adoption by month, new and copied designs, what isn't described yet, sizes, families that fade."""

from llm_gallery.census.report.charts import drawn
from llm_gallery.census.report.counted import Report, report
from llm_gallery.census.report.tables import markdown, text, to_json

__all__ = ["Report", "drawn", "markdown", "report", "text", "to_json"]
