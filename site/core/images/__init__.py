"""Make a stranger's picture safe to show: decoded and encoded anew in a process with limits.

`cleaning.clean` is the door. What it returns has only pixels of the original: no metadata, no
trailing bytes, no script. It knows no database; `pictures` stores what comes out.
"""
