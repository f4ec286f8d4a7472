"""綠界科技 ECPay AIO: cards, Web ATM, virtual accounts, and codes for convenience stores."""

from .carrier import gateway

__all__ = ["gateway"]
