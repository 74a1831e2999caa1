"""Pages and values kept in memory or in Redis, and sent again while they are right."""
