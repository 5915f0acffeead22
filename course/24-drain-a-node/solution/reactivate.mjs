// Takes every agent back that was drained.
const { MESOS_MASTER } = process.env;
const { slaves } = await (await fetch(`${MESOS_MASTER}/slaves`)).json();
for (const { id } of slaves.filter(({ drain_info }) => drain_info !== undefined)) {
  const body = JSON.stringify({ type: 'REACTIVATE_AGENT', reactivate_agent: { agent_id: { value: id } } });
  const answer = await fetch(`${MESOS_MASTER}/api/v1`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body,
  });
  if (!answer.ok) throw new Error(`${id}: ${answer.status} ${await answer.text()}`);
}
