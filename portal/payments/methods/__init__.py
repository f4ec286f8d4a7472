"""Methods 繳費方式: one module or folder each, with an object `method`. docs/add-a-payment-method.md says how one is added."""
