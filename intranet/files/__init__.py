"""Files: pictures and documents that people upload, served to their audience alone."""
