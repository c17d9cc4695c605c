"""How people here treat each other: written by the place itself, published in versions, accepted by each."""
