"""PP-Chart2Table: GOT-OCR 2's parts.

Reference: transformers/models/pp_chart2table/configuration_pp_chart2table.py, built by GOT-OCR 2's class
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.families._config import config
from llm_gallery.families.beside._parts import OF_THE_PICTURES
from llm_gallery.families.beside._sam import ChartVision
from llm_gallery.families.beside.got_ocr2 import with_upsampler


@config("pp_chart2table", unused=OF_THE_PICTURES)
class PpChart2Table:
    vision_config: ChartVision


def pp_chart2table(c: PpChart2Table, stream: int) -> tuple[Block, ...]:
    """As GOT-OCR 2's."""
    return with_upsampler(c.vision_config, stream)
