"""How the app comes on the air: the front end is built once per change, then one port serves everything."""
