"""A corpus in one file: documents, their records, corrections, stories and search. The only importer of duckdb."""
