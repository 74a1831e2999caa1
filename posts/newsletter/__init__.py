"""The newsletter: a new article by e-mail to the followers of the site, a series, an author.

`notifications.following.telling` freezes the audience of an article, as rows of the outbox of which
each receiver has one; `notifications.following.letters` asks this package for each mail.

- `article_html`, `article_text`: the text of an article as mail programs can show it.
- `letters`: the mail of an article; `reasons`: why somebody gets it, and what ends that.
- `audience`: how many will get an article, and how far sending is.
- `trials`: the mail of an article sent to one of its authors.
"""
