"""A model as llama.cpp's converter writes it: the keys of a GGUF, and its tensors with where each comes from."""
