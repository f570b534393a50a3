"""The demonstration agency as plain data: who it is, what its people do, and how their days are filled."""
