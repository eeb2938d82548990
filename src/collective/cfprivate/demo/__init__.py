"""A whole demonstration on one machine: site, accounts, media and a local edge."""
