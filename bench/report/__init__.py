"""Turn results into ratios, goals, tables and a chart."""
