"""案件撤銷: found by its number, withdrawn after a declaration and a second question."""
