"""Video files: opened only in a process of its own (`worker`); what others ask for is in `facts`."""
