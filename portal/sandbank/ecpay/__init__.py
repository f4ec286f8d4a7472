"""ECPay's dialect, as its documentation has it: so that the other side can be tried without leaving this machine."""
