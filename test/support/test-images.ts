import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('../../scripts/test-images.sh', import.meta.url));

/**
 * Before the tests with Docker: the images that they run are those of the files in test/docker/images. Without Docker
 * nothing is built; then the tests say that they are skipped.
 */
export function setup(): void {
  if (spawnSync('docker', ['info'], { stdio: 'ignore' }).status !== 0) return;
  const { status, stderr } = spawnSync(script, [], { encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'] });
  if (status !== 0) throw new Error(`${script} failed:\n${stderr}`);
}
