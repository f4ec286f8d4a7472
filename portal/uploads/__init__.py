"""Files that strangers send: screened, decoded in a separate process without rights, kept as new bytes only."""
