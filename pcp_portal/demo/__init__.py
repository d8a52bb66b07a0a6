"""The demo programme: fictional people and what they did, written through the services."""
