"""The data of a page's calculator, as pydantic models: formats of numbers, accelerators, rows of the cache."""

from __future__ import annotations

from llm_gallery.site.json_schema import Closed, Count


class NumberFormat(Closed):
    name: str
    """of the format"""
    bits: Count
    """of each number"""
    block: Count
    """numbers that share a scale; 0 where there is none"""
    scale_bits: Count
    """of each scale"""
    note: str
    """on its scales"""


class NumberFormats(Closed):
    weights: tuple[NumberFormat, ...]
    """of weights"""
    cache: tuple[NumberFormat, ...]
    """of keys, values and latents"""


class Accelerator(Closed):
    name: str
    """as its vendor writes it"""
    memory: Count
    """in GB, as its vendor counts"""
    source: str
    """address where that is said"""
    shared: bool
    """whether the processor uses it too"""


class CalculatorRow(Closed):
    kind: str
    """what keeps it"""
    layers: Count
    """how many layers"""
    elements_per_token: Count
    """numbers that one layer keeps of a token"""
    window: Count | None
    """tokens that are kept at most; null for all"""
    state_bytes: Count
    """of one layer"""


class Calculator(Closed):
    formats: NumberFormats
    """that can be chosen"""
    accelerators: tuple[Accelerator, ...]
    """smallest memory first"""
    reserved_per_cent: Count
    """of an accelerator's memory, left to activations and the runtime"""
    longest: Count
    """tokens of the longest context that can be asked for"""
    format: str
    """of the weights as they are released"""
    rows: tuple[CalculatorRow, ...]
    """what one sequence keeps"""
