"""Every Spanish sentence of the reports and sheets: institutions and communities read them."""
