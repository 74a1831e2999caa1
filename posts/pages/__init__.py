"""Pages of posts: loading, rendering, versions."""
