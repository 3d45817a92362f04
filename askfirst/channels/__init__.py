"""Channels: how a patient's message comes in and a Reply goes out. One renderer each; all share base.py and choices.py."""
