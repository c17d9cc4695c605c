"""Mutes and blocks: how somebody keeps apart from a colleague, and takes it back. What they do is the kernel's."""
