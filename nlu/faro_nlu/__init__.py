"""Faro's understanding of Spanish as frightened people write it, on Rasa 3.6's graph engine."""
