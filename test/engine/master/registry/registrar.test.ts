import { expect, onTestFinished, test } from 'vitest';
import { Registrar } from '../../../../engine/master/agents/registrar.ts';
import { emptyRegistry, type Registry } from '../../../../engine/master/registry/registry.ts';

/** A registrar whose store saves when the test says so. */
async function startRegistrar() {
  const saves: { readonly registry: Registry; readonly end: (error?: Error) => void }[] = [];
  const failures: string[] = [];
  const registrar = await new Promise<Registrar>((resolve) => {
    const made: Registrar = new Registrar({
      quorum: 1,
      fetchTimeoutMs: 60_000,
      storeTimeoutMs: 60_000,
      log: () => undefined,
      onRecovered: () => {
        resolve(made);
      },
      onFailed: (reason) => failures.push(reason),
      store: {
        load: () => Promise.resolve(JSON.stringify(emptyRegistry)),
        save: (text) =>
          new Promise((saved, failed) => {
            const end = (error?: Error) => {
              if (error === undefined) saved();
              else failed(error);
            };
            saves.push({ registry: JSON.parse(text) as Registry, end });
          }),
      },
    });
    made.masters = 1;
  });
  onTestFinished(() => {
    registrar.end();
  });
  const answered: string[] = [];
  const weigh = (role: string) =>
    registrar
      .update(`weigh ${role}`, (registry) => ({ ...registry, weights: { ...registry.weights, [role]: 2 } }))
      .then(
        () => answered.push(role),
        (error: unknown) => answered.push(`${role}: ${(error as Error).message}`),
      );
  const saved = (count: number) => expect.poll(() => saves.length).toBe(count);
  return { registrar, saves, saved, weigh, answered, failures };
}

const names = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => `r${from + index}`);

test('changes that come while another one is saved are saved together, and answered after that', async () => {
  const { registrar, saves, saved, weigh, answered } = await startRegistrar();
  const first = weigh('r0');
  await saved(1);
  const others = Promise.all(names(1, 3000).map(weigh));
  saves[0]?.end();
  await first;
  await saved(2);
  expect(answered).toEqual(['r0']);
  expect(Object.keys(registrar.registry.weights)).toEqual(['r0']);
  expect(Object.keys(saves[1]?.registry.weights ?? {})).toEqual(names(0, 3000));
  saves[1]?.end();
  await others;
  expect(answered).toEqual(names(0, 3000));
  expect(saves).toHaveLength(2);
});

test('a change that is refused keeps none of those with it from being saved', async () => {
  const { registrar, saves, saved, weigh, answered } = await startRegistrar();
  const before = weigh('before');
  const refused = registrar.update('refuse', () => {
    throw new Error('not so');
  });
  const after = weigh('after');
  await expect(refused).rejects.toThrow('not so');
  await saved(1);
  saves[0]?.end();
  await Promise.all([before, after]);
  expect(answered).toEqual(['before', 'after']);
  expect(Object.keys(registrar.registry.weights)).toEqual(['before', 'after']);
});

test('what is not saved is so for nobody that waits for it, and the master fails', async () => {
  const { registrar, saves, saved, weigh, answered, failures } = await startRegistrar();
  const all = Promise.all([weigh('a'), weigh('b')]);
  await saved(1);
  saves[0]?.end(new Error('disk full'));
  await all;
  expect(answered).toEqual(['a: disk full', 'b: disk full']);
  expect(failures).toEqual(['Failed to weigh a: Failed to update registry: disk full']);
  expect(registrar.registry.weights).toEqual({});
});
