"""People to meet: who shares one's rare work and is not known yet."""
