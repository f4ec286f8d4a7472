"""審核統計: figures for supervisors, and their pictures."""
