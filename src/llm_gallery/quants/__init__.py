"""What llama-quantize makes of a model: a type for every tensor, by mix, and the bytes of each."""
