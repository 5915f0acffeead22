import { describe } from 'vitest';
import { describeCourse } from '../course/describe-course.ts';
import { requireTool } from '../support/require-tool.ts';
import { localImages } from './support/docker-lab.ts';

/** More than a third of the lessons, those among them that need Docker. */
const onDocker: ReadonlySet<number> = new Set([1, 2, 3, 5, 9, 13, 15, 17, 21]);

describe.skipIf(!requireTool('Docker Engine', ['docker', 'info']))('lessons on Docker', () => {
  const path = process.env['PATH'] ?? '';
  // There is no registry elsewhere that a pull-through cache could ask: it asks the lab's own.
  const spec = { images: localImages, registryMirror: 'http://registry:5000' };
  describeCourse({ name: 'docker', path, spec }, (index) => onDocker.has(index + 1));
});
