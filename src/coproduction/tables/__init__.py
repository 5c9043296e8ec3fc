"""Tables as people keep them: CSV, workbooks and JSON, read cell by cell and written safely."""
