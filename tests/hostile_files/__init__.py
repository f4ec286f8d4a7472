"""Files that somebody means ill with, made on the spot: bombs, and carriers of what must not be kept. None is stored."""
