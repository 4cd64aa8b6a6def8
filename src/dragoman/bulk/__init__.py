"""Reading more than one machine's worth: any source into a Parquet data set, on an engine of choice."""
