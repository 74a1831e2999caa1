"""Ranking a discussion by the reactions of readers of different answers.

Pure formulas: `constants`, `audience` (settled readers and their chances to read), `clusters`
(accounts that press alike), `weights` (the sides of each comment), `lift`, `evidence` and `badges`,
`first_screen`, and `stored_columns` (text formats).
With the database: `inputs` reads, `appraisals` and `tasks` write, `order_cache` holds orders.
"""
