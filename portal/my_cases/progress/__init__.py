"""案件進度查詢: the query, its result, how long others waited, and the list as a file."""
