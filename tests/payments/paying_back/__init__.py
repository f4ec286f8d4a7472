"""A sandbank that pays back by itself; its module is named as the bank's is, so that attempts of the bank are its own."""
