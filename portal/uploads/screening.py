"""Refusals that cost nothing: headers are read, nothing is decoded."""


def screen(content: bytes) -> None:
    """Raise FileRefused for what can be told from its headers to be too much."""
