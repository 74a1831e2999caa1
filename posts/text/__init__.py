"""Words of articles: anchors, paragraphs, plain text, without pages."""
