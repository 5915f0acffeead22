import { registryAddresses } from '../../../checks/registry/addresses.ts';
import { numberAt, parseJson, textAt } from '../../../protocol/json.ts';
import type { Plan, PlannedImage } from '../../../planning/plan/plan.ts';
import type { AppImage, FoundImage, LabImage } from '../../images-facet.ts';
import type { DockerEngine } from '../docker-engine.ts';
import { partsOf } from './get-images.ts';

/** Every image that a lab needs, those of its apps last; each once, with all that use it. */
export function imagesOfLab(plan: Plan, apps: readonly AppImage[]): readonly LabImage[] {
  const components = plan.nodes.flatMap((node) => node.components);
  const hasPods = plan.agentDocker === 'dind' && components.some(({ role }) => role === 'mesos-agent');
  const images: LabImage[] = [
    ...components.flatMap(partsOf).map(({ image, part }) => ofPlan(image, part)),
    ...(hasPods ? [ofPlan(plan.engine.image, 'docker-engine')] : []),
    ...apps.map(({ reference, app }) => ({
      reference,
      platform: undefined,
      from: isInRegistry(plan, reference) ? ('registry' as const) : ('app' as const),
      usedBy: [`app ${app}`],
    })),
  ];
  const byReference = new Map<string, LabImage>();
  for (const image of images) {
    const known = byReference.get(image.reference);
    const usedBy = [...new Set([...(known?.usedBy ?? []), ...image.usedBy])];
    byReference.set(image.reference, { ...(known ?? image), usedBy });
  }
  return [...byReference.values()];
}

/** Only the agents' own Engines know it by that name. */
function isInRegistry(plan: Plan, reference: string): boolean {
  const addresses = registryAddresses(plan);
  return addresses !== undefined && plan.agentDocker === 'dind' && reference.startsWith(`${addresses.agents}/`);
}

const ofPlan = ({ reference, platform, build }: PlannedImage, part: string): LabImage => ({
  reference,
  platform,
  from: build === undefined ? 'pulled' : 'built',
  usedBy: [part],
});

const askMs = 30_000;

/** Looks which images the Engine has: a process for each, side by side. */
export function findImages(images: readonly LabImage[], engine: DockerEngine): Promise<readonly FoundImage[]> {
  return Promise.all(
    images.map(async (image) => {
      const words = [
        'image',
        'inspect',
        '--format',
        '{"bytes":{{.Size}},"arch":{{json .Architecture}}}',
        image.reference,
      ];
      const result = await engine.run(words, { timeoutMs: askMs });
      const found = result.kind === 'ended' && result.exitCode === 0 ? parseJson(result.stdout) : undefined;
      const here = { bytes: numberAt(found, 'bytes') ?? 0, arch: textAt(found, 'arch') ?? '' };
      return { ...image, here: found === undefined ? undefined : here };
    }),
  );
}
