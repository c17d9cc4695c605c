"""Web push: what needs somebody who is not looking, on the devices that they chose."""
