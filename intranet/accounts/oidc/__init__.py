"""The company's own sign-in (OpenID Connect): another server says who somebody is, and Couth believes what it can
check."""
