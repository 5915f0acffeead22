"""An executor as Mesos documents it (docs/executor-http-api.md), with nothing but Python's standard library.

It knows of the agent what its environment says. LAUNCH: TASK_STARTING, TASK_RUNNING; for a task whose data is `finish`
also TASK_FINISHED, and for `run COMMAND` with what that printed. KILL: TASK_KILLED. MESSAGE: the same with `echo ` before it; `die` ends it with 7, `resubscribe`
drops its stream. SHUTDOWN: ends with 0, unless its first argument is `stubborn`. With `timeless` its updates do not say when. When the stream breaks it subscribes
again, with what was not acknowledged, if the framework is checkpointed.
"""
import base64
import http.client
import json
import os
import subprocess
import sys
import time
import uuid

AGENT = os.environ["MESOS_AGENT_ENDPOINT"]
CALL = {
    "executor_id": {"value": os.environ["MESOS_EXECUTOR_ID"]},
    "framework_id": {"value": os.environ["MESOS_FRAMEWORK_ID"]},
}
MODE = sys.argv[1] if len(sys.argv) > 1 else ""
tasks, updates = {}, {}


def post(call, stream=False):
    connection = http.client.HTTPConnection(AGENT, timeout=None if stream else 10)
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    connection.request("POST", "/api/v1/executor", json.dumps({**CALL, **call}), headers)
    answer = connection.getresponse()
    expected = 200 if stream else 202
    if answer.status != expected:
        raise RuntimeError(f"{answer.status} {answer.read().decode()}")
    return answer


def update(task_id, state, **fields):
    status = {
        "task_id": {"value": task_id},
        "state": state,
        "source": "SOURCE_EXECUTOR",
        "timestamp": time.time(),
        "uuid": base64.b64encode(uuid.uuid4().bytes).decode(),
        **fields,
    }
    if MODE == "timeless":
        del status["timestamp"]
    updates[status["uuid"]] = {"status": status}
    post({"type": "UPDATE", "update": {"status": status}})


def launch(task):
    task_id = task["task_id"]["value"]
    tasks[task_id] = task
    update(task_id, "TASK_STARTING")
    update(task_id, "TASK_RUNNING", message=os.environ.get("MINE", ""), data=task.get("data", ""))
    data = base64.b64decode(task.get("data", "")).decode()
    if data == "finish":
        update(task_id, "TASK_FINISHED")
    if data.startswith("run "):
        update(task_id, "TASK_FINISHED", message=subprocess.getoutput(data[4:]))


def take(event, stream):
    kind = event["type"]
    if kind == "LAUNCH":
        launch(event["launch"]["task"])
    elif kind == "LAUNCH_GROUP":
        for task in event["launch_group"]["task_group"]["tasks"]:
            launch(task)
    elif kind == "KILL":
        grace = event["kill"].get("kill_policy", {}).get("grace_period", {}).get("nanoseconds")
        update(event["kill"]["task_id"]["value"], "TASK_KILLED", message=f"grace {grace}")
    elif kind == "ACKNOWLEDGED":
        updates.pop(event["acknowledged"]["uuid"], None)
        tasks.pop(event["acknowledged"]["task_id"]["value"], None)
    elif kind == "MESSAGE":
        text = base64.b64decode(event["message"]["data"])
        post({"type": "MESSAGE", "message": {"data": base64.b64encode(b"echo " + text).decode()}})
        if text == b"die":
            os._exit(7)
        if text == b"resubscribe":
            stream.close()
            raise ConnectionError("as I was told")
    elif kind == "SHUTDOWN" and MODE != "stubborn":
        os._exit(0)


def follow(stream):
    while True:
        length = b""
        while not length.endswith(b"\n"):
            byte = stream.read(1)
            if not byte:
                raise ConnectionError("the stream ended")
            length += byte
        take(json.loads(stream.read(int(length))), stream)


if MODE == "never":
    time.sleep(1000)
print(json.dumps({name: value for name, value in os.environ.items() if name.startswith(("MESOS", "LIBPROCESS"))}), flush=True)
while True:
    try:
        subscribe = {"unacknowledged_tasks": list(tasks.values()), "unacknowledged_updates": list(updates.values())}
        follow(post({"type": "SUBSCRIBE", "subscribe": subscribe}, stream=True))
    except (OSError, http.client.HTTPException, RuntimeError) as error:
        print(f"again, after {error!r}", file=sys.stderr, flush=True)
        if os.environ["MESOS_CHECKPOINT"] == "0":
            sys.exit(1)
        time.sleep(0.1)
