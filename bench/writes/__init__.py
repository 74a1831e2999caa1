"""What writes, jobs and rankings cost."""
