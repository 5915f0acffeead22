import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeSecrets, type SecretsTask } from '../../../cli/running/make-secrets.ts';
import { nodeFileSystem } from '../../../platform/files/node-file-system.ts';
import { temporaryFolder } from '../fake-context.ts';

/** What `up` says, and whether the file is there then. */
function madeFor(runtime: SecretsTask['runtime']['name'], addons: SecretsTask['plan']['addons'], text?: string) {
  const directory = temporaryFolder();
  if (text !== undefined) {
    mkdirSync(join(directory, 'secrets'));
    writeFileSync(join(directory, 'secrets/registry'), text);
  }
  const notes: string[] = [];
  const reporter = { note: (note: string) => notes.push(note) };
  makeSecrets({
    context: { files: nodeFileSystem },
    directory,
    reporter,
    runtime: { name: runtime },
    plan: { addons },
  });
  return { notes, isThere: existsSync(join(directory, 'secrets/registry')) };
}

describe('up of a lab whose secrets are missing', () => {
  it('makes them where something needs them, and says so', () => {
    const notes = ['Made secrets/registry with a random password: who may push to the registry'];
    for (const name of ['docker', 'hosts', 'vagrant'] as const) {
      expect(madeFor(name, ['registry'])).toEqual({ notes, isThere: true });
    }
    expect(madeFor('docker', ['registry'], 'a:b\n')).toEqual({ notes: [], isThere: true });
  });

  it('makes none, and refuses none, where nothing needs them', () => {
    expect(madeFor('docker', ['chronos'])).toEqual({ notes: [], isThere: false });
    expect(madeFor('embedded', ['registry'])).toEqual({ notes: [], isThere: false });
    expect(madeFor('embedded', ['registry'], '')).toEqual({ notes: [], isThere: true });
    expect(() => madeFor('docker', ['registry'], '')).toThrow('REGISTRY_CREDENTIALS');
  });
});
