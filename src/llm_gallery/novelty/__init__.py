"""What leads a model: its new mechanism, wiring or order of parts, what stood there before, and what it saves."""
