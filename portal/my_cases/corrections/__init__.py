"""退補案件處理: the application that an officer gave back, corrected by its student and sent again."""
