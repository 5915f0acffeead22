import { buildDist } from '../../scripts/build/build.mjs';

/** Before the tests that run the built program: dist/ is that of these sources. */
export async function setup(): Promise<void> {
  await buildDist();
}
