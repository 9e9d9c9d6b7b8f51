"""Bytes to Document: decode, scan, parse, walk, give every block a role."""
