"""What touches bytes of strangers with a decoder. It runs in a process of its own, as the package `decoder`.

No Django here, and imports within this package are relative: the process starts in a third of a second that way.
"""
