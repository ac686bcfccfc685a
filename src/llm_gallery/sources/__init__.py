"""What files and other programs say; the only room that reads the outside world."""
