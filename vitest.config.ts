import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { definitions } from './scripts/build/bundle-script.mjs';
import { coursePlugin } from './scripts/build/course-plugin.mjs';
import { pagePlugin } from './scripts/build/page-plugin.mjs';
import { ejsPlugin } from './scripts/build/ejs-plugin.mjs';

/*
 * unit: everything in memory, and temporary folders. conformance: what any Mesos answers, asked of the engine.
 * end-to-end: the built program as a process of its own. course: every lesson, on labs without Docker. packed: what would
 * be published, installed from its tarball. docker: what needs Docker, Vagrant and other tools (test/support/require-tool.ts).
 * vm: labs on virtual machines that Vagrant makes, emulated. vm-plain: machines that are there, and no lab has made; by
 * hand, as it takes ten minutes. `npm test` runs the first three.
 */
// What needs real tools but no lab on this machine's Engine: .ci/run has these run beside the others.
const machineTests = ['test/docker/without-lab/**/*.test.ts'];

const withRealTools = (name: string, include: string[], exclude: string[], timeoutMs = 180_000) => ({
  extends: true as const,
  test: {
    name,
    include,
    exclude,
    globalSetup: ['test/support/build-dist.ts', 'test/support/warn-once.ts', 'test/support/test-images.ts'],
    // Labs are compared with what the Engine had before, and measured against deadlines: one file at a time.
    fileParallelism: false,
    testTimeout: timeoutMs,
    hookTimeout: timeoutMs,
  },
});

export default defineConfig({
  plugins: [ejsPlugin, pagePlugin, coursePlugin],
  define: { ...definitions() },
  test: {
    // Vitest leaves one core free, which is half of a small machine. One more, because labs that start are waited for.
    maxWorkers: availableParallelism() + 1,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['conformance', 'end-to-end', 'course', 'packed', 'clients', 'docker', 'vm'].map(
            (name) => `test/${name}/**`,
          ),
          testTimeout: 20_000,
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'conformance',
          include: ['test/conformance/**/*.test.ts'],
          // By CONFORMANCE_URL all files ask the same cluster, and each takes its offers. Else as in the other projects.
          fileParallelism: process.env['CONFORMANCE_URL'] === undefined,
          testTimeout: 60_000,
          // A real agent takes its time until nothing of a test is left.
          hookTimeout: 60_000,
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'end-to-end',
          include: ['test/end-to-end/**/*.test.ts'],
          globalSetup: ['test/support/build-dist.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'course',
          include: ['test/course/**/*.test.ts'],
          globalSetup: ['test/support/build-dist.ts'],
          // An agent that does not answer is given up after 75 s.
          testTimeout: 240_000,
          hookTimeout: 180_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'packed',
          include: ['test/packed/**/*.test.ts'],
          globalSetup: ['test/support/build-dist.ts'],
          testTimeout: 180_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'clients',
          include: ['test/clients/**/*.test.ts'],
          globalSetup: ['test/support/warn-once.ts'],
          testTimeout: 120_000,
          hookTimeout: 60_000,
          isolate: false,
        },
      },
      withRealTools('docker', ['test/docker/**/*.test.ts'], machineTests),
      withRealTools('machines', machineTests, []),
      withRealTools('vm', ['test/vm/*.test.ts'], [], 1_200_000),
      withRealTools('vm-plain', ['test/vm/plain/*.test.ts'], [], 1_200_000),
    ],
  },
});
