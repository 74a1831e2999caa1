"""Where readers stand: totals, flow, reactions across answers, charts."""
