"""`seen.py URL WHAT` prints, for each request WHAT a fake provider got, how long after the one before (or 0), in s;

`seen.py URL WHAT FIELD` the FIELD of its form.
"""
import json, os, ssl, sys, urllib.request

context = ssl.create_default_context(cafile=os.environ["CA"])
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context))
seen = [one for one in json.load(opener.open(sys.argv[1] + "/seen")) if one["what"] == sys.argv[2]]
if len(sys.argv) > 3:
    print(*(one["form"].get(sys.argv[3]) for one in seen))
else:
    times = [one["at"] for one in seen]
    print(*(round((b - a) / 1000, 1) for a, b in zip(times[:1] + times, times)))
