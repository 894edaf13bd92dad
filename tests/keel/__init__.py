"""What the tests of the booted image share."""
