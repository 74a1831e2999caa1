"""Statistics of answers: totals, flow, reactions across answers, charts, and the stance page."""
