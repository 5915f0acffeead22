import { registryAddresses, type RegistryAddresses } from '../../checks/registry/addresses.ts';
import { exitCodes, type ExitCode } from '../../errors/exit-codes.ts';
import { UserError, type Problem } from '../../errors/user-error.ts';
import type { Context } from '../../platform/context.ts';
import { parseImageReference } from '../../planning/values/parse-image-reference.ts';
import type { WarmedImage } from '../../runtimes/images-facet.ts';
import { reporterFor } from '../apps/running-marathon.ts';
import { isOn, type CommandLine } from '../command-line/command-line.ts';
import { openLab } from '../lab/open-lab.ts';
import { table } from '../printing/table.ts';
import { labThere } from '../running/lab-there.ts';
import { refuseIfNot, runtimesOf } from '../running/runtimes.ts';

/** `images warm IMAGE…`: all agents' Engines pull now what apps will run in. Exit code 3 when one did not get it. */
export async function warmAgents(context: Context, line: CommandLine, words: readonly string[]): Promise<ExitCode> {
  const directory = openLab(context, line);
  await refuseIfNot(await runtimesOf(context).ofFolder(directory), 'images', directory, context);
  const { lab, runtime } = await labThere(context, line, directory);
  const warm = runtime.images?.warm;
  if (warm === undefined) throw withoutEngines();
  const { plan } = lab;
  const images = [...new Set(words)];
  const addresses = registryAddresses(plan);
  refuseNames(images, addresses);
  const request = { plan, directory, tell: reporterFor(context, line), signal: context.signal };
  const warmed = await warm(request, images);
  context.stdout.write(
    isOn(line, 'json')
      ? `${JSON.stringify({ images: warmed }, undefined, 2)}\n`
      : table(
          ['ENGINE', 'IMAGE', 'RESULT'],
          warmed.map(({ engine, image, outcome }) => [engine, image, outcomes[outcome]]),
        ),
  );
  const failures = images.flatMap((image) => failuresOf(image, warmed, addresses));
  const [first, ...more] = failures;
  // Whoever reads data has it all already.
  if (first !== undefined && !isOn(line, 'json')) throw new UserError(first, ...more);
  return first === undefined ? exitCodes.ok : exitCodes.machine;
}

const outcomes = { pulled: 'pulled', there: 'was there', failed: 'failed' } as const;

const withoutEngines = () =>
  new UserError({
    code: 'USAGE_ARGUMENTS',
    message: 'This lab runs in one process: its containers are simulated, and no agent pulls images',
    fix: 'With Docker they do: npm run down, then create-mesos-cluster up --runtime docker',
  });

/** @throws UserError USAGE_ARGUMENTS with each that no Engine would take, or that agents know by another name */
function refuseNames(images: readonly string[], addresses: RegistryAddresses | undefined): void {
  const [first, ...more] = images.flatMap((image) => nameProblem(image, addresses) ?? []);
  if (first !== undefined) throw new UserError(first, ...more);
}

function nameProblem(image: string, addresses: RegistryAddresses | undefined): Problem | undefined {
  const code = 'USAGE_ARGUMENTS';
  const parsed = parseImageReference(image);
  if ('fault' in parsed) {
    return { code, message: `this is not the name of an image: ${parsed.fault}`, found: image, fix: parsed.fix };
  }
  const { domain } = parsed;
  if (addresses === undefined || domain === undefined || domain === addresses.agents) return undefined;
  const { here, inside, agents } = addresses;
  const local = here.replace(/^127\.0\.0\.1:/, 'localhost:');
  // The Engine of this machine takes both names of its own registry.
  if (![here, inside, local].includes(domain) || (domain === local && agents === here)) return undefined;
  return {
    code,
    message: `the Engines of the agents know the registry of the lab by another name than ${domain}`,
    found: image,
    fix: `Write ${agents}${image.slice(domain.length)}, as apps do`,
  };
}

/** One for each cause, with all Engines that it is so on. */
function failuresOf(
  image: string,
  warmed: readonly WarmedImage[],
  addresses: RegistryAddresses | undefined,
): readonly Problem[] {
  const isOurs = addresses !== undefined && image.startsWith(`${addresses.agents}/`);
  const look = isOurs ? '; create-mesos-cluster images list --registry shows what is in the registry of the lab' : '';
  const byCause = new Map<string, { readonly problem: Problem; readonly engines: string[] }>();
  for (const { engine, image: pulled, failure } of warmed) {
    if (failure === undefined || pulled !== image) continue;
    const { words, cause, fix } = failure;
    const known = byCause.get(cause) ?? {
      problem: {
        code: 'IMAGE_NOT_AVAILABLE',
        message: cause,
        ...(words === '' ? {} : { found: words }),
        fix: `${fix}${look}`,
      },
      engines: [],
    };
    known.engines.push(engine);
    byCause.set(cause, known);
  }
  return [...byCause.values()].map(({ problem, engines }) => ({
    ...problem,
    message: `the image ${image} does not come to ${engines.join(', ')}: ${problem.message}`,
  }));
}
