"""The catalogue in other forms: documents, sheets, DCAT-AP, data contracts. Pure."""
