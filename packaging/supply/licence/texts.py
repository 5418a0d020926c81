"""Texts of licences, joined where only the lines above the wording differ."""
import re, textwrap

from .kinds import kinds

# Where the wording of a licence begins that many works share; above it stand the lines that differ, who holds the copyright.
SHARED = {
    "MIT": re.compile(r"Permission is hereby granted, free of charge"),
    "ISC": re.compile(r"Permission to use, copy, modify"),
    "Zlib": re.compile(r"This software is provided ['‘]as-is"),
    "BSD-2-Clause": re.compile(r"Redistribution and use in source"),
    "BSD-3-Clause": re.compile(r"Redistribution and use in source"),
    "Apache-2.0": re.compile(r"TERMS AND CONDITIONS FOR USE"),
}
TITLE = re.compile(r"(?i)^\W*(the )?(mit|isc|zlib|apache|\(?bsd[- ][23]-clause|the 2-clause bsd)?( |-)?licen[sc]e( \(mit\))?\W*$|^\W*version 2\.0, january 2004\W*$|^\W*https?://www\.apache\.org/licenses/?\W*$")
APPENDIX = re.compile(r"(?is)^\s*(APPENDIX:?\s+How\s+to\s+apply.*?page[\"”]?\s+as\s+the\s+copyright\s+notice\s+for\s+easier\s+identification\s+within\s+third-party\s+archives\.)?"
                      r"((?:\s*Copyright[^\n]*\n)*)\s*(Licensed\s+under\s+the\s+Apache\s+License.*?limitations\s+under\s+the\s+License\.)?\s*$")


def flat(text):
    return re.sub(r"\s+", " ", text.replace("“", '"').replace("”", '"').replace("’", "'").replace("https://", "http://")).strip().lower()


def split(text):
    """The lines above and the shared wording; all is wording where that is not plain."""
    kind = kinds(text)
    start = SHARED[next(iter(kind))].search(text) if len(kind) == 1 and kind <= set(SHARED) else None
    if not start:
        return "", text
    head, body = text[:start.start()], text[start.start():]
    if kind == {"Apache-2.0"}:
        wording, end, after = body.partition("END OF TERMS AND CONDITIONS")
        appendix = APPENDIX.match(after)
        if not end or not appendix:
            return "", text
        body = wording + end
        head += "\n" + "\n".join(line for line in appendix[2].split("\n") if not re.search(r"[\[{<](yyyy|year)", line))
    lines = [line.strip() for line in head.split("\n") if not TITLE.match(line)]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n"), body


class Texts:
    """Texts joined when their wording differs in nothing but blanks, quotes and capitals; what stands above it is kept for each."""

    def __init__(self):
        self.found = {}  # key -> [wording, kinds, {lines above: users}]

    def add(self, text, user):
        text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n").lstrip("\ufeff")
        text = "\n".join(line.rstrip() for line in text.expandtabs(4).split("\n")).strip("\n")
        head, body = split(text)
        body = textwrap.dedent("\n".join(line.rstrip() for line in body.split("\n")).strip("\n"))
        entry = self.found.setdefault(flat(body), [body, kinds(text), {}])
        # Of the same wording in several shapes one, so that the order of finding does not matter.
        entry[0] = min(entry[0], body, key=lambda shape: (len(shape), shape))
        entry[2].setdefault(head, set()).add(user)
        return flat(body)

    def numbered(self):
        def rank(key):
            _, kind, heads = self.found[key]
            return (sorted(kind) or ["~"], -sum(map(len, heads.values())), key)
        return {key: number for number, key in enumerate(sorted(self.found, key=rank), 1)}
