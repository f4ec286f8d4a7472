"""驗證碼 without a puzzle: the browser works for a second, and the portal checks the work in no time.

Several small searches instead of a big one, so that luck hardly changes how long it takes. The key of the 驗證碼 is what is
worked on: the portal made it at random, it lasts five minutes and is deleted with its first answer, so no proof can be
prepared before and none is good twice.
"""

import hashlib
import re

PARTS = 8
# Zeros of each part's hash by step of proof (throttling.limits.step): 2**15 tries a part on average, then more. Beside a code
# that was typed the work is a surcharge; alone it has to carry all. static/js/captcha-worker.js does the same.
BITS_ALONE = (15, 18, 19, 20)
BITS_BESIDE_A_CODE = (0, 15, 16, 17)
PROOF = re.compile(rf"[0-9]{{1,9}}(,[0-9]{{1,9}}){{{PARTS - 1}}}")


def bits_of(key: str, proof: str) -> int:
    """With how many zeros each part of `proof` hashes at least; 0 for what is no proof."""
    if not PROOF.fullmatch(proof):
        return 0
    return min(zeros(key, part, number) for part, number in enumerate(proof.split(",")))


def zeros(key: str, part: int, number: str | int) -> int:
    """With how many zeros SHA-256 of `key:part:number` begins, counted up to 32."""
    digest = hashlib.sha256(f"{key}:{part}:{number}".encode()).digest()
    return 32 - int.from_bytes(digest[:4], "big").bit_length()
