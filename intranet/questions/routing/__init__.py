"""Which people a question goes to, and when: rules in ``choosing``, what they look at in ``candidates``, the waves."""
