"""The cashiers' side 出納: the work list, refunds by two persons, settlement files, the day's close, the books."""
