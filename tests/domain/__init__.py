"""Tests of the pure rules: examples, published vectors and properties."""
