"""How a model is spread over devices: tensor, data and expert parallelism, or whole layers."""

from __future__ import annotations

from typing import NamedTuple


class Split(NamedTuple):
    """Ranks: `tensor` of them share each layer, `data` such groups hold sequences of their own."""

    tensor: int = 1
    data: int = 1
    experts: bool = False  # whether whole experts are spread over all ranks
    layers: int = 1  # devices that hold whole layers, one after another

    @property
    def ranks(self) -> int:
        """Devices that take part."""
        return self.tensor * self.data * self.layers

    def sequences(self, count: int) -> int:
        """Sequences of the rank that has most."""
        return -(-count // self.data)


ALONE = Split()
