"""The urgent screen: finds red flags in a patient's own words before anything else looks at them (docs/design, G2).

It imports neither Rasa, nor spaCy, nor the encoder, so it still answers when all of these fail.
"""
