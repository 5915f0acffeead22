import { mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  ensureRegistryCredentials,
  findRegistryCredentials,
  readRegistryCredentials,
} from '../../lab/registry-credentials.ts';
import { nodeFileSystem as files } from '../../platform/files/node-file-system.ts';
import { folderWith, temporaryFolder } from '../cli/fake-context.ts';

const labWith = (text: string) => folderWith({ 'secrets/registry': text });

const refusal = (fault: string, lab: string) => ({
  problems: [
    {
      code: 'REGISTRY_CREDENTIALS',
      message: `The file with who may push to the registry ${fault}`,
      place: { kind: 'path', path: `${lab}/secrets/registry` },
      allowed: 'one line USER:PASSWORD',
      fix: expect.stringContaining('npm run generate makes one') as string,
    },
  ],
});

describe('who may push to the registry of a lab', () => {
  it('is made with a random password that its owner alone reads', () => {
    const [one, other] = [temporaryFolder(), temporaryFolder()];
    expect([one, other].map((lab) => ensureRegistryCredentials(files, lab))).toEqual([true, true]);
    const made = readRegistryCredentials(files, one);
    expect(made).toEqual({ user: 'lab', password: expect.stringMatching(/^[0-9a-f]{32}$/) as string });
    expect(readRegistryCredentials(files, other)).not.toEqual(made);
    expect(statSync(join(one, 'secrets/registry')).mode & 0o777).toBe(0o600);
  });

  it('is what the user wrote, and stays it', () => {
    const lab = labWith('teacher:ein Paßwort: mit allem\n');
    expect(ensureRegistryCredentials(files, lab)).toBe(false);
    expect(readRegistryCredentials(files, lab)).toEqual({ user: 'teacher', password: 'ein Paßwort: mit allem' });
    expect(readFileSync(join(lab, 'secrets/registry'), 'utf8')).toBe('teacher:ein Paßwort: mit allem\n');
    const written = labWith('a:b\r\n');
    expect(readRegistryCredentials(files, written)).toEqual({ user: 'a', password: 'b' });
  });

  it.each([
    ['', 'is empty'],
    [' \n', 'is empty'],
    ['password\n', 'has no colon between user and password'],
    [':password\n', 'has no user without spaces before its colon'],
    ['my user:password\n', 'has no user without spaces before its colon'],
    ['user:\n', 'has no password behind its colon'],
    ['user:password\nother:password\n', 'has several lines'],
    ['user:pass\u0000word\n', 'has characters that no password can have'],
    [`user:${'x'.repeat(1100)}\n`, 'has more than 1024 bytes'],
  ])('is no %j', (text, fault) => {
    const lab = labWith(text);
    for (const use of [findRegistryCredentials, readRegistryCredentials, ensureRegistryCredentials]) {
      expect(() => use(files, lab)).toThrow(expect.objectContaining(refusal(fault, lab)) as Error);
    }
    expect(readFileSync(join(lab, 'secrets/registry'), 'utf8')).toBe(text);
  });

  it('is a file and nothing else', () => {
    const lab = temporaryFolder();
    expect(findRegistryCredentials(files, lab)).toBeUndefined();
    expect(() => readRegistryCredentials(files, lab)).toThrow(
      expect.objectContaining(refusal('is missing', lab)) as Error,
    );
    mkdirSync(join(lab, 'secrets/registry'), { recursive: true });
    expect(() => ensureRegistryCredentials(files, lab)).toThrow(
      expect.objectContaining(refusal('is a folder', lab)) as Error,
    );
    const linked = temporaryFolder();
    mkdirSync(join(linked, 'secrets'));
    symlinkSync('/etc/passwd', join(linked, 'secrets/registry'));
    expect(() => readRegistryCredentials(files, linked)).toThrow(
      expect.objectContaining(refusal('is a symbolic link', linked)) as Error,
    );
  });

  it('says so when it cannot be made', () => {
    const lab = temporaryFolder();
    writeFileSync(join(lab, 'secrets'), 'a file\n');
    expect(() => ensureRegistryCredentials(files, lab)).toThrow(
      /cannot be written: a part of the path is not a folder/,
    );
  });
});
