"""The directory as files: CSV, XLSX, HSDS JSON and HXL, out and in."""
