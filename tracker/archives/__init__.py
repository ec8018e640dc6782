"""Archives: what a source left behind, in one folder per item, as a ZIP; read-only from then on."""
