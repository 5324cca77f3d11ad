"""Pages and tables that are made when the site is built, from the checks, the policies and the code."""
