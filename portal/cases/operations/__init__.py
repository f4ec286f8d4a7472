"""Every change of a case: one public function an action. What they share is in `performing`, which alone writes a status."""

from .applying import submit, withdraw
from .ending import close_paper_problem, expire, open_paper_problem, record_permit, remind, settle
from .performing import NewDocument, NotAllowed, Obstacle, StaleCase, TooLate, available_actions, is_officer
from .returning import Remark, ask_correction, ask_extension, ask_supplement, decline_extension, extend, resubmit, take_back
from .reviewing import Unaccepted, approve, assign, correct, reject, release, take, take_next

__all__ = [
    "NewDocument",
    "NotAllowed",
    "Obstacle",
    "Remark",
    "StaleCase",
    "TooLate",
    "Unaccepted",
    "approve",
    "ask_correction",
    "ask_extension",
    "ask_supplement",
    "assign",
    "available_actions",
    "close_paper_problem",
    "correct",
    "decline_extension",
    "expire",
    "extend",
    "is_officer",
    "open_paper_problem",
    "record_permit",
    "reject",
    "release",
    "remind",
    "resubmit",
    "settle",
    "submit",
    "take",
    "take_back",
    "take_next",
    "withdraw",
]
