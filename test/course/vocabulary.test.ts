import { fileURLToPath } from 'node:url';
import { describeCourse } from './describe-course.ts';

// Lessons that use every step once, whatever the course is about.
describeCourse(
  { name: 'embedded', path: '/nowhere' },
  () => true,
  fileURLToPath(new URL('vocabulary', import.meta.url)),
);
