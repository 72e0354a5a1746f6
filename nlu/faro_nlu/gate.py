"""When a message holds too little to be read: then nothing is read out of it, least of all a «yes»."""

KNOWN_WORDS = 0.3
"""Share of a message's words that training must know; below it every answer would be a guess at noise."""
SURE = 0.05
"""Probability that the best label needs; below it the labels are guesses to offer, not answers."""
PRESENT = 0.15
"""Probability from which a further label counts as present too."""
URGENT = 0.35
"""Probability from which the report takes «urgent» for found; the service adds the odds to the points."""
