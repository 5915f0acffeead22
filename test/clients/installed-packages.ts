import { execa } from 'execa';
import { temporaryFolder } from './client-cluster.ts';

/** Installs packages of the registry in a folder of the test's, without their scripts, and returns the folder. */
export async function installedPackages(...packages: readonly string[]): Promise<string> {
  const folder = temporaryFolder();
  const quiet = ['--no-audit', '--no-fund', '--no-save', '--ignore-scripts', '--loglevel=error'];
  await execa('npm', ['install', ...quiet, '--prefix', folder, ...packages], { cwd: folder, timeout: 120_000 });
  return folder;
}
