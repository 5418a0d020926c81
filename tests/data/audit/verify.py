#!/usr/bin/env python3
"""Checks an exported audit log without the program that wrote it: verify.py EXPORT [SEQ:HASH] [FIRST-KEY]
The form is that of src/store/audit/chain.rs. Prints the first damage; exit code 0 whole, 1 damaged."""
import hashlib, json, struct, sys

# Ed25519 (RFC 8032, 5.1.7), with the standard library only.
P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
def plus(a, b):
    (x, y, z, t), (u, v, w, s) = a, b
    A, B, C, E = (y - x) * (v - u) % P, (y + x) * (v + u) % P, 2 * t * s * D % P, 2 * z * w % P
    e, f, g, h = B - A, E - C, E + C, B + A
    return e * f % P, g * h % P, f * g % P, e * h % P
def times(n, a):
    q = (0, 1, 1, 0)
    while n:
        q, a, n = plus(q, a) if n & 1 else q, plus(a, a), n >> 1
    return q
def point(b):
    y, sign = int.from_bytes(b, "little") & (1 << 255) - 1, b[31] >> 7
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(x2, (P + 3) // 8, P)
    x = x if x * x % P == x2 else x * pow(2, (P - 1) // 4, P) % P
    if y >= P or x * x % P != x2: raise ValueError("no point")
    x = x if x & 1 == sign else P - x
    return x, y, 1, x * y % P
BASE = point(bytes([0x58]) + bytes([0x66]) * 31)
def signed(key, message, sig):
    r, s = sig[:32], int.from_bytes(sig[32:], "little")
    h = int.from_bytes(hashlib.sha512(r + key + message).digest(), "little") % L
    (x, y, z, _), (u, v, w, _) = times(s, BASE), plus(point(r), times(h, point(key)))
    return s < L and (x * w - u * z) % P == 0 and (y * w - v * z) % P == 0

def damage(lines, kept=None, first=None):
    header, *lines = [json.loads(line) for line in lines]
    device, seq, before = bytes.fromhex(header["device"]), header["base"]["seq"], bytes.fromhex(header["base"]["hash"])
    explained, chain, heads = seq == 0, {seq: before}, []
    for line in lines:
        if "head" in line: heads.append(line["head"]); continue
        if line["seq"] != seq + 1: return f"entry {seq + 1} is missing"
        leaf = hashlib.sha256(b"mz-leaf-1\0" + bytes.fromhex(line["salt"]) + line["event"].encode()).digest()
        body = struct.pack(">Qq", line["seq"], line["at_ms"]) + leaf
        seq, before = line["seq"], hashlib.sha256(b"mz-chain-1\0" + before + body).digest()
        if before.hex() != line["hash"]: return f"entry {seq} was edited or moved"
        dropped = (json.loads(line["event"]) or {}).get("segment-dropped") if line["event"][0] == "{" else None
        explained = explained or dropped == {"to": header["base"]["seq"], "hash": header["base"]["hash"]}
        chain[seq] = before
    if first and header["first-key"] != first: return "the log did not begin with this key"
    key, step, last = bytes.fromhex(header["first-key"] or ""), 0, 0
    for head in heads:
        text = struct.pack(">QQq", head["step"], head["seq"], head["at_ms"])
        text = b"mz-head-1\0" + device + text + bytes.fromhex(head["hash"]) + bytes.fromhex(head["next-key"])
        try: good = signed(key, text, bytes.fromhex(head["signature"]))
        except ValueError: good = False
        if head["step"] != step or head["seq"] < last or not good: return f"head {step} is not signed by its key"
        if head["seq"] >= header["base"]["seq"] and chain.get(head["seq"], b"").hex() != head["hash"]:
            return f"head {step} does not fit: the chain was cut or computed anew"
        key, step, last = bytes.fromhex(head["next-key"]), step + 1, head["seq"]
    if last != seq: return f"entry {seq} has no signed head"
    if not explained: return f"entries up to {header['base']['seq']} were dropped without a record"
    if kept and chain.get(int(kept.split(":")[0]), b"").hex() != kept.split(":")[1]:
        return "the head kept elsewhere is not in this log"

found = damage(open(sys.argv[1], encoding="utf-8"), *(arg or None for arg in sys.argv[2:4]))
# What is whole in itself may still be another log: only what was kept elsewhere tells.
print(found or ("whole" if sys.argv[2:] else "whole in itself; compare it with a head or first key kept elsewhere"))
sys.exit(1 if found else 0)
