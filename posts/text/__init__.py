"""Process the text of articles: extract it from HTML, find quotations in it, convert plain text."""
