"""What the members of one group know, to somebody who may know who they are."""
