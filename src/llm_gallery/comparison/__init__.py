"""What differs between models: causes apart from scale, settings and consequences."""

from llm_gallery.comparison.change import Change, once
from llm_gallery.comparison.changes import Aligned, Row
from llm_gallery.comparison.compare import Comparison, Difference, compare
from llm_gallery.comparison.profile import Described, Part, Profile, Subject, profile
from llm_gallery.comparison.report import change_json, markdown, text, to_json
from llm_gallery.comparison.table import TableRow, TableSection, part_rows, table
from llm_gallery.comparison.themes import themed

__all__ = [
    "Aligned",
    "Change",
    "Comparison",
    "Described",
    "Difference",
    "Part",
    "Profile",
    "Row",
    "Subject",
    "TableRow",
    "TableSection",
    "change_json",
    "compare",
    "markdown",
    "once",
    "part_rows",
    "profile",
    "table",
    "text",
    "themed",
    "to_json",
]
