"""The local page on a workspace."""
