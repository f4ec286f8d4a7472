"""The page type of docs/add-a-page-type.md: these are the very files that the page shows."""
