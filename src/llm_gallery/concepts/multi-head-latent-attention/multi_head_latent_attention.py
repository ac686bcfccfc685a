"""The same attention, keeping a key and a value for each head that the latent is made into."""

from __future__ import annotations

from llm_gallery.concepts._undo import everywhere
from llm_gallery.mechanisms.latent_attention import unrolled

without = everywhere(unrolled)
