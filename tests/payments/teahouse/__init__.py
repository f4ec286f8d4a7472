"""A method of another package, as docs/add-a-payment-method.md describes it: one folder, and one line of settings."""

from portal.payments.methods.base import BaseMethod


class Teahouse(BaseMethod):
    """茶行代收."""

    code = "teahouse"
    name = "茶行代收"
    guidance = "持繳費單至各茶行繳費。"


method = Teahouse()
