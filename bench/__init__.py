"""Measurements of Faro as it runs: processes, databases and small true platforms on this machine."""
