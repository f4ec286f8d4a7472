"""Methods 繳費方式: one module each, with an object `method`."""
