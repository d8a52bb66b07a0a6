"""What runs the portal on one machine: servers, supervisor, setting up, checks. Never imported by an app."""
