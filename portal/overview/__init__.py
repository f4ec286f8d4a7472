"""系統狀態: what runs and what waits, on one page for administrators; and lists of who took what out."""
