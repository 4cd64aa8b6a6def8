"""A corpus in one DuckDB file; the only package that speaks to the database."""
