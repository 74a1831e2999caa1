"""Pictures that people upload: stored as files with names of our own, and served under `/media/`.

`storing.store` takes a file, `models.Picture` is what other apps refer to, by foreign keys alone:
what none of them leads to is deleted after a day, or a month (`deleting`). `forms` has the field
for a form.
"""
