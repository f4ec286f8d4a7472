"""Gateways: one module each, with an object `gateway`."""
