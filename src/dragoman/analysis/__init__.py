"""Relations, blocs, responses and forecasts over tables of events."""
