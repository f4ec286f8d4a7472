"""What editors keep for officers and applicants: 加附文件, 退補事由範本."""
