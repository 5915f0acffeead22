/** Ways to ask for a page of HTTP from inside a container, by the program of its image that does it. */
const httpProbes = ['bash', 'curl', 'wget', 'nc', 'http-probe'] as const;

/**
 * How a container is asked for its health: with a program of its image, or not at all. `http-probe` is a command of the
 * lite image, `docker` is `docker info`.
 */
export type Probe = (typeof httpProbes)[number] | 'docker' | 'none';

/** What a spec may say for a part. An Engine is asked with the program that is in each of its images. */
export function probesOf(part: string): readonly Exclude<Probe, 'docker'>[] {
  if (part === 'docker-engine') return [];
  // It answers words of four letters on its port, and no HTTP.
  return part === 'zookeeper' ? ['bash', 'nc', 'none'] : [...httpProbes, 'none'];
}
