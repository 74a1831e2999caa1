"""Count wrong passwords for each account, and do the same work for addresses without one."""
