"""The page on which drafts are written, decided on and handed over."""
