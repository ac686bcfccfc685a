"""Files, stores and the Hub: the only room that reads the outside world."""
