"""Files, stores and the Hub: the only package that reads the outside world."""
