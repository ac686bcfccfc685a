"""What a block is and does by its kind: a question in the field's terms, each answered in one place."""

from __future__ import annotations

from llm_gallery.architecture.kinds import TRAITS


class OfKind:
    """Whatever has a kind."""

    __slots__ = ()
    kind: str

    @property
    def attends(self) -> bool:
        """Whether it mixes tokens by attention."""
        return "attends" in TRAITS[self.kind]

    @property
    def reads_entries(self) -> bool:
        """Whether it is attention that reads entries for several tokens each, beside the last tokens themselves."""
        return self.kind == "compressed_attention"

    @property
    def recurs(self) -> bool:
        """Whether it mixes tokens by a state that doesn't grow."""
        return "recurs" in TRAITS[self.kind]

    @property
    def keeps_inputs(self) -> bool:
        """Whether its state is the last of its inputs."""
        return self.kind == "convolution"

    @property
    def makes_patches(self) -> bool:
        """Whether it makes patches of bytes, so that layers don't run for each byte."""
        return self.kind in ("patching", "patcher")

    @property
    def reads_beside(self) -> bool:
        """Whether its keys and values are no tokens' of the text."""
        return "reads beside the text" in TRAITS[self.kind]

    @property
    def mixes_tokens(self) -> bool:
        """Whether it mixes tokens."""
        return "mixes tokens" in TRAITS[self.kind]

    @property
    def keeps_heads(self) -> bool:
        """Whether it is attention that keeps keys and values of heads as they are."""
        return self.kind == "attention"

    @property
    def mixes_channels(self) -> bool:
        """Whether it mixes channels."""
        return "mixes channels" in TRAITS[self.kind]

    @property
    def mixes(self) -> bool:
        """Whether it mixes tokens or channels."""
        return "mixes" in TRAITS[self.kind]

    @property
    def on_tokens(self) -> bool:
        """Whether a layer is about how it reads several tokens: it mixes them, or they choose rows of its tables."""
        return "is about tokens" in TRAITS[self.kind]

    @property
    def looks_up(self) -> bool:
        """Whether it reads tables that the last few tokens index together."""
        return self.on_tokens and not self.mixes_tokens

    @property
    def on_channels(self) -> bool:
        """Whether a layer is about what it computes of each token alone."""
        return "is about channels" in TRAITS[self.kind]

    @property
    def on_stream(self) -> bool:
        """Whether it may stand on the stream before the stack."""
        return "may begin the stream" in TRAITS[self.kind]

    @property
    def to_scores(self) -> bool:
        """Whether it is a table of the whole model whose rows are added to scores, not to the stream."""
        return "adds to scores" in TRAITS[self.kind]

    @property
    def is_mlp(self) -> bool:
        """Whether it is an MLP: dense, or the experts of a mixture."""
        return self.kind == "mlp"

    @property
    def is_mixture(self) -> bool:
        """Whether a router chooses among its experts."""
        return self.kind == "moe"

    @property
    def is_router(self) -> bool:
        """Whether it scores experts for a token."""
        return self.kind == "router"

    @property
    def is_matrix(self) -> bool:
        """Whether it is a linear map."""
        return self.kind == "linear"

    @property
    def is_bare(self) -> bool:
        """Whether it is learned numbers alone, which nothing maps."""
        return self.kind == "tensors"

    @property
    def is_norm(self) -> bool:
        """Whether it is a norm."""
        return "norms" in TRAITS[self.kind]

    @property
    def is_sum(self) -> bool:
        """Whether its parts read the same input and are added."""
        return self.kind == "sum"

    @property
    def is_residual(self) -> bool:
        """Whether what it computes is added to the stream."""
        return self.kind == "residual"

    @property
    def is_stack(self) -> bool:
        """Whether its parts are layers, numbered."""
        return self.kind == "stack"

    @property
    def is_layer(self) -> bool:
        """Whether it is one layer of a stack, or of a module beside it."""
        return self.kind == "layer"

    @property
    def is_group(self) -> bool:
        """Whether it is parts in sequence under one name."""
        return self.kind == "group"

    @property
    def connects(self) -> bool:
        """Whether it reads several streams for a branch, and writes back to them."""
        return "connects" in TRAITS[self.kind]

    @property
    def joins(self) -> bool:
        """Whether it is nothing but the parts inside."""
        return "joins" in TRAITS[self.kind]

    @property
    def stands_apart(self) -> bool:
        """Whether a checkpoint stores it beside the language model."""
        return "stands apart" in TRAITS[self.kind]

    @property
    def drafts(self) -> bool:
        """Whether it guesses tokens after the next, beside the language model."""
        return "drafts" in TRAITS[self.kind]

    @property
    def is_embedding(self) -> bool:
        """Whether it is the table that a token's stream begins with."""
        return self.kind == "embedding"

    @property
    def is_head(self) -> bool:
        """Whether it gives the scores of the next token."""
        return self.kind == "head"

    @property
    def sees(self) -> bool:
        """Whether it is a tower that reads pictures."""
        return self.kind == "vision_tower"

    @property
    def hears(self) -> bool:
        """Whether it is a tower that reads sound."""
        return self.kind == "audio_tower"

    @property
    def other_modality(self) -> bool:
        """Whether it makes tokens of images or sound."""
        return "is another modality" in TRAITS[self.kind]
