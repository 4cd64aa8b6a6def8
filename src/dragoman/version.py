"""The version of the program, which every record's coder carries."""

__version__ = "0.1.0"
