"""Passing a message on: its words go along, where it was said is told to those who may read there."""
