"""Bytes or an address become a Document; untrusted input is only ever parsed in a bounded child process."""
