"""The report of a census: adoption by month, new and copied designs, undescribed types, sizes, families that fade."""

from llm_gallery.census.report.charts import drawn
from llm_gallery.census.report.counted import Report, report
from llm_gallery.census.report.tables import markdown, text, to_json

__all__ = ["Report", "drawn", "markdown", "report", "text", "to_json"]
