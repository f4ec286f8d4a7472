"""The records clerks' pages in the admin: files are sent in and checked, one record is put right."""
