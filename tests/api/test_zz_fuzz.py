import asyncio, json
import httpx, msgspec, pytest
from hypothesis import given, settings as hs, HealthCheck, strategies as st
from regulars.api import members, cards
from regulars.web import openapi
from regulars.app import build
from regulars.settings import Settings
from regulars.db.pool import Database
from tests.api.conftest import running, new_api, SECRET
EPS=[e for e in [*members.calls.items,*cards.calls.items]]
def schema(e):
    return msgspec.json.schema(e.body)
def inline(s, defs):
    if isinstance(s, dict):
        if "$ref" in s: return inline(defs[s["$ref"].rpartition("/")[2]], defs)
        return {k: inline(v, defs) for k,v in s.items() if k not in("$defs","format") or k=="x"}
    if isinstance(s, list): return [inline(x, defs) for x in s]
    return s
def test_fuzz(database_url):
    loop=asyncio.new_event_loop()
    async def setup():
        stack=[]
        app=build(Settings(database_url, SECRET))
        cm=running(app); await cm.__aenter__()
        client=httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://x")
        db=Database(database_url); await db.open()
        api=await new_api(client, db, finds_a_minute=100000, )
        m=(await api.post("/v1/members", {"phone":"20000001"})).json()
        return cm, client, db, api, m
    cm, client, db, api, m = loop.run_until_complete(setup())
    from collections import Counter
    total={}
    for e in EPS:
        seen=Counter()
        if e.body is None: continue
        raw=schema(e); props=list(raw["$defs"][e.body.__name__]["properties"])
        junk=st.recursive(st.none()|st.booleans()|st.integers()|st.floats(allow_nan=False,allow_infinity=False)|st.text(), lambda c: st.lists(c, max_size=3)|st.dictionaries(st.text(max_size=5), c, max_size=4), max_leaves=6)
        special=st.sampled_from(["20000001","+37120000002","a@b.lv","é@b.lv","a\x00b","9900000000000010",m["id"],m["cards"][0]["id"],m["cards"][0]["number"],"lv","2000-01-01","0001-01-01","9999-12-31","email","sms","marketing","marketing\n","PTS",1,-1,0,2**63,10**12,True,None,"\u0661"*16,"x"*300,"\u202e",{"a":1},{"a":{"b":1}},{"a"*64:"x"},{"a":None},[{"channel":"email","purpose":"p","granted":True}],[{}],"9"*64,"web","till"])
        mutated=st.dictionaries(st.sampled_from(props)|st.sampled_from(props)|st.text(max_size=3), special|special|special|junk, max_size=5)|junk
        @hs(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck), database=None)
        @given(mutated)
        def run(body):
            if e.path.endswith("batch") and isinstance(body, dict) and isinstance(body.get("count"), int): body["count"] = min(body["count"], 20)
            r=loop.run_until_complete(api.call(e.method, e.path.replace("{id}", m["id"]), body))
            seen[r.status_code]+=1
            assert r.status_code < 500, (e.path, body, r.text)
        run()
        print(e.method, e.path, dict(seen))
    loop.run_until_complete(client.aclose()); loop.run_until_complete(db.close()); loop.run_until_complete(cm.__aexit__(None,None,None)); loop.close()
