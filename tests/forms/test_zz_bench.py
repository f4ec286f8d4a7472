import time, os
from django.test import Client
from tests.forms.answers import OWN_ANSWERS
def best(f, n=15):
    ts=[]
    for _ in range(n):
        t=time.thread_time(); f(); ts.append(time.thread_time()-t)
    return f"{min(ts)*1000:.0f}/{sorted(ts)[n//2]*1000:.0f}"
def test_bench(owner_client: Client, form: str, today) -> None:
    for _ in range(3): owner_client.get(form)
    import sys; out=sys.stderr
    r=owner_client.get(form)
    print("size",len(r.content), "GET form", best(lambda: owner_client.get(form)), "POST save", best(lambda: owner_client.post(form,{**OWN_ANSWERS,"go":"save"})),
      "POST check", best(lambda: owner_client.post(form,{**OWN_ANSWERS,"go":"check"}),4), file=out)
    if os.environ.get("PROF"):
        import cProfile; p=cProfile.Profile(); p.enable()
        for _ in range(5): owner_client.get(form)
        p.disable(); p.dump_stats("/tmp/form.prof")
    open("/tmp/form.html","wb").write(owner_client.get(form).content)
