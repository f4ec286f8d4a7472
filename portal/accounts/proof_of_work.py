"""驗證碼 without a puzzle: the browser works for a second, and the portal checks the work in no time.

Several small searches instead of a big one, so that luck hardly changes how long it takes. The key of the 驗證碼 is what is
worked on: the portal made it, it lasts five minutes and is deleted with its first answer, so no proof is good twice.
"""

import hashlib
import re

PARTS = 8
BITS = 15  # of each part: 2**15 tries on average; static/js/captcha-worker.js does the same
PROOF = re.compile(rf"[0-9]{{1,9}}(,[0-9]{{1,9}}){{{PARTS - 1}}}")


def is_proof(key: str, proof: str) -> bool:
    """Whether `proof` is the numbers, one a part, which hash to enough leading zeros."""
    return bool(PROOF.fullmatch(proof)) and all(is_found(key, part, number) for part, number in enumerate(proof.split(",")))


def is_found(key: str, part: int, number: str | int) -> bool:
    """Whether SHA-256 of `key:part:number` begins with BITS zeros."""
    digest = hashlib.sha256(f"{key}:{part}:{number}".encode()).digest()
    return int.from_bytes(digest[:4], "big") >> (32 - BITS) == 0
