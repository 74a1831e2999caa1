"""Results: ratios, goals, tables, the chart."""
