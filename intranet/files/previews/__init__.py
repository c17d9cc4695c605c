"""Previews: the first page of a document as a picture, or its first lines, made by the worker in a process apart."""
