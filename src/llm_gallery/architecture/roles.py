"""Roles of parts: what each does in the mechanism that holds it, whatever a checkpoint calls it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from llm_gallery.architecture.mistake import expect_names

ROLES: Mapping[str, str] = {
    "query": "what each head asks with",
    "key": "what a query is matched with",
    "value": "what attention and states carry forward",
    "key_value": "one vector that is key and value in one",
    "rotated_key": "the key that carries positions, one for all heads",
    "output": "back from the mechanism to the stream",
    "gate": "what scales another part's numbers, one by one",
    "query_down": "to the latent that queries are made of",
    "latent_down": "to the latent that is kept, in which experts work, or of a map of low rank",
    "latent_down_norm": "norm of the latent that experts read",
    "expert_norm": "norm of what each expert gives, one for all",
    "latent_up": "from the latent in which experts work, or of a map of low rank, to the stream",
    "output_down": "from groups of heads to the latents that the output is made of",
    "beta": "how much of a token is written to the state",
    "beta_down": "to the latent that beta is made of",
    "value_share": "how much of the first layer's values a layer takes for its own",
    "value_share_down": "to the latent that this share is made of",
    "mix_down": "to the latents that shares of two tokens are made of",
    "alpha": "how much of the state is left",
    "alpha_down": "to the latent that alpha is made of",
    "gate_down": "to the latent that the gate is made of",
    "input_gate": "how much of a token the mLSTM or the RG-LRU writes",
    "forget_gate": "how much of its memory the mLSTM keeps, of earlier tokens a head of attention, or of what a message joins is left out",
    "message_query": "what the layers of a loop ask the last pass's sums, for their queries and their MLPs",
    "message_key_value": "what they ask them for their keys and values",
    "receptance": "RWKV's word for what asks its state, or lets out what was read",
    "x": "what a state space or a short convolution takes in",
    "B": "what x is written along, or times before a short convolution",
    "C": "what the state is read along, or what a short convolution gives is times",
    "step": "how long a step the state space makes for a token",
    "step_down": "to the bottleneck that the step is made of",
    "up": "to the inner width",
    "down": "from the inner width",
    "replacement": "the whole of a branch, in place of attention or of an MLP",
    "noise_share": "how much of the noise heads is subtracted",
    "mask_step": "what a value says of itself, from which a mask on the scores is made",
    "sink": "a head's score for nothing, which the token sets",
    "token_taps": "a token's own part of the taps that its convolution takes",
    "distance": "what a learned bias by distance is made of",
    "head_weight": "how much each head's score counts for the indexer",
    "join": "both inputs of a prediction module to one width",
    "read": "what a branch reads of the residual streams",
    "modality": "by what maps between residual streams are mixed for a token",
    "predict": "the maps by which each residual stream is guessed from all",
    "correct": "how much of what a layer changed each residual stream takes",
    "spread": "from the embedding to a further residual stream, one for each",
    "gathered": "back from a further residual stream, one for each",
    "read_down": "to the latent that the reading's gates are made of",
    "write": "what a branch adds to each of the residual streams",
    "mix": "how the residual streams mix beside a branch",
    "state_norm": "norm of what a router's MLP reads",
    "first_layer": "the first layer of a router's MLP",
    "second_layer": "its second",
    "scores": "its last: a score an expert",
    "of_row": "from a row of a table to the stream, one for each table",
    "source": "what a later branch of the layer reads instead of the stream",
    "query_norm": "norm of queries",
    "key_norm": "norm of keys",
    "key_value_norm": "norm of what is key and value in one",
    "query_latent_norm": "norm of the queries' latent",
    "rotated_key_norm": "norm of the key that carries positions",
    "latent_norm": "norm of the latent that is kept, or of the experts' sum in it",
    "step_norm": "norm of the step's bottleneck",
    "B_norm": "norm of B",
    "C_norm": "norm of C",
    "inner_norm": "norm before down",
    "gated_norm": "norm of what a gate leaves",
    "output_norm": "norm before output",
    "convolution_norm": "norm before the convolution",
    "token_norm": "norm of the token's embedding",
    "stream_norm": "norm of the stream",
    "asked_norm": "norm of the bytes, or of the vectors of patches, that are asked",
    "query_convolution": "short convolution over queries",
    "key_convolution": "short convolution over keys",
    "value_convolution": "short convolution over values",
    "alpha_convolution": "short convolution over what alpha is made of",
    "head_convolution": "short convolution within each head, after one over its channels",
    "input_filter": "short convolution over what queries and keys are made of, to half as many channels",
    "input_filter_back": "short convolution from these back to all channels",
    "filtered_norm": "norm of what queries and keys are made of, with what both convolutions add",
    "delayed_value": "values that the next token takes",
}
"""Every role that a part can have, in the words of the papers, and what it means."""


@cache
def roles(names: str | tuple[str, ...]) -> tuple[str, ...]:
    """One role or several as a tuple. Raises Mistake for a word that is no role."""
    words = (names,) if isinstance(names, str) else names
    expect_names(words, ROLES, "a role", "a role of architecture/roles.py")
    return words
