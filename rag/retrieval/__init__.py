"""A question into ranked passages: two legs, their fusion, and whether they hold an answer."""
