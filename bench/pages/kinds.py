"""The kinds of requests that can be profiled."""

# A public page as it is kept, and built anew after a write; a signed-in page then; a reply.
KEPT, VISITOR, READER, REPLY = "kept", "public", "signed-in", "reply"
KINDS = (KEPT, VISITOR, READER, REPLY)
