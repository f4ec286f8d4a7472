"""Slips 繳費單: their numbers, codes and paper."""
