"""The kiosk's part: `client.py SOCKET [DOING]` starts a session and prints what the helper says, to the end.

DOING: approve or decline (plays the person too, with the CA of $CA), cancel or close (after the first line),
wait (till standard input ends, then closes), nothing (says nothing at all), or raw TEXT (said instead of start).
"""
import html, http.cookiejar, json, os, re, socket, ssl, sys, time, urllib.parse, urllib.request


def person(uri, approve):
    """Opens the page, enters the code, signs in and agrees: by the forms alone, as a phone's browser would."""
    context = ssl.create_default_context(cafile=os.environ["CA"])
    browser = urllib.request.build_opener(urllib.request.ProxyHandler({}),
        urllib.request.HTTPSHandler(context=context), urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    page = browser.open(uri, timeout=10)
    for _ in range(9):
        text = page.read().decode()
        form = re.search(r'<form[^>]*action="([^"]*)"', text)
        if not form:
            return text
        fields = {}
        for tag in re.findall(r"<input[^>]*>", text):
            given = dict(re.findall(r'(\w+)="([^"]*)"', tag))
            fields[given["name"]] = html.unescape(given.get("value", "x"))
        if "confirm" in fields and not approve:
            fields = {**fields, "abort": "yes"}
            del fields["confirm"]
        to = urllib.parse.urljoin(page.url, html.unescape(form[1]))
        try:
            page = browser.open(to, urllib.parse.urlencode(fields).encode(), timeout=10)
        except urllib.error.HTTPError as error:  # the page that says it was declined has status 400
            page = error
        if not approve and "abort" in fields:
            return page.read().decode()
    raise SystemExit("the pages do not end")


path, doing = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else ""
for attempt in range(500):
    kiosk = socket.socket(socket.AF_UNIX)
    try:
        kiosk.connect(path)
        break
    except OSError:
        kiosk.close()
        time.sleep(0.01)
else:
    raise SystemExit("nobody listens")
if doing != "nothing":
    try:
        kiosk.sendall(sys.argv[3].encode() if doing == "raw" else b'{"do":"start","lang":"zh-CN"}\n')
    except OSError:
        pass  # turned away already: the reason can still be read
lines = kiosk.makefile(encoding="utf-8")
try:
    for line in lines:
        print(line, end="", flush=True)
        said = json.loads(line)
        if "show" in said:
            if doing in ("approve", "decline"):
                person(said["show"]["uri_complete"], doing == "approve")
            elif doing == "cancel":
                kiosk.sendall(b'{"do":"cancel"}\n')
            elif doing == "wait":
                sys.stdin.read()
                break
            elif doing == "close":
                break
except ConnectionError:
    pass  # closed by the other side before it had read everything
