"""Who asked without their name: readers meet nobody, two named stewards can learn who it was."""
