"""Name the kinds of requests that can be profiled."""

# A cached public page; a public and a signed-in page rebuilt after a write; a reply.
CACHED, VISITOR, READER, REPLY = "cached", "public", "signed-in", "reply"
KINDS = (CACHED, VISITOR, READER, REPLY)
