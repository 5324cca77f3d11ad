"""What can be known of a text or a file, whatever a policy makes of it. Heavy libraries are imported at first use."""
