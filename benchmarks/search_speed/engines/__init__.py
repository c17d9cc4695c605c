"""The engines that are compared, each alone in a process of its own."""
