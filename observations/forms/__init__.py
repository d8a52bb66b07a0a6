"""Forms of this app. They check; services save."""
