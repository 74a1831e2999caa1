"""Second factors: allauth's MFA with our rules about staff, secrets, limits and pages."""
