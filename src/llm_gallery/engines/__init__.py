"""What engines take of a device: weights, what is reserved for sequences, and how fast it can be at best."""
