"""Which licences a text is, and which a crate is used under."""
import re, tomllib

from .tools import fail

KINDS = [  # the sign that a licence's full text is there, not only its name
    ("Apache-2.0", r"(?i)TERMS AND CONDITIONS FOR USE, REPRODUCTION,? AND DISTRIBUTION"),
    ("MPL-2.0", r"Mozilla Public License,? [Vv]ersion 2\.0 .*each individual or legal entity that creates"),
    ("LGPL-2.1-or-later", r"GNU LESSER GENERAL PUBLIC LICENSE"),
    ("GPL", r"GNU GENERAL PUBLIC LICENSE"),
    ("CC0-1.0", r"CC0 1\.0 Universal|Creative Commons Legal Code"),
    ("OFL-1.1", r"(?i)sil open font license"),
    ("Unicode-3.0", r"(?i)unicode license v3|UNICODE, INC\. LICENSE AGREEMENT"),
    ("BSL-1.0", r"Boost Software License"),
    ("BlueOak-1.0.0", r"Blue Oak Model License"),
    ("Unlicense", r"This is free and unencumbered software"),
    ("Zlib", r"(?s)provided ['‘]as-is['’].*must not be misrepresented"),
    ("BSD-3-Clause", r"(?s)Redistribution and use in source and binary forms.*(Neither the name|nor the names? of|names? of .{0,80} may not be used)"),
    ("BSD-2-Clause", r"Redistribution and use in source and binary forms"),
    ("ISC", r"Permission to use, copy, modify,? and(/or)? distribute this software for any"),
    ("MIT", r"Permission is hereby granted, free of charge, to any"),
    ("LLVM-exception", r"LLVM Exceptions"),
]
KINDS = [(name, re.compile(sign)) for name, sign in KINDS]
SAME = {"MIT-0": "MIT", "0BSD": "ISC"}


def kinds(text):
    flat = re.sub(r"\s+", " ", text)
    found = {name for name, sign in KINDS if sign.search(flat)}
    if "BSD-3-Clause" in found and len(re.findall("Redistribution and use in source", flat)) == 1:
        found.discard("BSD-2-Clause")
    return found


def alternatives(expression):
    """An SPDX expression as a list of alternatives, each a set of licences that all hold."""
    words = re.findall(r"\(|\)|[^\s()]+", expression.replace("/", " OR "))
    at = 0

    def any_of():
        nonlocal at
        got = all_of()
        while at < len(words) and words[at] == "OR":
            at += 1
            got = got + all_of()
        return got

    def all_of():
        nonlocal at
        got = one()
        while at < len(words) and words[at] == "AND":
            at += 1
            right = one()
            got = [a | b for a in got for b in right]
        return got

    def one():
        nonlocal at
        if words[at] == "(":
            at += 1
            got = any_of()
            at += 1
            return got
        name = words[at]
        at += 1
        if at < len(words) and words[at] == "WITH":
            name += " WITH " + words[at + 1]
            at += 2
        return [frozenset([name])]

    got = any_of()
    if at != len(words):
        fail(f"not an SPDX expression: {expression}")
    return got


def rules_of(path):
    licences = tomllib.loads(path.read_text(encoding="utf-8"))["licenses"]
    return {
        "allow": licences["allow"],
        "exceptions": {e["crate"]: e["allow"] for e in licences.get("exceptions", [])},
        "clarify": {c["crate"]: c["expression"] for c in licences.get("clarify", [])},
    }


def elect(package, rules, have):
    """The alternative it is used under: allowed, its texts there if possible, else by the order of deny.toml."""
    expression = rules["clarify"].get(package["name"]) or package.get("license")
    if not expression:
        return None, None
    allowed = rules["allow"] + rules["exceptions"].get(package["name"], [])
    choices = [c for c in alternatives(expression) if c <= set(allowed)]
    if not choices:
        return expression, None

    def rank(choice):
        lacking = sum(1 for name in choice if not covered(name, have))
        return (lacking, sorted(allowed.index(name) for name in choice))
    return expression, min(choices, key=rank)


def covered(name, have):
    plain, _, exception = name.partition(" WITH ")
    return SAME.get(plain, plain) in have and (not exception or exception in have)
