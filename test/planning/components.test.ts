import { describe, expect, it } from 'vitest';
import { imageSets } from '../../planning/catalogue/image-sets.ts';
import { componentOf, imageParts, imageSetNames, roles } from '../../planning/catalogue/roles.ts';
import { composeReasons } from '../../planning/components/compose-keys.ts';
import { engineReasons } from '../../planning/components/docker-engine.ts';
import { cacheReasons } from '../../planning/components/registry.ts';
import { planCluster } from '../../planning/plan/plan-cluster.ts';

const descriptions = roles.map((role) => componentOf[role]);
const names: readonly string[] = roles;
const plan = planCluster({ name: 'lab' });

describe('the description of components', () => {
  it('gives a name that several of them have one reason', () => {
    const said = new Map<string, string>();
    for (const { role, settings, arguments: flags = [] } of descriptions) {
      for (const { name, why, source, comment } of [...settings, ...flags]) {
        const text = JSON.stringify([typeof why === 'string' ? why : why(plan), source, comment]);
        expect([role, name, said.get(name) ?? text]).toEqual([role, name, text]);
        said.set(name, text);
      }
    }
    const others = [engineReasons, cacheReasons, composeReasons].flatMap((reasons) => Object.keys(reasons));
    expect(others.filter((name, index) => said.has(name) || others.indexOf(name) !== index)).toEqual([]);
  });

  it('names only roles that there are, and none that would wait for itself', () => {
    for (const { role, needs, waitsFor = [] } of descriptions) {
      const named: readonly string[] = [...waitsFor, ...(needs === undefined ? [] : [needs.role])];
      expect({ role, strangers: named.filter((each) => !names.includes(each)) }).toEqual({
        role,
        strangers: [],
      });
      // The order of the list is that of the start.
      for (const other of named) expect(names.indexOf(role)).toBeGreaterThan(names.indexOf(other));
    }
  });

  it('leaves no part of an image set without an image', () => {
    for (const set of imageSetNames) {
      const { images } = imageSets[set];
      expect({ set, missing: imageParts.filter((part) => !(images[part].reference.length > 0)) }).toEqual({
        set,
        missing: [],
      });
    }
  });

  it('has more memory for a component than it usually takes', () => {
    for (const { role, memory } of descriptions) {
      expect(`${role} ${memory.usual < memory.limit}`).toBe(`${role} true`);
    }
  });
});
