"""The web chat: a phone-like page where caseworkers try Faro and learn what it does."""
