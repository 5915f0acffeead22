"""A scheduler in nothing but Python's standard library, as Mesos's docs/scheduler-http-api.md and docs/recordio.md say.

Launches a command, and prints a line for each step; kills the task once it runs, and tears itself down.
"""

import http.client
import json
import sys

HOST, PORT = sys.argv[1].split(":")
PATH = "/api/v1/scheduler"
HEADERS = {"Content-Type": "application/json", "Accept": "application/json"}


def subscribe():
    """Posts SUBSCRIBE in chunks, as the document's example does; returns the open answer."""
    body = json.dumps(
        {
            "type": "SUBSCRIBE",
            "subscribe": {
                "framework_info": {
                    "user": "root",
                    "name": "Example HTTP Framework",
                    "roles": ["test"],
                    "capabilities": [{"type": "MULTI_ROLE"}],
                }
            },
        }
    ).encode()
    connection = http.client.HTTPConnection(HOST, int(PORT))
    connection.request("POST", PATH, body=iter([body]), headers=HEADERS, encode_chunked=True)
    answer = connection.getresponse()
    assert answer.status == 200, answer.read()
    assert answer.getheader("Content-Type") == "application/json"
    return answer


def events(answer):
    """The records of a RecordIO stream: the length in digits, a line feed, so many bytes."""
    while True:
        line = answer.readline()
        if not line:
            return
        yield json.loads(answer.read(int(line)))


class Scheduler:
    def __init__(self):
        self.answer = subscribe()
        self.stream_id = self.answer.getheader("Mesos-Stream-Id")
        self.framework_id = None
        self.calls = http.client.HTTPConnection(HOST, int(PORT))

    def call(self, kind, **fields):
        body = {"framework_id": self.framework_id, "type": kind, **fields}
        self.calls.request("POST", PATH, json.dumps(body), {**HEADERS, "Mesos-Stream-Id": self.stream_id})
        answer = self.calls.getresponse()
        text = answer.read()
        assert answer.status == 202, (kind, answer.status, text)

    def offers(self, offers):
        first, *others = offers
        if others:
            self.call("DECLINE", decline={"offer_ids": [offer["id"] for offer in others]})
        resources = [
            {"name": name, "type": "SCALAR", "scalar": {"value": value}, "allocation_info": {"role": "test"}}
            for name, value in (("cpus", 0.1), ("mem", 32.0))
        ]
        task = {
            "name": "My Task",
            "task_id": {"value": "12220-3440-12532-my-task"},
            "agent_id": first["agent_id"],
            "command": {"shell": True, "value": "echo hello; exec sleep 300"},
            "resources": resources,
        }
        launch = {"type": "LAUNCH", "launch": {"task_infos": [task]}}
        self.call("ACCEPT", accept={"offer_ids": [first["id"]], "operations": [launch], "filters": {"refuse_seconds": 60}})
        self.call("SUPPRESS")
        print("ACCEPT", flush=True)

    def update(self, status):
        print(status["state"], flush=True)
        if "uuid" in status:
            known = {name: status[name] for name in ("agent_id", "task_id", "uuid")}
            self.call("ACKNOWLEDGE", acknowledge=known)
        if status["state"] == "TASK_RUNNING" and status.get("reason") != "REASON_RECONCILIATION":
            self.call("RECONCILE", reconcile={"tasks": []})
        elif status["state"] == "TASK_RUNNING":
            self.call("KILL", kill={"task_id": status["task_id"], "agent_id": status["agent_id"]})
        if status["state"] == "TASK_KILLED":
            self.call("TEARDOWN")

    def run(self):
        for event in events(self.answer):
            if event["type"] == "SUBSCRIBED":
                self.framework_id = event["subscribed"]["framework_id"]
                print("SUBSCRIBED", flush=True)
            elif event["type"] == "OFFERS":
                self.offers(event["offers"]["offers"])
            elif event["type"] == "UPDATE":
                self.update(event["update"]["status"])
            elif event["type"] in ("ERROR", "FAILURE"):
                print(json.dumps(event), flush=True)
        print("end", flush=True)


Scheduler().run()
