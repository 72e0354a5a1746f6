"""Trains multilingual-e5-small further on Faro's phrases and writes it to `nlu/encoder`."""
