"""What a program in Python does with an agent of Consul, by Debian's python3-consul; the agent's address is the argument."""
import sys
import threading
import time

import consul

host, port = sys.argv[1].rsplit(":", 1)
c = consul.Consul(host=host, port=int(port))


def same(what, got, wanted):
    if got != wanted:
        sys.exit("%s: %r, not %r" % (what, got, wanted))
    print("ok", what)


assert c.kv.put("py/one", "1", flags=7)
index, entry = c.kv.get("py/one")
same("a key", (entry["Key"], entry["Value"], entry["Flags"]), ("py/one", b"1", 7))
same("a key that is not there", c.kv.get("py/none")[1], None)
same("cas", (c.kv.put("py/one", "2", cas=1), c.kv.put("py/one", "2", cas=entry["ModifyIndex"])), (False, True))
c.kv.put("py/two/deep", "3")
same("recurse", [e["Key"] for e in c.kv.get("py/", recurse=True)[1]], ["py/one", "py/two/deep"])
same("keys", c.kv.get("py/", keys=True, separator="/")[1], ["py/one", "py/two/"])

index, entry = c.kv.get("py/one")
threading.Timer(1.0, lambda: c.kv.put("py/one", "changed")).start()
begun = time.monotonic()
later, entry = c.kv.get("py/one", index=index, wait="60s")
same("a blocking query ends with the change", entry["Value"], b"changed")
same("which has a later index", int(later) > int(index), True)
same("and comes before the wait is over", time.monotonic() - begun < 50, True)
same("a wait that nothing ends", c.kv.get("py/one", index=later, wait="300ms")[1]["Value"], b"changed")

session = c.session.create(name="py", ttl=60, lock_delay=0, behavior="release")
same("a lock", (c.kv.put("py/lock", "x", acquire=session), c.kv.get("py/lock")[1]["Session"]), (True, session))
same("a session", [s["ID"] for s in c.session.info(session)[1:] if s] or None, [session])
same("its renewal", c.session.renew(session)["ID"], session)
same("the lock let go", c.kv.put("py/lock", "x", release=session), True)
same("the session ended", c.session.destroy(session), True)
same("the tree deleted", (c.kv.delete("py/", recurse=True), c.kv.get("py/", recurse=True)[1]), (True, None))

same("datacenters", c.catalog.datacenters(), ["dc1"])
same("registration", c.catalog.register("py-ext", "10.0.0.9", service={"service": "py-web", "port": 80}), True)
same("a service", [s["Node"] for s in c.catalog.service("py-web")[1]], ["py-ext"])
same("its health", [s["Service"]["Port"] for s in c.health.service("py-web")[1]], [80])
same("its end", c.catalog.deregister("py-ext"), True)
nodes = sorted(n["Node"] for n in c.catalog.nodes()[1])
same("the nodes of the catalog", nodes, sorted(m["Name"] for m in c.agent.members()))
same("checks that pass", sorted(set(k["Node"] for k in c.health.state("passing")[1])), nodes)

name = c.agent.self()["Config"]["NodeName"]
same("no services of its own", (c.agent.services(), c.agent.checks()), ({}, {}))
same("a leader", c.status.leader() in c.status.peers(), True)
same("an event", c.event.fire("py-deploy", "now")["Name"], "py-deploy")
for attempt in range(50):
    if [e["Name"] for e in c.event.list(name="py-deploy")[1]] == ["py-deploy"]:
        break
    time.sleep(0.1)
else:
    sys.exit("the event never came")
print("done", name)
