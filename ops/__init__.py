"""What runs the portal on one machine: servers, supervisor, setup, checks. Apps never import it."""
