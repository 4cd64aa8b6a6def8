"""Bytes or an address become a Document; untrusted input is only ever parsed in a bounded child process."""

from dragoman.intake.sources import take_in

__all__ = ["take_in"]
