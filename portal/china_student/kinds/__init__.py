"""陸生's applications, as the manual lists them (申辦項目及費用): one module each."""
