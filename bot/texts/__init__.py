"""Every Spanish sentence that the person on the phone reads, by subject. «Usted», short, plain.

A locked screen shows the first 60 characters, so each text begins neutrally (product.md, rule 7).
Placeholders stand in braces and are filled by the flows.
"""
