"""Reading pages of threads: parameters, cursors, orders, permalinks."""
